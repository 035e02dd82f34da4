import * as vscode from 'vscode';
import { parseProgram, readWorkerLabel, WORKER_LABEL } from '../../../workload/workerProgram.ts';
import type { App } from '../../app.ts';
import type { WorkerFolder } from './workerFolder.ts';

const ofFolder = ({ folder }: WorkerFolder) => `program:${folder.toString()}`;

/**
 * The program of a worker's image that does the work for one item: what the image's label says, else what the person said
 * before, else asked once.
 * @throws CancellationError when the person gives none
 */
export async function workerProgram(
  app: App,
  worker: WorkerFolder,
  labels: Record<string, unknown>,
): Promise<string[]> {
  const told = readWorkerLabel(labels[WORKER_LABEL]) ?? app.memory.get<string[]>(ofFolder(worker));
  if (told) return told;
  const text = await vscode.window.showInputBox({
    title: vscode.l10n.t('Try Worker on a Line'),
    prompt: vscode.l10n.t(
      'The command in the image that does the work for one item on its standard input; amqp-consume calls it in a run. Words are separated by spaces.',
    ),
    placeHolder: '/worker.py',
    ignoreFocusOut: true,
    validateInput: value =>
      parseProgram(value) ? undefined : vscode.l10n.t('Enter a command such as {0}.', 'python3 /worker.py'),
  });
  const program = text === undefined ? undefined : parseProgram(text);
  if (!program) throw new vscode.CancellationError();
  await app.memory.update(ofFolder(worker), program);
  return program;
}
