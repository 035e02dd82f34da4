import * as vscode from 'vscode';
import { looksLikeRun } from '../workload/looksLikeRun.ts';
import type { JobInManifest } from '../workload/manifest.ts';
import { manifestReader } from './manifestReader.ts';

/** A Job of the pattern in a file of the workspace. */
export interface ManifestJob {
  uri: vscode.Uri;
  /** Which of the file's Jobs it is. */
  index: number;
  job: JobInManifest;
}

const FILES_AT_MOST = 200;
/** Bytes; a manifest of a run is a page of text, so what is larger is something else. */
const SIZE_AT_MOST = 256 * 1024;

/** The manifests of runs that the workspace has, as they are on disk or, where open and changed, in the editor. */
export class ManifestFiles implements vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.#changed.event;
  readonly #watcher = vscode.workspace.createFileSystemWatcher('**/*.{yaml,yml}');
  readonly #disposables: vscode.Disposable[];
  #found: Promise<ManifestJob[]> | undefined;

  constructor() {
    const forget = () => {
      this.#found = undefined;
      this.#changed.fire();
    };
    this.#disposables = [
      this.#changed,
      this.#watcher,
      this.#watcher.onDidChange(forget),
      this.#watcher.onDidCreate(forget),
      this.#watcher.onDidDelete(forget),
      vscode.workspace.onDidChangeWorkspaceFolders(forget),
      vscode.workspace.onDidSaveTextDocument(document => {
        if (/\.ya?ml$/.test(document.uri.path)) forget();
      }),
    ];
  }

  /** All Jobs of the pattern, in the order of their paths. */
  jobs(): Promise<ManifestJob[]> {
    this.#found ??= this.#find();
    return this.#found;
  }

  dispose(): void {
    for (const disposable of this.#disposables) disposable.dispose();
  }

  async #find(): Promise<ManifestJob[]> {
    const uris = await vscode.workspace.findFiles('**/*.{yaml,yml}', '**/{node_modules,.git}/**', FILES_AT_MOST);
    uris.sort((a, b) => (a.path < b.path ? -1 : 1));
    const found = await Promise.all(uris.map(uri => read(uri)));
    return found.flat();
  }
}

async function read(uri: vscode.Uri): Promise<ManifestJob[]> {
  const open = vscode.workspace.textDocuments.find(document => document.uri.toString() === uri.toString());
  const text = open ? open.getText() : await readFile(uri);
  if (text === undefined || !looksLikeRun(text)) return [];
  const { readManifest } = await manifestReader();
  return readManifest(text).jobs.map((job, index) => ({ uri, index, job }));
}

async function readFile(uri: vscode.Uri): Promise<string | undefined> {
  try {
    if ((await vscode.workspace.fs.stat(uri)).size > SIZE_AT_MOST) return undefined;
    return new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
  } catch {
    return undefined; // Deleted between the listing and the reading.
  }
}
