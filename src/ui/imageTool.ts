import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import * as vscode from 'vscode';
import { IMAGE_TOOLS, type ImageTool } from '../workload/imageCommands.ts';
import type { Settings } from './settings.ts';
import { UserError } from './userError.ts';

/**
 * The program that builds and pushes images: the one of the setting, else the first that is in PATH.
 * @throws UserError when there is none
 */
export async function findImageTool({ imageTool }: Settings): Promise<ImageTool> {
  if (imageTool !== undefined) return imageTool;
  for (const tool of IMAGE_TOOLS) if (await isInPath(tool)) return tool;
  throw new UserError(
    vscode.l10n.t(
      'None of {0} was found in PATH. Install one of them, then restart the editor.',
      IMAGE_TOOLS.join(', '),
    ),
    { warning: true },
  );
}

/** What is said of a program that is not there. */
export const missingWords = (program: string): string =>
  vscode.l10n.t('{0} was not found in PATH. Install it, then restart the editor.', program);

async function isInPath(program: string): Promise<boolean> {
  const endings = process.platform === 'win32' ? (process.env.PATHEXT ?? '.EXE').split(';') : [''];
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    for (const ending of endings) {
      const found = await access(join(folder, program + ending), constants.X_OK).then(
        () => true,
        () => false,
      );
      if (found) return true;
    }
  }
  return false;
}
