import { open } from 'node:fs/promises';
import * as vscode from 'vscode';
import { programOfCommand, programOfFile, type WorkerProgram } from '../../../workload/workerImage.ts';
import { parseProgram } from '../../../workload/workerProgram.ts';
import { pickOne } from '../../pickOne.ts';
import { UserError } from '../../userError.ts';
import { parent } from './workerFolder.ts';

/** What does the work for one item. */
export interface ProgramSource {
  program: WorkerProgram;
  /** Where the worker's files are written. */
  folder: vscode.Uri;
  /** The sample's file, which is still to be written. */
  sample?: SampleName;
}

type SampleName = 'worker.py' | 'worker.mjs' | 'worker.sh';

/** As many files as a person can still choose from, by typing a part of the name. */
const AT_MOST = 500;
/** Folders of dependencies, and files that are no programs. */
const NOT_PROGRAMS =
  '{**/node_modules/**,**/.*/**,**/.*,**/take-item.sh,**/take-items.py,**/*.{yaml,yml,json,md,txt,csv,log,lock,toml}}';

/**
 * Asks what does the work: a program of one's own, or a sample.
 * @param folder where samples are written and programs are looked for
 * @throws CancellationError when that stays open; UserError when the program cannot be put into an image
 */
export async function chooseProgram(folder: vscode.Uri): Promise<ProgramSource> {
  const sample = (label: string, name: SampleName) => ({
    label,
    detail: vscode.l10n.t('{0} is written; you put the work in.', name),
    choose: async (): Promise<ProgramSource> => ({ program: sampleProgram(name), folder, sample: name }),
  });
  const chosen = await pickOne(
    [
      sample(vscode.l10n.t('Sample in Python'), 'worker.py'),
      sample(vscode.l10n.t('Sample in Node'), 'worker.mjs'),
      sample(vscode.l10n.t('Sample in shell'), 'worker.sh'),
      {
        label: vscode.l10n.t('Own program: a file…'),
        detail: vscode.l10n.t('In any language, reading one item on standard input. A Dockerfile is written.'),
        choose: () => chooseFile(folder),
      },
      {
        label: vscode.l10n.t('Own program: a command line…'),
        detail: vscode.l10n.t('The folder is copied into the image, and the command is run in it.'),
        choose: () => askCommand(folder),
      },
    ],
    { title: vscode.l10n.t('Create Worker'), placeHolder: vscode.l10n.t('What does the work for one item?') },
  );
  return chosen.choose();
}

function sampleProgram(name: SampleName): WorkerProgram {
  const packages = { 'worker.py': ['python3'], 'worker.mjs': ['nodejs'], 'worker.sh': [] }[name];
  return { argv: [`/${name}`], file: name, packages };
}

async function chooseFile(folder: vscode.Uri): Promise<ProgramSource> {
  const found = await vscode.workspace.findFiles(new vscode.RelativePattern(folder, '**/*'), NOT_PROGRAMS, AT_MOST);
  const files = found.filter(file => !file.path.endsWith('/Dockerfile')).sort((a, b) => a.path.localeCompare(b.path));
  if (files.length === 0) {
    throw new UserError(vscode.l10n.t('There is no program in {0}.', folder.fsPath), { warning: true });
  }
  const { file } = await pickOne(
    files.map(file => ({ label: vscode.workspace.asRelativePath(file), file })),
    {
      title: vscode.l10n.t('Create Worker: Program'),
      placeHolder: vscode.l10n.t('The file that does the work for one item'),
    },
  );
  const name = file.path.slice(file.path.lastIndexOf('/') + 1);
  const program = programOfFile(name, await headOf(file));
  if (program) return { program, folder: parent(file) };
  throw new UserError(
    vscode.l10n.t(
      'It is not clear how {0} is run: it is no compiled program for Linux, and neither its first line (#!…) nor its name says which interpreter. Give its command line instead.',
      name,
    ),
    { warning: true },
  );
}

async function headOf(file: vscode.Uri): Promise<string> {
  const opened = await open(file.fsPath);
  try {
    const { buffer, bytesRead } = await opened.read(Buffer.alloc(256), 0, 256, 0);
    return buffer.toString('latin1', 0, bytesRead);
  } finally {
    await opened.close();
  }
}

async function askCommand(folder: vscode.Uri): Promise<ProgramSource> {
  const text = await vscode.window.showInputBox({
    title: vscode.l10n.t('Create Worker: Command Line'),
    prompt: vscode.l10n.t('Run in a copy of the folder, once for each item, with the item as its standard input'),
    placeHolder: 'python3 main.py --fast',
    ignoreFocusOut: true,
    validateInput: value =>
      parseProgram(value) ? undefined : vscode.l10n.t('Enter a command such as {0}.', 'python3 main.py --fast'),
  });
  const argv = text === undefined ? undefined : parseProgram(text);
  if (!argv) throw new vscode.CancellationError();
  return { program: programOfCommand(argv), folder };
}
