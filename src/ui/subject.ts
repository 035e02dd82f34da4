import * as vscode from 'vscode';
import type { Cluster } from '../cluster/index.ts';
import type { App } from './app.ts';
import { COMMANDS } from './ids.ts';
import { UserError } from './userError.ts';

/** What a live document is about; the document's address holds it, so that it outlives a reload of the window. */
export interface Subject {
  context: string;
  namespace: string;
  name: string;
  uid: string;
  /** For a Pod: the Job it belongs to, and which of its containers. */
  jobUid?: string;
  container?: string;
  /** Only what its containers wrote before they were started again. */
  previous?: boolean;
}

/** @param title what the document's tab says */
export function subjectUri(scheme: string, title: string, subject: Subject): vscode.Uri {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(subject)) if (value !== undefined) query.set(name, String(value));
  return vscode.Uri.from({ scheme, path: `/${title}`, query: query.toString() });
}

/** @returns what a document's address says; a part that is missing is empty, and nothing is found by it */
export function subjectOf(uri: vscode.Uri): Subject {
  const of = new URLSearchParams(uri.query);
  return {
    context: of.get('context') ?? '',
    namespace: of.get('namespace') ?? '',
    name: of.get('name') ?? '',
    uid: of.get('uid') ?? '',
    jobUid: of.get('jobUid') ?? undefined,
    container: of.get('container') ?? undefined,
    previous: of.get('previous') === 'true',
  };
}

/**
 * @returns the cluster that the subject is in
 * @throws UserError when another context is chosen now; ClusterError
 */
export async function clusterOf(app: App, subject: Subject): Promise<Cluster> {
  const cluster = await app.model.cluster.get();
  if (cluster.context === subject.context) return cluster;
  throw new UserError(
    vscode.l10n.t('{0} is in context {1}, and the chosen one is {2}.', subject.name, subject.context, cluster.context),
    { actions: [{ label: vscode.l10n.t('Choose Context…'), command: COMMANDS.chooseContext }], warning: true },
  );
}
