import { posix } from 'node:path';
import * as vscode from 'vscode';
import { looksLikeRun } from '../../../workload/looksLikeRun.ts';
import { COMMANDS } from '../../ids.ts';
import { manifestReader } from '../../manifestReader.ts';
import { pickOne } from '../../pickOne.ts';
import { UserError } from '../../userError.ts';

/** A folder with a Dockerfile, and the job.yaml beside it that runs what is built from it. */
export interface WorkerFolder {
  workspace: vscode.WorkspaceFolder;
  folder: vscode.Uri;
  job: WorkerJob | undefined;
}

interface WorkerJob {
  uri: vscode.Uri;
  name: string | undefined;
  image: string | undefined;
  /** The worker's imagePullPolicy, as written. */
  pullPolicy: string | undefined;
}

/** As many folders as a person can still choose from. */
const AT_MOST = 50;

/** @returns the workspace's workers */
export async function findWorkers(): Promise<WorkerFolder[]> {
  const dockerfiles = await vscode.workspace.findFiles('**/Dockerfile', '**/node_modules/**', AT_MOST);
  const workers = await Promise.all(dockerfiles.map(file => readWorker(parent(file))));
  return workers
    .filter(worker => worker !== undefined)
    .sort((one, other) => one.folder.path.localeCompare(other.folder.path));
}

/**
 * The worker that a command is about: that of the given file or folder, else of the active editor, else the only
 * one of the workspace, else the chosen one.
 * @throws UserError when there is none, CancellationError when none was chosen
 */
export async function chooseWorker(uri: vscode.Uri | undefined): Promise<WorkerFolder> {
  if (!vscode.workspace.isTrusted) {
    throw new UserError(vscode.l10n.t('This workspace is not trusted, so nothing in it is built.'));
  }
  if (uri) {
    const worker = (await readWorker(uri)) ?? (await readWorker(parent(uri)));
    if (worker) return worker;
    throw noDockerfile(vscode.workspace.asRelativePath(uri));
  }
  const active = vscode.window.activeTextEditor?.document.uri;
  const current = active?.scheme === 'file' ? await readWorker(parent(active)) : undefined;
  if (current) return current;

  const workers = await findWorkers();
  const [first] = workers;
  if (!first) throw noDockerfile(undefined);
  if (workers.length === 1) return first;
  const chosen = await pickOne(
    workers.map(worker => ({
      label: vscode.workspace.asRelativePath(posix.join(worker.folder.path, 'Dockerfile')),
      description: worker.job?.image,
      worker,
    })),
    { title: vscode.l10n.t('Which worker?'), placeHolder: vscode.l10n.t('Choose its Dockerfile') },
  );
  return chosen.worker;
}

function noDockerfile(where: string | undefined): UserError {
  return new UserError(
    where === undefined
      ? vscode.l10n.t('There is no Dockerfile in this workspace to build a worker’s image from.')
      : vscode.l10n.t('There is no Dockerfile beside {0} to build a worker’s image from.', where),
    { actions: [{ label: vscode.l10n.t('Create Worker…'), command: COMMANDS.createWorker }], warning: true },
  );
}

async function readWorker(folder: vscode.Uri): Promise<WorkerFolder | undefined> {
  const workspace = vscode.workspace.getWorkspaceFolder(folder);
  if (!workspace) return undefined;
  const names = await fileNames(folder);
  return names.includes('Dockerfile') ? { workspace, folder, job: await readJob(folder, names) } : undefined;
}

/** The first manifest of the folder with a Job in it, job.yaml before others. */
async function readJob(folder: vscode.Uri, names: string[]): Promise<WorkerFolder['job']> {
  const manifests = names.filter(name => /\.ya?ml$/.test(name)).sort();
  const rank = (name: string) => (/^job\.ya?ml$/.test(name) ? 0 : 1);
  for (const name of manifests.sort((one, other) => rank(one) - rank(other))) {
    const uri = vscode.Uri.joinPath(folder, name);
    const text = (await vscode.workspace.openTextDocument(uri)).getText();
    const job = looksLikeRun(text) ? (await manifestReader()).readManifest(text).jobs[0] : undefined;
    if (job) return { uri, name: job.name, image: job.image?.value, pullPolicy: job.pullPolicy };
  }
  return undefined;
}

/** The names of a folder's files; none when it is a file itself or is not there. */
async function fileNames(folder: vscode.Uri): Promise<string[]> {
  try {
    const entries = await vscode.workspace.fs.readDirectory(folder);
    return entries.filter(([, type]) => type & vscode.FileType.File).map(([name]) => name);
  } catch {
    return [];
  }
}

export function parent(uri: vscode.Uri): vscode.Uri {
  return vscode.Uri.joinPath(uri, '..');
}
