import * as vscode from 'vscode';

/**
 * What fills a document: calls `show` as often as it likes, until the signal aborts, with what makes the whole text;
 * that is asked only when the editor takes the text.
 */
export type Source = (uri: vscode.Uri, show: (text: () => string) => void, signal: AbortSignal) => void;

interface Shown {
  text: () => string;
  /** Characters of the text that the editor took last. */
  length: number;
  first: PromiseWithResolvers<void>;
  abort: AbortController;
  timer: NodeJS.Timeout | undefined;
}

/** How long (ms) changes are gathered, plus how long more for each character: the editor takes the whole text each time. */
const GATHER = 250;
const GATHER_PER_CHARACTER = 0.0005;

/**
 * Read-only documents of one scheme whose text lives on while they are open. The source begins when a document is
 * first asked for, also after a reload of the window, and ends when its last tab is closed.
 * @param options.follow an editor that shows the document's end keeps showing it
 */
export function registerLiveDocuments(
  scheme: string,
  start: Source,
  options: { follow?: boolean } = {},
): vscode.Disposable {
  const shown = new Map<string, Shown>();
  const changed = new vscode.EventEmitter<vscode.Uri>();
  const end = (uri: vscode.Uri) => {
    const document = shown.get(uri.toString());
    if (!document) return;
    shown.delete(uri.toString());
    clearTimeout(document.timer);
    document.abort.abort();
    document.first.resolve();
  };
  const begin = (uri: vscode.Uri) => {
    const document: Shown = {
      text: () => '',
      length: 0,
      first: Promise.withResolvers(),
      abort: new AbortController(),
      timer: undefined,
    };
    shown.set(uri.toString(), document);
    start(
      uri,
      text => {
        document.text = text;
        document.first.resolve();
        if (document.abort.signal.aborted) return;
        document.timer ??= setTimeout(
          () => {
            document.timer = undefined;
            changed.fire(uri);
          },
          GATHER + document.length * GATHER_PER_CHARACTER,
        );
      },
      document.abort.signal,
    );
    return document;
  };
  return vscode.Disposable.from(
    changed,
    vscode.workspace.registerTextDocumentContentProvider(scheme, {
      onDidChange: changed.event,
      provideTextDocumentContent: async uri => {
        const document = shown.get(uri.toString()) ?? begin(uri);
        await document.first.promise;
        const text = document.text();
        document.length = text.length;
        return text;
      },
    }),
    vscode.window.tabGroups.onDidChangeTabs(({ opened, closed }) => {
      // For a while after its last tab was closed the editor keeps a document's text, and does not ask for it again.
      for (const { input } of opened) {
        if (!(input instanceof vscode.TabInputText) || input.uri.scheme !== scheme) continue;
        if (!shown.has(input.uri.toString())) begin(input.uri);
      }
      for (const { input } of closed) {
        if (input instanceof vscode.TabInputText && input.uri.scheme === scheme && !hasTab(input.uri)) end(input.uri);
      }
    }),
    vscode.workspace.onDidCloseTextDocument(({ uri }) => {
      if (uri.scheme === scheme && !hasTab(uri)) end(uri);
    }),
    ...(options.follow ? [followEnd(scheme)] : []),
    new vscode.Disposable(() => {
      for (const { abort, timer } of shown.values()) {
        clearTimeout(timer);
        abort.abort();
      }
    }),
  );
}

/** Opens such a document, or brings it to the front where it is open. */
export async function showLiveDocument(uri: vscode.Uri): Promise<vscode.TextEditor> {
  return vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), { preview: true });
}

/** Scrolls an editor to the end of its document. */
export function showEnd(editor: vscode.TextEditor): void {
  const last = new vscode.Position(editor.document.lineCount - 1, 0);
  editor.revealRange(new vscode.Range(last, last));
}

function hasTab(uri: vscode.Uri): boolean {
  return vscode.window.tabGroups.all
    .flatMap(group => group.tabs)
    .some(({ input }) => input instanceof vscode.TabInputText && input.uri.toString() === uri.toString());
}

/** A document is followed until a person scrolls up in it, and again once its end is shown. */
function followEnd(scheme: string): vscode.Disposable {
  const left = new Set<string>();
  const tops = new WeakMap<vscode.TextEditor, number>();
  return vscode.Disposable.from(
    vscode.window.onDidChangeTextEditorVisibleRanges(({ textEditor: editor, visibleRanges }) => {
      const { document } = editor;
      const [first] = visibleRanges;
      if (document.uri.scheme !== scheme || !first) return;
      const before = tops.get(editor);
      tops.set(editor, first.start.line);
      const lowest = visibleRanges.at(-1)?.end.line ?? 0;
      if (lowest >= document.lineCount - 2) left.delete(document.uri.toString());
      else if (before !== undefined && first.start.line < before) left.add(document.uri.toString());
    }),
    vscode.workspace.onDidChangeTextDocument(({ document }) => {
      if (document.uri.scheme !== scheme || left.has(document.uri.toString())) return;
      for (const editor of vscode.window.visibleTextEditors) if (editor.document === document) showEnd(editor);
    }),
    vscode.workspace.onDidCloseTextDocument(({ uri }) => left.delete(uri.toString())),
  );
}
