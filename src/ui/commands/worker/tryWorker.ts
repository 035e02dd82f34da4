import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { endCommand, type ImageTool, runCommand } from '../../../workload/imageCommands.ts';
import { troubleOf } from '../../../workload/imageTrouble.ts';
import { parseItems } from '../../../workload/items.ts';
import type { App } from '../../app.ts';
import { withProgress } from '../../command.ts';
import { COMMANDS } from '../../ids.ts';
import { imageLabels } from '../../imageLabels.ts';
import { findImageTool } from '../../imageTool.ts';
import { runProgram } from '../../programs.ts';
import { runInTerminal, type Script } from '../../scriptTerminal.ts';
import { UserError } from '../../userError.ts';
import { knownImage } from './image.ts';
import { chooseWorker, type WorkerFolder } from './workerFolder.ts';
import { workerProgram } from './workerProgram.ts';

const END_MS = 10_000;

/**
 * Try Worker on a Line: runs the worker's image here, with the selected line as its standard input; no queue and no
 * cluster. What it prints and how it ended stand in the terminal.
 */
export async function tryWorker(app: App): Promise<void> {
  const item = selectedItem();
  const worker = await chooseWorker(undefined);
  const image = knownImage(app, worker);
  const tool = await findImageTool(app.settings);
  const title = vscode.l10n.t('Trying the Worker');
  const labels = await withProgress(title, async signal => image && (await imageLabels(image, tool, signal)));
  if (!image || !labels) throw notBuilt(worker, image);
  const program = await workerProgram(app, worker, labels);
  const container = `try-worker-${randomBytes(4).toString('hex')}`;
  const argv = runCommand({ tool, image, program, container });
  const script = tryScript({ argv, item, tool, container });
  await withProgress(title, signal => runInTerminal(vscode.l10n.t('Try Worker'), script, signal));
}

/** The body that the line would be published as. */
function selectedItem(): string {
  const editor = vscode.window.activeTextEditor;
  if (!editor) {
    throw new UserError(vscode.l10n.t('Open a list of items, and put the cursor on the line to try.'), {
      warning: true,
    });
  }
  const line = editor.document.lineAt(editor.selection.start.line);
  const [item] = parseItems(line.text).items;
  if (item) return item.body;
  throw new UserError(vscode.l10n.t('Line {0} has no item to try: it is blank.', line.lineNumber + 1), {
    warning: true,
  });
}

function notBuilt({ folder }: WorkerFolder, image: string | undefined): UserError {
  return new UserError(
    image === undefined
      ? vscode.l10n.t('The worker’s image is not built yet.')
      : vscode.l10n.t('{0} is not on this computer. Build it first.', image),
    {
      actions: [{ label: vscode.l10n.t('Build Worker Image'), command: COMMANDS.buildImage, args: [folder] }],
      warning: true,
    },
  );
}

function tryScript(o: { argv: string[]; item: string; tool: ImageTool; container: string }): Script {
  return async (write, signal) => {
    const { argv, item, tool, container } = o;
    write(`> ${argv.join(' ')}`);
    const start = performance.now();
    try {
      const { exitCode, output } = await runProgram({ argv, input: item, write, signal });
      write(verdict(exitCode, (performance.now() - start) / 1000, output));
      return exitCode ?? 1;
    } catch (error) {
      // The tool's own program ends at once, and may leave the container behind.
      if (signal.aborted) await endContainer(endCommand(container, tool));
      throw error;
    }
  };
}

async function endContainer(argv: string[]): Promise<void> {
  await runProgram({ argv, write: () => {}, signal: AbortSignal.timeout(END_MS) }).catch(() => {});
}

function verdict(exitCode: number | undefined, seconds: number, output: string): string {
  const took = seconds.toFixed(1);
  if (exitCode === 0) {
    return vscode.l10n.t('Exit code 0 after {0} s: in a run the item would be done.', took);
  }
  if (troubleOf(output) === 'wrong-architecture') {
    return vscode.l10n.t('The image is for another architecture than this computer’s: build it here to try it.');
  }
  return vscode.l10n.t(
    'Exit code {0} after {1} s: in a run the item would not be done, and its message would go back to the queue.',
    exitCode ?? '?',
    took,
  );
}
