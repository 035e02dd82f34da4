import * as vscode from 'vscode';
import type { JobRow } from '../../../cluster/index.ts';
import { isActive } from '../../../model/runAccounts.ts';
import type { App } from '../../app.ts';
import { jobWords, pods } from '../../text.ts';
import { changeJob, needRight } from './changeJob.ts';
import { chooseJob, type JobTarget } from './chooseJob.ts';

/** Command: ends a Job as it stands, after asking, and keeps it, its Pods and their logs. */
export async function stopJob(app: App, target?: JobTarget): Promise<void> {
  const title = vscode.l10n.t('Stop which Job?');
  const job = await chooseJob(app, target, title, isActive);
  const { name, namespace, uid } = job;
  await needRight(app, 'patchJobs', namespace);
  const { context } = await app.model.cluster.get();
  const mayKeep = app.model.rights.may('patchPods', namespace) !== false;
  const stop = vscode.l10n.t('Stop and Keep');
  const answer = await vscode.window.showWarningMessage(
    vscode.l10n.t('Stop Job {0} as it stands?', name),
    { modal: true, detail: details(job, context, mayKeep) },
    stop,
  );
  if (answer !== stop) throw new vscode.CancellationError();
  const kept = await changeJob(
    app,
    { job, right: 'patchJobs', title: vscode.l10n.t('Stopping Job {0}', name) },
    ({ api, cluster, signal, report }) =>
      api.stopJob(cluster, {
        namespace,
        name,
        uid,
        signal,
        onLeft: left => report(vscode.l10n.t('{0} still running', pods(left))),
      }),
  );
  const text = vscode.l10n.t(
    'Job {0} is stopped and kept. Pods that ran and are kept with their logs: {1}.',
    name,
    kept,
  );
  void vscode.window.showInformationMessage(text);
}

function details(job: JobRow, context: string, mayKeep: boolean): string {
  return [
    vscode.l10n.t('Context: {0}', context),
    vscode.l10n.t('Namespace: {0}', job.namespace),
    vscode.l10n.t('State: {0}', jobWords(job)),
    vscode.l10n.t('The Job ends as failed (DeadlineExceeded) and cannot be resumed; what is left can be run again.'),
    ...(job.state === 'suspended'
      ? []
      : [
          vscode.l10n.t(
            'Pods that run have their grace period to end in. What they were working on goes back to the queue.',
          ),
          mayKeep
            ? vscode.l10n.t('The Job, its Pods and their logs are kept.')
            : vscode.l10n.t(
                'The Job and its finished Pods are kept. Those that run are deleted, as you may not change Pods (verb patch on pods).',
              ),
        ]),
  ].join('\n');
}
