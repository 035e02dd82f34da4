import * as vscode from 'vscode';
import type { App } from '../app.ts';
import { CONTEXT_KEYS } from '../ids.ts';
import { registerDiagnostics } from './diagnostics.ts';
import { registerLens } from './lens.ts';
import { Manifests, reading } from './manifests.ts';
import { Outlooks } from './outlook.ts';
import { registerQuickFixes } from './quickFixes.ts';

/** Everything that a job.yaml shows in the editor. */
export function registerEditor(app: App): vscode.Disposable {
  const manifests = new Manifests();
  const outlooks = new Outlooks(app, manifests);
  return vscode.Disposable.from(
    manifests,
    outlooks,
    registerLens(manifests, outlooks),
    registerDiagnostics(manifests, outlooks),
    registerQuickFixes(outlooks),
    keepContextKey(manifests),
  );
}

/** Keeps the key that decides whether the editor's title and menu offer Run Job. */
function keepContextKey(manifests: Manifests): vscode.Disposable {
  let last: boolean | undefined;
  const set = () => {
    const document = vscode.window.activeTextEditor?.document;
    const is = document !== undefined && reading(document) !== undefined;
    if (is !== last) void vscode.commands.executeCommand('setContext', CONTEXT_KEYS.manifest, is);
    last = is;
  };
  set();
  return vscode.Disposable.from(vscode.window.onDidChangeActiveTextEditor(set), manifests.onDidChange(set));
}
