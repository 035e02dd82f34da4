import * as vscode from 'vscode';

/** How a line's Pod is named at its beginning: `[abcde] `. */
const TAG = /^\[[^\]]+\] /;

/** The theme's own colours, those that stand for errors and warnings left out. */
const COLOURS = [
  'terminal.ansiBlue',
  'terminal.ansiGreen',
  'terminal.ansiMagenta',
  'terminal.ansiCyan',
  'terminal.ansiBrightBlue',
  'terminal.ansiBrightMagenta',
];
/** Lines above and below those in sight that are coloured too, for scrolling. */
const BEYOND = 100;

/**
 * Gives the names of Pods at the beginnings of lines a colour each, in the documents of several Pods. Only what is in
 * sight is coloured, so that it costs the same however long the document is.
 */
export function colourTags(scheme: string): vscode.Disposable {
  const types = COLOURS.map(colour =>
    vscode.window.createTextEditorDecorationType({ color: new vscode.ThemeColor(colour), fontWeight: 'bold' }),
  );
  /** By document: its names, in the order in which they were first seen. */
  const names = new Map<string, Map<string, number>>();
  const draw = (editor: vscode.TextEditor) => {
    const { document } = editor;
    if (document.uri.scheme !== scheme || new URLSearchParams(document.uri.query).has('jobUid')) return;
    const key = document.uri.toString();
    const known = names.get(key) ?? new Map<string, number>();
    names.set(key, known);
    const ranges = COLOURS.map((): vscode.Range[] => []);
    for (const { start, end } of editor.visibleRanges) {
      const last = Math.min(document.lineCount - 1, end.line + BEYOND);
      for (let line = Math.max(0, start.line - BEYOND); line <= last; line++) {
        const [tag] = TAG.exec(document.lineAt(line).text) ?? [];
        if (tag === undefined) continue;
        const name = tag.slice(1).replace(/[\] /].*/, '');
        const place = known.get(name) ?? known.size;
        known.set(name, place);
        ranges[place % COLOURS.length]?.push(new vscode.Range(line, 0, line, tag.length - 1));
      }
    }
    types.forEach((type, at) => void editor.setDecorations(type, ranges[at] ?? []));
  };
  const drawAll = () => vscode.window.visibleTextEditors.forEach(draw);
  return vscode.Disposable.from(
    ...types,
    vscode.window.onDidChangeTextEditorVisibleRanges(({ textEditor }) => draw(textEditor)),
    vscode.window.onDidChangeVisibleTextEditors(drawAll),
    vscode.workspace.onDidChangeTextDocument(({ document }) => {
      if (document.uri.scheme === scheme) drawAll();
    }),
    vscode.workspace.onDidCloseTextDocument(({ uri }) => names.delete(uri.toString())),
  );
}
