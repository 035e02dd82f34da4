import * as vscode from 'vscode';
import { runDetails } from './runDetails.ts';
import type { RunPlan } from './runPlan.ts';

/** What a run is created with. */
export interface AgreedNumbers {
  completions: number | undefined;
  backoffLimit: number | undefined;
}

/**
 * Asks once, naming all that will be created. Where the file says another number, that one can be chosen too; and for a
 * large run a limit of failures that fits it.
 * @param o.changed the numbers are not the ones agreed to before
 * @param o.warning what is known to be wrong with the image
 * @throws CancellationError when the answer is no
 */
export async function confirmRun(
  plan: RunPlan,
  o: { changed: boolean; warning: string | undefined },
): Promise<AgreedNumbers> {
  const { name, completions, manifestCompletions, large } = plan;
  const question =
    completions === undefined
      ? vscode.l10n.t('Create Job {0}, which takes messages until the queue is empty?', name)
      : vscode.l10n.t('Create Job {0} with completions {1}?', name, completions);
  const create =
    manifestCompletions === undefined
      ? vscode.l10n.t('Create Job')
      : vscode.l10n.t('Create with {0}', completions ?? manifestCompletions);
  const answers = new Map<string, AgreedNumbers>([[create, { completions, backoffLimit: undefined }]]);
  if (large?.betterLimit !== undefined) {
    answers.set(vscode.l10n.t('Create with backoffLimit {0}', large.betterLimit), {
      completions,
      backoffLimit: large.betterLimit,
    });
  }
  if (manifestCompletions !== undefined) {
    answers.set(vscode.l10n.t('Create with {0}, as in the File', manifestCompletions), {
      completions: manifestCompletions,
      backoffLimit: undefined,
    });
  }
  const detail = runDetails(plan, o).join('\n');
  const answer = await vscode.window.showInformationMessage(question, { modal: true, detail }, ...answers.keys());
  const agreed = answers.get(answer ?? '');
  if (!agreed) throw new vscode.CancellationError();
  return agreed;
}
