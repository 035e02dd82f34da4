import * as vscode from 'vscode';
import type { JobInManifest, Problem } from '../../workload/manifest.ts';
import { loadedReader, manifestReader, onDidLoadReader } from '../manifestReader.ts';
import { manifestProblem } from './manifestProblem.ts';
import { isManifestText, isYaml } from './manifestText.ts';

/** What a document says, read once a version; the messages of its problems are in words. */
export interface Reading {
  jobs: JobInManifest[];
  problems: Problem[];
}

/** How long (ms) typing has to pause until a document is read again. */
const PAUSE = 200;

const readings = new WeakMap<vscode.TextDocument, { version: number; reading: Reading | undefined }>();

/** @returns what a document says of its runs; undefined for every other document, after no more than a look at its text */
export function reading(document: vscode.TextDocument): Reading | undefined {
  const known = readings.get(document);
  if (known?.version === document.version) return known.reading;
  const isManifest = isManifestText(document);
  const reader = loadedReader();
  if (isManifest && !reader) {
    void manifestReader();
    return undefined;
  }
  const read = isManifest ? reader?.readManifest(document.getText()) : undefined;
  const inWords = read && {
    ...read,
    problems: read.problems.map(problem => ({ ...problem, message: manifestProblem(problem) })),
  };
  readings.set(document, { version: document.version, reading: inWords });
  return inWords;
}

/** The manifests in open documents: which there are, and one event when what one says may have changed or it is gone. */
export class Manifests implements vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<vscode.TextDocument>();
  readonly onDidChange = this.#changed.event;
  readonly #waiting = new Map<vscode.TextDocument, NodeJS.Timeout>();
  readonly #ending: vscode.Disposable;

  constructor() {
    this.#ending = vscode.Disposable.from(
      this.#changed,
      onDidLoadReader(() => {
        for (const document of this.open) this.#changed.fire(document);
      }),
      vscode.workspace.onDidOpenTextDocument(document => {
        if (reading(document)) this.#changed.fire(document);
      }),
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.length > 0 && isYaml(document)) this.#later(document);
      }),
      vscode.workspace.onDidCloseTextDocument(document => {
        this.#forget(document);
        if (isYaml(document)) this.#changed.fire(document);
      }),
    );
  }

  /** The open documents that are manifests. */
  get open(): vscode.TextDocument[] {
    return vscode.workspace.textDocuments.filter(document => reading(document) !== undefined);
  }

  /** Those of them that a person sees. */
  get visible(): vscode.TextDocument[] {
    const documents = new Set(vscode.window.visibleTextEditors.map(editor => editor.document));
    return [...documents].filter(document => reading(document) !== undefined);
  }

  dispose(): void {
    for (const timer of this.#waiting.values()) clearTimeout(timer);
    this.#ending.dispose();
  }

  #later(document: vscode.TextDocument): void {
    this.#forget(document);
    this.#waiting.set(
      document,
      setTimeout(() => {
        this.#waiting.delete(document);
        this.#changed.fire(document);
      }, PAUSE),
    );
  }

  #forget(document: vscode.TextDocument): void {
    clearTimeout(this.#waiting.get(document));
    this.#waiting.delete(document);
  }
}
