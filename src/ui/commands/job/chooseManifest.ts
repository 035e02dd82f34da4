import * as vscode from 'vscode';
import type { JobInManifest } from '../../../workload/manifest.ts';
import type { App } from '../../app.ts';
import { reading } from '../../editor/manifests.ts';
import { COMMANDS } from '../../ids.ts';
import { manifestReader } from '../../manifestReader.ts';
import { pickOne } from '../../pickOne.ts';
import { UserError } from '../../userError.ts';

/** A Job of a manifest, as its document says it now, saved or not. */
export interface ChosenJob {
  document: vscode.TextDocument;
  index: number;
  job: JobInManifest;
}

/** A run is asked for by its manifest, or by its queue alone, from a Job that has ended. */
export type RunTarget = vscode.Uri | { queue: string };

/**
 * Finds the Job to run: the one given, else the active editor's, else the workspace's only one, else the one picked.
 * @throws UserError when there is none or it cannot be read; CancellationError when nothing was picked
 */
export async function chooseManifest(app: App, target: RunTarget | undefined, index?: number): Promise<ChosenJob> {
  await manifestReader();
  if (target instanceof vscode.Uri) return fromDocument(await vscode.workspace.openTextDocument(target), index);
  const active = vscode.window.activeTextEditor?.document;
  if (!target && active && reading(active)) return fromDocument(active);
  const all = (await app.manifests.jobs()).filter(({ job }) => job.queue !== undefined);
  const found = target ? all.filter(({ job }) => job.queue?.value === target.queue) : all;
  const chosen = found.length > 1 ? await pickFile(found) : found[0];
  if (chosen) return fromDocument(await vscode.workspace.openTextDocument(chosen.uri), chosen.index);
  throw new UserError(
    target
      ? vscode.l10n.t('No job.yaml of this workspace takes its messages from queue {0}.', target.queue)
      : vscode.l10n.t(
          'This workspace has no Job that takes the messages of a queue: a job.yaml with QUEUE in its env.',
        ),
    { actions: [{ label: vscode.l10n.t('Create Worker…'), command: COMMANDS.createWorker }], warning: true },
  );
}

async function fromDocument(document: vscode.TextDocument, index?: number): Promise<ChosenJob> {
  const read = reading(document);
  const name = vscode.workspace.asRelativePath(document.uri);
  const [problem] = read?.problems ?? [];
  if (problem) {
    const at = new vscode.Position(problem.line - 1, problem.column - 1);
    await vscode.window.showTextDocument(document, { selection: new vscode.Range(at, at) });
    throw new UserError(vscode.l10n.t('{0}, line {1}: {2}', name, problem.line, problem.message));
  }
  const jobs = (read?.jobs ?? []).map((job, index) => ({ document, index, job }));
  const runnable =
    index === undefined ? jobs.filter(({ job }) => job.queue !== undefined) : jobs.slice(index, index + 1);
  const chosen = runnable.length > 1 ? await pickJob(runnable) : runnable[0];
  if (!chosen) {
    throw new UserError(vscode.l10n.t('{0} has no Job with QUEUE in the env of its container.', name));
  }
  return chosen;
}

async function pickFile<T extends { uri: vscode.Uri; job: JobInManifest }>(found: T[]): Promise<T> {
  return pick(found.map(entry => ({ ...item(entry.job), detail: vscode.workspace.asRelativePath(entry.uri), entry })));
}

async function pickJob(jobs: ChosenJob[]): Promise<ChosenJob> {
  return pick(jobs.map(entry => ({ ...item(entry.job), entry })));
}

const item = (job: JobInManifest) => ({
  label: job.name ?? vscode.l10n.t('Job without a name'),
  description: job.queue ? vscode.l10n.t('queue {0}', job.queue.value) : undefined,
});

async function pick<T>(items: (vscode.QuickPickItem & { entry: T })[]): Promise<T> {
  const picked = await pickOne(items, { title: vscode.l10n.t('Run which Job?') });
  return picked.entry;
}
