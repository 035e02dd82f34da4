import * as vscode from 'vscode';
import type { App } from './app.ts';

/** The one notification at the end of a run; what it says is loaded then. */
export function announceEnds(app: App): vscode.Disposable {
  const listener = app.model.runs.onDidEnd.on(async run => (await import('./runEnd.ts')).announce(run));
  return new vscode.Disposable(() => listener.dispose());
}
