import * as vscode from 'vscode';
import { COMMANDS, type CommandId } from '../../ids.ts';
import type { WorkerFolder } from './workerFolder.ts';

/** Says how a command ended, with the command that usually follows as a button. The caller does not wait for the choice. */
export async function offerNextStep(
  text: string,
  next: { label: string; command: CommandId; uri: vscode.Uri },
): Promise<void> {
  const chosen = await vscode.window.showInformationMessage(text, next.label);
  if (chosen === next.label) await vscode.commands.executeCommand(next.command, next.uri);
}

/** After a push: the Job can run, if the worker has one. */
export async function offerRun(image: string, worker: WorkerFolder): Promise<void> {
  const text = vscode.l10n.t('{0} is pushed.', image);
  if (!worker.job) {
    void vscode.window.showInformationMessage(text);
    return;
  }
  await offerNextStep(text, { label: vscode.l10n.t('Run Job'), command: COMMANDS.runJob, uri: worker.job.uri });
}
