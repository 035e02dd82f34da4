import * as vscode from 'vscode';
import type { WorkerShape } from '../../../workload/workerImage.ts';
import { pickOne } from '../../pickOne.ts';

/** Asks how a Pod takes its messages. @throws CancellationError when that stays open */
export async function chooseShape(): Promise<WorkerShape> {
  const shapes: (vscode.QuickPickItem & { shape: WorkerShape })[] = [
    {
      label: vscode.l10n.t('Strict: one item a Pod'),
      detail: vscode.l10n.t('Fails the Pod when the work failed, gives the item back; needs a small script.'),
      shape: 'strict',
    },
    {
      label: vscode.l10n.t('Many items a Pod'),
      detail: vscode.l10n.t('For items of seconds: no Pod start for each; one log and exit code for many.'),
      shape: 'many-items',
    },
    {
      label: vscode.l10n.t('As in the Kubernetes documentation'),
      detail: vscode.l10n.t('Only amqp-consume. Hides failures: the Pod counts as done, the item goes back.'),
      shape: 'documentation',
    },
  ];
  const chosen = await pickOne(shapes, {
    title: vscode.l10n.t('Create Worker: Shape'),
    placeHolder: vscode.l10n.t('How a Pod takes its messages'),
  });
  return chosen.shape;
}
