import * as vscode from 'vscode';
import type { JobInManifest } from '../../../workload/manifest.ts';
import { SHAPE_ANNOTATION } from '../../../workload/workerImage.ts';
import { UserError } from '../../userError.ts';
import type { ChosenJob } from './chooseManifest.ts';

/** What a run is made from. */
export interface RunSource {
  job: JobInManifest;
  /** The name it is to have, unless a Job has it already. */
  name: string;
  /** The manifest's file; undefined for one read from the cluster. */
  uri?: vscode.Uri;
  /** The ended Job whose rest this run does. */
  restOf?: string;
  /** How many messages the broker has confirmed that were published for this run alone. */
  confirmed?: number;
}

/**
 * @param run makes a name of `generateName`, so that a create that is sent again makes no second Job
 * @throws UserError when the Job has no name
 */
export function fromManifest({ job, document }: ChosenJob, run: string): RunSource {
  return { job, name: job.name ?? generatedName(job, document.uri, run), uri: document.uri };
}

function generatedName({ body }: JobInManifest, uri: vscode.Uri, run: string): string {
  const metadata = body.metadata as { generateName?: unknown } | undefined;
  if (typeof metadata?.generateName === 'string') return `${metadata.generateName}${run}`;
  throw new UserError(vscode.l10n.t('The Job in {0} has no metadata.name.', vscode.workspace.asRelativePath(uri)));
}

/** @returns whether its Pods take many messages each, until there are no more */
export function takesMany({ body, completions }: JobInManifest): boolean {
  const metadata = body.metadata as { annotations?: Record<string, unknown> } | undefined;
  return completions === undefined && metadata?.annotations?.[SHAPE_ANNOTATION] === 'many-items';
}
