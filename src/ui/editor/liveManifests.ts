import * as vscode from 'vscode';
import type { App } from '../app.ts';
import { CONTEXT_KEYS } from '../ids.ts';
import { registerCompletion } from './completion.ts';
import { registerDiagnostics } from './diagnostics.ts';
import { registerHover } from './hover.ts';
import { registerLens } from './lens.ts';
import { Manifests, reading } from './manifests.ts';
import { Outlooks } from './outlook.ts';
import { registerQuickFixes } from './quickFixes.ts';
import { Surroundings } from './surroundings.ts';

/** Diagnostics, lenses, hovers, completion and quick fixes of job.yaml files. */
export function registerLiveManifests(app: App): vscode.Disposable {
  const manifests = new Manifests();
  const outlooks = new Outlooks(app, manifests);
  const surroundings = new Surroundings(app);
  return vscode.Disposable.from(
    manifests,
    outlooks,
    surroundings,
    registerLens(manifests, outlooks),
    registerDiagnostics(manifests, outlooks, surroundings),
    registerQuickFixes(app, outlooks, surroundings),
    registerHover(app, outlooks),
    registerCompletion(app, outlooks),
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
