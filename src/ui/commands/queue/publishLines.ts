import * as vscode from 'vscode';
import type { App } from '../../app.ts';
import { UserError } from '../../userError.ts';
import { fileSource } from './publishFile.ts';
import { publishSource } from './publishSource.ts';
import { editorSource, type TextSource } from './source.ts';
import type { FileSource } from './sourceFile.ts';

/** Command: the selected lines become messages; without a selection, the whole editor. */
export async function publishLines(app: App): Promise<void> {
  await publishSource(app, await activeSource());
}

/**
 * @returns the selected lines of the active editor, or all of it
 * @throws UserError when no text is open
 */
export async function activeSource(): Promise<TextSource | FileSource> {
  const editor = vscode.window.activeTextEditor;
  if (editor) return editorSource(editor);
  // The editor keeps files over 50 MB from extensions: they are read from the disk.
  const { input } = vscode.window.tabGroups.activeTabGroup.activeTab ?? {};
  if (input instanceof vscode.TabInputText) return fileSource(input.uri);
  throw new UserError(vscode.l10n.t('Open the file that lists the items, and select their lines.'), { warning: true });
}
