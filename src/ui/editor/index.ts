import * as vscode from 'vscode';
import type { App } from '../app.ts';
import { isManifestText } from './manifestText.ts';

/** How long (ms) typing has to pause until a text is looked at. */
const PAUSE = 200;

/**
 * Everything that a job.yaml shows in the editor. It is loaded when there is the first text that looks like a run; until
 * then documents cost a look at their text.
 */
export function registerEditor(app: App): vscode.Disposable {
  let live: vscode.Disposable | undefined;
  let timer: NodeJS.Timeout | undefined;
  let ended = false;
  let found = false;
  const look = (documents: readonly vscode.TextDocument[]) => {
    if (found || !documents.some(isManifestText)) return;
    found = true;
    waiting.dispose();
    void import('./liveManifests.ts').then(({ registerLiveManifests }) => {
      if (!ended) live = registerLiveManifests(app);
    });
  };
  const waiting = vscode.Disposable.from(
    vscode.workspace.onDidOpenTextDocument(document => look([document])),
    vscode.workspace.onDidChangeTextDocument(({ document }) => {
      clearTimeout(timer);
      timer = setTimeout(() => look([document]), PAUSE);
    }),
  );
  look(vscode.workspace.textDocuments);
  return new vscode.Disposable(() => {
    ended = true;
    clearTimeout(timer);
    waiting.dispose();
    live?.dispose();
  });
}
