import * as vscode from 'vscode';
import type { Model } from '../model/model.ts';
import { looksLikeRun } from '../workload/manifest.ts';
import { CONTEXT_KEYS } from './ids.ts';

/** Keeps what the `when` clauses read: which welcome text an empty view shows, whether an editor offers Run Job. */
export function keepContextKeys(model: Model): vscode.Disposable {
  const set = (key: string, value: unknown) => void vscode.commands.executeCommand('setContext', key, value);
  const links = () => {
    set(CONTEXT_KEYS.broker, model.broker.state.kind);
    set(CONTEXT_KEYS.cluster, model.cluster.state.kind);
  };
  let manifest: boolean | undefined;
  const editor = () => {
    const document = vscode.window.activeTextEditor?.document;
    const now = document !== undefined && document.languageId === 'yaml' && looksLikeRun(document.getText());
    if (now !== manifest) set(CONTEXT_KEYS.manifest, now);
    manifest = now;
  };
  links();
  editor();
  const endings = [model.broker.onDidChange.on(links), model.cluster.onDidChange.on(links)];
  return vscode.Disposable.from(
    ...endings.map(ending => new vscode.Disposable(() => ending.dispose())),
    vscode.window.onDidChangeActiveTextEditor(editor),
    vscode.workspace.onDidSaveTextDocument(editor),
  );
}
