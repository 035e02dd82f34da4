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

/** The image is where the cluster finds it: the Job can run, if the worker has one. `other` is a second button. */
export async function offerRun(
  text: string,
  { job }: WorkerFolder,
  other?: { label: string; run: () => Promise<void> },
): Promise<void> {
  const run = vscode.l10n.t('Run Job');
  const labels = [...(job ? [run] : []), ...(other ? [other.label] : [])];
  const chosen = await vscode.window.showInformationMessage(text, ...labels);
  if (chosen === run && job) await vscode.commands.executeCommand(COMMANDS.runJob, job.uri);
  else if (chosen !== undefined && chosen === other?.label) await other.run();
}
