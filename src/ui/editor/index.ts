import * as vscode from 'vscode';
import type { App } from '../app.ts';
import { registerDiagnostics } from './diagnostics.ts';
import { registerLens } from './lens.ts';
import { Manifests } from './manifests.ts';
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
  );
}
