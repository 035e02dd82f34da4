import * as vscode from 'vscode';
import type { JobRow } from '../../../cluster/index.ts';
import { isActive } from '../../../model/runAccounts.ts';
import type { App } from '../../app.ts';
import { jobWords } from '../../text.ts';
import { changeJob, needRight } from './changeJob.ts';
import { chooseJob, type JobTarget } from './chooseJob.ts';
import { sayShortly } from './sayShortly.ts';

/** The API server's type for it is a signed 32-bit number. */
const AT_MOST = 2 ** 31 - 1;

/** Command: changes how many Pods of an active Job work at the same time. */
export async function setParallelism(app: App, target?: JobTarget): Promise<void> {
  const title = vscode.l10n.t('Set the parallelism of which Job?');
  const job = await chooseJob(app, target, title, isActive);
  await needRight(app, 'patchJobs', job.namespace);
  const parallelism = await askNumber(job, (await app.model.cluster.get()).context);
  const { name } = job;
  await changeJob(
    app,
    { job, right: 'patchJobs', title: vscode.l10n.t('Setting the parallelism of Job {0}', name) },
    ({ api, cluster, signal }) => api.patchJob(cluster, { ...job, spec: { parallelism }, signal }),
  );
  sayShortly(vscode.l10n.t('Job {0} has parallelism {1} now.', name, parallelism));
}

async function askNumber(job: JobRow, context: string): Promise<number> {
  const text = await vscode.window.showInputBox({
    title: vscode.l10n.t('Parallelism of Job {0} ({1} / {2})', job.name, context, job.namespace),
    prompt: vscode.l10n.t('Now {0}: {1}. How many Pods may work at the same time?', job.parallelism, jobWords(job)),
    value: String(job.parallelism),
    ignoreFocusOut: true,
    validateInput: value => {
      const number = readParallelism(value);
      if (number === undefined) return vscode.l10n.t('A whole number, 0 or more.');
      const severity = vscode.InputBoxValidationSeverity.Info;
      if (number === 0) {
        const message = vscode.l10n.t(
          '0 pauses the Job: its Pods end, what they were working on goes back to the queue, and no new ones come.',
        );
        return { message, severity };
      }
      if (number >= job.active) return undefined;
      const message = vscode.l10n.t(
        'Pods beyond {0} end, and what they were working on goes back to the queue.',
        number,
      );
      return { message, severity };
    },
  });
  const number = text === undefined ? undefined : readParallelism(text);
  if (number === undefined) throw new vscode.CancellationError();
  return number;
}

function readParallelism(text: string): number | undefined {
  const number = Number(text.trim());
  return /^\d+$/.test(text.trim()) && number <= AT_MOST ? number : undefined;
}
