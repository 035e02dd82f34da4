import * as vscode from 'vscode';

type Reader = typeof import('../workload/manifest.ts');

const loaded = new vscode.EventEmitter<void>();
let reader: Reader | undefined;

/** Fires when the reader of manifests has been loaded. */
export const onDidLoadReader = loaded.event;

/** The reader of manifests if it is loaded. It brings a YAML parser, so it waits for the first text that looks like a run. */
export const loadedReader = (): Reader | undefined => reader;

/** Loads the reader of manifests. */
export async function manifestReader(): Promise<Reader> {
  if (!reader) {
    reader = await import('../workload/manifest.ts');
    loaded.fire();
  }
  return reader;
}
