import * as vscode from 'vscode';
import { dockerfile, scriptOf, type WorkerShape } from '../../../workload/workerImage.ts';
import type { App, Command } from '../../app.ts';
import { COMMANDS } from '../../ids.ts';
import { pickOne } from '../../pickOne.ts';
import { fillTemplate, readTemplate, type TemplateName } from '../../templates.ts';
import { UserError } from '../../userError.ts';
import { lastQueue } from '../queue/chooseQueue.ts';
import { problemOfName } from '../queue/queueName.ts';
import { chooseProgram, type ProgramSource } from './chooseProgram.ts';
import { chooseShape } from './chooseShape.ts';
import { offerNextStep } from './nextStep.ts';
import { parent } from './workerFolder.ts';

/** Create Worker…: writes a Dockerfile, what takes the messages, a sample where wanted, and job.yaml. Asks before it overwrites. */
export const createWorker: Command<[uri?: vscode.Uri]> = async (app, uri) => {
  if (!vscode.workspace.isTrusted) throw new UserError(vscode.l10n.t('Trust this workspace first.'), { warning: true });
  const around = await chooseFolder(uri);
  const source = await chooseProgram(around);
  const shape = await chooseShape();
  const queue = await queueName(app);
  const { folder } = source;
  const texts = await workerFiles(app, source, shape, queue);
  for (const name of await filesToKeep(folder, [...texts.keys()])) texts.delete(name);

  const edit = new vscode.WorkspaceEdit();
  for (const [name, text] of texts) {
    const contents = new TextEncoder().encode(text);
    edit.createFile(vscode.Uri.joinPath(folder, name), { overwrite: true, contents });
  }
  if (!(await vscode.workspace.applyEdit(edit))) {
    throw new UserError(vscode.l10n.t('The files could not be written into {0}.', folder.fsPath));
  }
  const job = vscode.Uri.joinPath(folder, 'job.yaml');
  await vscode.window.showTextDocument(job);
  void offerNextStep(
    source.sample
      ? vscode.l10n.t('{0} does the work for one item; put yours in. Then build and push its image.', source.sample)
      : vscode.l10n.t('The files are there. Next, build and push the worker’s image.'),
    { label: vscode.l10n.t('Build and Push'), command: COMMANDS.buildAndPush, uri: job },
  );
};

/** Name to text of what is written. */
async function workerFiles(
  app: App,
  { program, sample }: ProgramSource,
  shape: WorkerShape,
  queue: string,
): Promise<Map<string, string>> {
  const read = (name: TemplateName) => readTemplate(app.extensionUri.fsPath, name);
  const script = scriptOf(shape);
  const job =
    shape === 'many-items'
      ? fillTemplate(await read('worker/job-many-items.yaml'), { QUEUE: queue })
      : fillTemplate(await read('worker/job.yaml'), {
          QUEUE: queue,
          COMPLETIONS: String(app.model.queues.find(queue)?.ready || 1),
          GRACE_SECONDS: shape === 'documentation' ? '1' : '30',
        });
  return new Map([
    ['Dockerfile', dockerfile(program, shape)],
    ...(script ? [[script, await read(`worker/${script}`)] as const] : []),
    ...(sample ? [[sample, await read(`worker/${sample}`)] as const] : []),
    ['job.yaml', job],
  ]);
}

/** The given folder or file's folder; else that of the active file or a workspace folder, asked when they differ. */
async function chooseFolder(uri: vscode.Uri | undefined): Promise<vscode.Uri> {
  if (uri) {
    const { type } = await vscode.workspace.fs.stat(uri);
    return type & vscode.FileType.Directory ? uri : parent(uri);
  }
  const roots = (vscode.workspace.workspaceFolders ?? []).map(root => root.uri);
  const active = vscode.window.activeTextEditor?.document.uri;
  const current = active && vscode.workspace.getWorkspaceFolder(active) ? [parent(active)] : [];
  const folders = [...new Map([...current, ...roots].map(folder => [folder.toString(), folder])).values()];
  const [first] = folders;
  if (!first) {
    throw new UserError(vscode.l10n.t('Open a folder first: the worker’s files are written into it.'), {
      warning: true,
    });
  }
  if (folders.length === 1) return first;
  const chosen = await pickOne(
    folders.map(folder => ({ label: folder.fsPath, folder })),
    { title: vscode.l10n.t('Create Worker'), placeHolder: vscode.l10n.t('The folder for the worker’s files') },
  );
  return chosen.folder;
}

/** The queue last published to, or the broker's only one; asked when there is neither. */
async function queueName(app: App): Promise<string> {
  const [only, ...others] = app.model.queues.rows;
  const known = lastQueue(app) ?? (others.length === 0 ? only?.name : undefined);
  if (known !== undefined) return known;
  const asked = await vscode.window.showInputBox({
    title: vscode.l10n.t('Create Worker'),
    prompt: vscode.l10n.t('The queue that the worker takes its messages from'),
    value: 'job1',
    ignoreFocusOut: true,
    validateInput: problemOfName,
  });
  if (asked === undefined) throw new vscode.CancellationError();
  return asked.trim();
}

/** @returns those of the files that exist and that the person wants to keep as they are */
async function filesToKeep(folder: vscode.Uri, names: string[]): Promise<string[]> {
  const present = new Set((await vscode.workspace.fs.readDirectory(folder)).map(([name]) => name));
  const existing = names.filter(name => present.has(name));
  if (existing.length === 0) return [];
  const overwrite = vscode.l10n.t('Overwrite');
  const keep = vscode.l10n.t('Keep Existing');
  const choice = await vscode.window.showWarningMessage(
    vscode.l10n.t('Overwrite what is there already?'),
    {
      modal: true,
      detail: vscode.l10n.t('{0} in {1}', existing.join(', '), folder.fsPath),
    },
    overwrite,
    keep,
  );
  if (choice === undefined) throw new vscode.CancellationError();
  return choice === keep ? existing : [];
}
