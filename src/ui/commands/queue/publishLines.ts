import * as vscode from 'vscode';
import type { App } from '../../app.ts';
import { UserError } from '../../userError.ts';
import { fileSource } from './publishFile.ts';
import { publishSource } from './publishSource.ts';
import { editorSource } from './source.ts';

/** Command: the selected lines become messages; without a selection, the whole editor. */
export async function publishLines(app: App): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  if (editor) return publishSource(app, await editorSource(editor));
  // The editor keeps files over 50 MB from extensions: they are read from the disk.
  const { input } = vscode.window.tabGroups.activeTabGroup.activeTab ?? {};
  if (input instanceof vscode.TabInputText) return publishSource(app, await fileSource(input.uri));
  throw new UserError(vscode.l10n.t('Open the file that lists the items, and select their lines.'), { warning: true });
}
