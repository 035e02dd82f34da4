import * as vscode from 'vscode';
import type { Cluster, ClusterError, JobRow } from '../../../cluster/index.ts';
import type { ClusterApi } from '../../../model/clusterLink.ts';
import { RIGHTS, type Right } from '../../../model/rights.ts';
import type { App } from '../../app.ts';
import { withProgress } from '../../command.ts';
import { UserError } from '../../userError.ts';

/** What a change is made with. */
export interface ChangeTools {
  api: ClusterApi;
  cluster: Cluster;
  signal: AbortSignal;
  report: (message: string) => void;
}

/**
 * Changes a Job under progress, and says in words what keeps it from being changed.
 * @throws UserError when a right is missing, or the Job is gone, another one, or refuses the change; ClusterError
 */
export async function changeJob<T>(
  app: App,
  o: { job: JobRow; right: Right; title: string },
  change: (tools: ChangeTools) => Promise<T>,
): Promise<T> {
  const { name, namespace } = o.job;
  const api = await app.model.cluster.api();
  const cluster = await app.model.cluster.get();
  await needRight(app, o.right, namespace);
  try {
    return await withProgress(o.title, (signal, report) => change({ api, cluster, signal, report }));
  } catch (error) {
    if (!isClusterError(error)) throw error;
    switch (error.code) {
      case 'forbidden':
        throw await refused(app, o.right, namespace, error.detail);
      case 'not-found':
        throw new UserError(vscode.l10n.t('Job {0} is not in namespace {1} any more.', name, namespace), {
          warning: true,
        });
      case 'conflict':
        throw new UserError(vscode.l10n.t('Another Job has the name {0} now. It was left as it is.', name), {
          warning: true,
        });
      case 'invalid':
        throw new UserError(vscode.l10n.t('The cluster does not accept that for Job {0}: {1}', name, error.detail));
      default:
        throw error;
    }
  }
}

/** @throws UserError when the cluster says that the user may not; what it does not tell is tried */
export async function needRight(app: App, right: Right, namespace: string): Promise<void> {
  const { rights } = app.model;
  if (rights.may(right, namespace) !== false) return;
  // It may have been given since it was asked for.
  await rights.renew(namespace);
  if (rights.may(right, namespace) === false) throw missing(app, right, namespace);
}

/** @returns what to tell when the cluster refused; what was thought to be allowed is asked for anew */
export async function refused(app: App, right: Right, namespace: string, detail: string): Promise<UserError> {
  await app.model.rights.renew(namespace);
  return missing(app, right, namespace, detail);
}

function missing(app: App, right: Right, namespace: string, detail?: string): UserError {
  const { verb, group, resource } = RIGHTS[right];
  const kind = group === '' ? resource : `${resource}.${group}`;
  const context = app.model.cluster.place?.context ?? '';
  const text = vscode.l10n.t(
    'You lack a right in namespace {0} of context {1}: the verb {2} on {3}. Ask whoever runs the cluster for it.',
    namespace,
    context,
    verb,
    kind,
  );
  return new UserError(detail === undefined ? text : `${text} ${vscode.l10n.t('It said: {0}', detail)}`, {
    warning: true,
  });
}

/** Commands are loaded as a part of their own: the class is known by its name. */
export const isClusterError = (error: unknown): error is ClusterError =>
  error instanceof Error && error.name === 'ClusterError';
