import * as vscode from 'vscode';
import type { WorkerShape } from '../../../workload/workerImage.ts';
import { pickOne } from '../../pickOne.ts';

/** Asks how a Pod takes its messages. @throws CancellationError when that stays open */
export async function chooseShape(): Promise<WorkerShape> {
  const shapes: (vscode.QuickPickItem & { shape: WorkerShape })[] = [
    {
      label: vscode.l10n.t('Strict: one item a Pod'),
      detail: vscode.l10n.t(
        'The Pod fails when the work failed, and a Pod that is stopped gives its item back; costs a small script in the image.',
      ),
      shape: 'strict',
    },
    {
      label: vscode.l10n.t('Many items a Pod'),
      detail: vscode.l10n.t(
        'For items of seconds: no start of a Pod for each, but one Pod’s log and exit code stand for many items.',
      ),
      shape: 'many-items',
    },
    {
      label: vscode.l10n.t('As in the Kubernetes documentation'),
      detail: vscode.l10n.t(
        'Nothing but amqp-consume, which hides failures: the Pod counts as done although the item goes back.',
      ),
      shape: 'documentation',
    },
  ];
  const chosen = await pickOne(shapes, {
    title: vscode.l10n.t('Create Worker: Shape'),
    placeHolder: vscode.l10n.t('How a Pod takes its messages'),
  });
  return chosen.shape;
}
