import * as vscode from 'vscode';
import { loginCommand } from '../../../workload/registryRules.ts';
import type { Command } from '../../app.ts';
import { COMMANDS } from '../../ids.ts';
import { findImageTool } from '../../imageTool.ts';
import { imageFor } from './image.ts';
import { chooseWorker } from './workerFolder.ts';

/**
 * Log In to Image Registry: the tool's own login in a terminal, which asks for user and password itself; they never pass
 * through this extension. The image is pushed once the login was good.
 */
export const logIn: Command<[uri?: vscode.Uri]> = async (app, uri) => {
  const worker = await chooseWorker(uri);
  const image = await imageFor(app, worker);
  const [shellPath, ...shellArgs] = loginCommand(image, await findImageTool(app.settings));
  const terminal = vscode.window.createTerminal({ name: vscode.l10n.t('Log In'), shellPath, shellArgs });
  terminal.show();
  if (await endsWell(terminal)) await vscode.commands.executeCommand(COMMANDS.pushImage, worker.folder);
};

/** Waits until the terminal is closed: by its program, or by the person. There is no limit in time. */
function endsWell(terminal: vscode.Terminal): Promise<boolean> {
  return new Promise(resolve => {
    const listener = vscode.window.onDidCloseTerminal(closed => {
      if (closed !== terminal) return;
      listener.dispose();
      resolve(closed.exitStatus?.code === 0);
    });
  });
}
