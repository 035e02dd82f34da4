import * as vscode from 'vscode';
import { Model } from './model/model.ts';
import { RunHistory } from './model/runHistory.ts';
import type { App } from './ui/app.ts';
import { registerCommands } from './ui/command.ts';
import { keepContextKeys } from './ui/contextKeys.ts';
import { Dashboards } from './ui/dashboard/dashboards.ts';
import { registerDocuments } from './ui/documents.ts';
import { registerEditor } from './ui/editor/index.ts';
import { announceEnds } from './ui/ended.ts';
import { JobFilter } from './ui/jobFilter.ts';
import { keptLogin } from './ui/logins.ts';
import { Logs } from './ui/logs.ts';
import { ManifestFiles } from './ui/manifestFiles.ts';
import { Preview } from './ui/preview.ts';
import { QueueOrder } from './ui/queueOrder.ts';
import { resumeOffer } from './ui/resumeOffer.ts';
import { Settings } from './ui/settings.ts';
import { registerTasks } from './ui/taskProvider.ts';
import { showJobs } from './ui/views/jobs.ts';
import { showQueues } from './ui/views/queues.ts';

const PLACE = 'place';
const FOLLOWED = 'followedRuns';

/** Makes the pieces, hands them to each other, registers them. Nothing connects here: views and commands do. */
export function activate(context: vscode.ExtensionContext): void {
  const log = vscode.window.createOutputChannel('Work Queue', { log: true });
  const settings = new Settings();
  const manifests = new ManifestFiles();
  const preview = new Preview();
  const memory = context.workspaceState;
  const jobFilter = new JobFilter(memory);
  const model = new Model({
    kubeconfig: () => settings.kubeconfig,
    choice: { get: () => memory.get(PLACE, {}), set: async place => memory.update(PLACE, place) },
    setting: () => settings.broker,
    named: () => settings.brokers,
    manifests: async () => distinct((await manifests.jobs()).flatMap(({ job }) => job.broker?.value ?? [])),
    queues: async () => (await manifests.jobs()).flatMap(({ job }) => job.queue?.value ?? []),
    login: async display => keptLogin(context.secrets, display),
    trusted: () => vscode.workspace.isTrusted,
    followed: { get: () => memory.get(FOLLOWED, []), set: async uids => memory.update(FOLLOWED, uids) },
    namespaces: () => jobFilter.namespaces,
  });
  const { secrets, extensionUri } = context;
  const storageDir = (context.storageUri ?? context.globalStorageUri).fsPath;
  const queueOrder = new QueueOrder();
  const app: App = {
    model,
    settings,
    log,
    secrets,
    memory,
    extensionUri,
    manifests,
    preview,
    queueOrder,
    jobFilter,
    charts: new Map(),
    dashboards: new Dashboards(model, extensionUri),
    logs: new Logs(model, storageDir),
    storageDir,
    history: new RunHistory(storageDir, model.runs, () => model.broker.connected?.display),
  };
  const reconnect = () => {
    model.cluster.reset();
    model.brokers.reset();
    void model.runs.refresh();
    void model.queues.refresh();
  };
  const ends = new AbortController();
  void resumeOffer(app, ends.signal);
  model.runs.resume();
  context.subscriptions.push(
    { dispose: () => ends.abort() },
    log,
    manifests,
    preview,
    model,
    app.dashboards,
    registerCommands(app, async () => (await import('./ui/commands/index.ts')).commands),
    keepContextKeys(model),
    showQueues(app),
    showJobs(app),
    registerEditor(app),
    registerTasks(app),
    registerDocuments(app),
    announceEnds(app),
    app.history,
    manifests.onDidChange(() => model.brokers.recheck()),
    settings.onDidChange(reconnect),
    vscode.workspace.onDidGrantWorkspaceTrust(reconnect),
  );
}

const distinct = <T>(values: T[]): T[] => [...new Map(values.map(value => [JSON.stringify(value), value])).values()];
