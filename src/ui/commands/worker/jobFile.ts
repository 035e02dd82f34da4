import * as vscode from 'vscode';
import { manifestReader } from '../../manifestReader.ts';

/** Changes a job.yaml and saves it; nothing is written when the text stays as it is. */
export async function editJob(
  uri: vscode.Uri,
  change: (manifest: Awaited<ReturnType<typeof manifestReader>>, text: string) => string,
): Promise<void> {
  const document = await vscode.workspace.openTextDocument(uri);
  const text = document.getText();
  const changed = change(await manifestReader(), text);
  if (changed === text) return;
  const edit = new vscode.WorkspaceEdit();
  edit.replace(uri, new vscode.Range(document.positionAt(0), document.positionAt(text.length)), changed);
  await vscode.workspace.applyEdit(edit);
  await document.save();
}
