import * as vscode from 'vscode';
import type { App } from './app.ts';
import { SCHEMES } from './ids.ts';
import { registerLiveDocuments, type Source } from './liveDocument.ts';
import { colourTags } from './logColours.ts';

/** What fills the documents of one scheme; see {@link Source}. */
export type DocumentSource = (app: App, ...of: Parameters<Source>) => void;

type Sources = typeof import('./documentSources.ts');

/** Serves the documents that describe a Job or a queue, or show its items or a log, and live on while they are open. */
export function registerDocuments(app: App): vscode.Disposable {
  // What fills them is loaded with the first of them.
  const late =
    (name: keyof Sources): Source =>
    (uri, show, signal) => {
      void import('./documentSources.ts').then(sources => {
        if (!signal.aborted) sources[name](app, uri, show, signal);
      });
    };
  return vscode.Disposable.from(
    registerLiveDocuments(SCHEMES.job, late('describeJob')),
    registerLiveDocuments(SCHEMES.items, late('showItems')),
    registerLiveDocuments(SCHEMES.queue, late('describeQueue')),
    registerLiveDocuments(SCHEMES.log, late('followLog'), { follow: true }),
    colourTags(SCHEMES.log),
    app.logs,
  );
}
