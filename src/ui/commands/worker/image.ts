import { posix } from 'node:path';
import * as vscode from 'vscode';
import { checkImage, type ImageProblem, isPlaceholderImage } from '../../../workload/image.ts';
import type { App } from '../../app.ts';
import { manifestReader } from '../../manifestReader.ts';
import type { WorkerFolder } from './workerFolder.ts';

/** Where the name given last is remembered: the next worker most likely goes to the same registry. */
const LAST_IMAGE = 'image';

/**
 * The name of a worker's image: what its job.yaml says, or, as long as that is a placeholder, what the person says;
 * that is written into job.yaml then.
 * @throws CancellationError when the person gives none
 */
export async function imageFor(app: App, worker: WorkerFolder): Promise<string> {
  const written = worker.job?.image;
  if (written !== undefined && !checkImage(written)) return written;
  const image = await askImage(suggestion(app, worker));
  await app.memory.update(LAST_IMAGE, image);
  if (worker.job) await writeImage(worker.job.uri, image);
  return image;
}

function suggestion(app: App, { job, folder }: WorkerFolder): string {
  if (job?.image !== undefined && !isPlaceholderImage(job.image)) return job.image;
  const last = app.memory.get<string>(LAST_IMAGE);
  if (last === undefined || !last.includes('/')) return '';
  return posix.join(posix.dirname(last), job?.name ?? posix.basename(folder.path));
}

async function askImage(value: string): Promise<string> {
  const image = await vscode.window.showInputBox({
    title: vscode.l10n.t('Name of the Worker’s Image'),
    prompt: vscode.l10n.t(
      'registry/name:tag, as docker pushes it and the cluster pulls it; for Docker Hub user/name:tag. It is written into job.yaml.',
    ),
    placeHolder: 'registry.example.com/team/job-wq-1:1',
    value,
    ignoreFocusOut: true,
    validateInput: text => {
      const problem = checkImage(text.trim());
      if (problem) return imageProblem(problem);
      if (text.includes('/')) return undefined;
      return {
        message: vscode.l10n.t(
          'Without a registry or user name this cannot be pushed: Docker Hub keeps such names for its own images.',
        ),
        severity: vscode.InputBoxValidationSeverity.Warning,
      };
    },
  });
  if (image === undefined) throw new vscode.CancellationError();
  return image.trim();
}

/** @returns what is wrong with an image's name, and how it should be */
export function imageProblem(problem: ImageProblem): string {
  switch (problem) {
    case 'empty':
      return vscode.l10n.t('Enter a name such as {0}.', 'registry.example.com/team/job-wq-1:1');
    case 'placeholder':
      return vscode.l10n.t('Put the real name in place of the part between < and >.');
    case 'upper-case':
      return vscode.l10n.t('Only the tag may have capital letters.');
    case 'bad-characters':
      return vscode.l10n.t(
        'The parts between the slashes begin and end with a letter or digit; between them dots, dashes and underscores are allowed.',
      );
    case 'bad-tag':
      return vscode.l10n.t(
        'The tag after the colon has up to 128 letters, digits, dots, dashes and underscores, and does not begin with a dot or dash.',
      );
    case 'too-long':
      return vscode.l10n.t('The name is too long: at most 255 characters before the tag.');
  }
}

async function writeImage(uri: vscode.Uri, image: string): Promise<void> {
  const document = await vscode.workspace.openTextDocument(uri);
  const text = document.getText();
  const edit = new vscode.WorkspaceEdit();
  edit.replace(
    uri,
    new vscode.Range(document.positionAt(0), document.positionAt(text.length)),
    (await manifestReader()).setImage(text, image),
  );
  await vscode.workspace.applyEdit(edit);
  await document.save();
}
