import type * as vscode from 'vscode';
import type { Model } from '../model/model.ts';
import type { RunHistory } from '../model/runHistory.ts';
import type { Dashboards } from './dashboard/dashboards.ts';
import type { JobFilter } from './jobFilter.ts';
import type { Logs } from './logs.ts';
import type { ManifestFiles } from './manifestFiles.ts';
import type { Preview } from './preview.ts';
import type { QueueOrder } from './queueOrder.ts';
import type { Settings } from './settings.ts';

/** What every command and view is handed; made once, in extension.ts. */
export interface App {
  readonly model: Model;
  readonly settings: Settings;
  readonly log: vscode.LogOutputChannel;
  readonly secrets: vscode.SecretStorage;
  /** What is remembered for this workspace: the queue last published to, the image's name. */
  readonly memory: vscode.Memento;
  readonly extensionUri: vscode.Uri;
  /** The job.yaml files of the workspace. */
  readonly manifests: ManifestFiles;
  /** Documents to read that are not files: a manifest before it is applied, the outcome of a check. */
  readonly preview: Preview;
  /** Which queues the Queues view shows, and in what order. */
  readonly queueOrder: QueueOrder;
  /** Which Jobs the Jobs view shows, and from which namespaces besides the cluster's own. */
  readonly jobFilter: JobFilter;
  /** The open charts of queues, by place and queue; a second call of the command brings the one to the front. */
  readonly charts: Map<string, vscode.WebviewPanel>;
  /** The pages of runs. */
  readonly dashboards: Dashboards;
  /** The logs that are kept of Pods that are gone, and which lines the open logs show. */
  readonly logs: Logs;
  /** A folder of this workspace's own, for what is too large to remember; it need not be there yet. */
  readonly storageDir: string;
  /** What the runs of this workspace came to. */
  readonly history: RunHistory;
}

/** A command's body. Errors that it throws become words in command.ts; a `vscode.CancellationError` stays silent. */
export type Command<A extends unknown[] = unknown[]> = (app: App, ...args: A) => Promise<void>;
