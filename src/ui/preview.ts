import * as vscode from 'vscode';

const SCHEME = 'work-queue-preview';

interface Shown {
  text: string;
  actions: readonly vscode.Command[];
}

/** Read-only documents that are no files. */
export class Preview implements vscode.TextDocumentContentProvider, vscode.CodeLensProvider, vscode.Disposable {
  readonly #shown = new Map<string, Shown>();
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly #actionsChanged = new vscode.EventEmitter<void>();
  readonly onDidChange = this.#changed.event;
  readonly onDidChangeCodeLenses = this.#actionsChanged.event;
  readonly #disposables = [
    this.#changed,
    this.#actionsChanged,
    vscode.workspace.registerTextDocumentContentProvider(SCHEME, this),
    vscode.languages.registerCodeLensProvider({ scheme: SCHEME }, this),
    vscode.workspace.onDidCloseTextDocument(({ uri }) => {
      if (uri.scheme === SCHEME) this.#shown.delete(uri.path);
    }),
  ];

  /**
   * Shows a text beside nothing else of that name: the same name replaces it.
   * @param name the document's title; its ending decides the language
   * @param o.where the column, and whether the keyboard stays where it is
   * @param o.actions what can be done with it, as links above its first line
   */
  async show(
    name: string,
    text: string,
    o: { where?: vscode.TextDocumentShowOptions; actions?: readonly vscode.Command[] } = {},
  ): Promise<vscode.Uri> {
    const uri = vscode.Uri.from({ scheme: SCHEME, path: `/${name}` });
    this.#shown.set(uri.path, { text, actions: o.actions ?? [] });
    this.#changed.fire(uri);
    this.#actionsChanged.fire();
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), { preview: true, ...o.where });
    return uri;
  }

  /** Closes the tabs of a document. */
  async close(uri: vscode.Uri): Promise<void> {
    const tabs = vscode.window.tabGroups.all
      .flatMap(group => group.tabs)
      .filter(tab => tab.input instanceof vscode.TabInputText && tab.input.uri.toString() === uri.toString());
    await vscode.window.tabGroups.close(tabs);
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.#shown.get(uri.path)?.text ?? '';
  }

  provideCodeLenses({ uri }: vscode.TextDocument): vscode.CodeLens[] {
    const top = new vscode.Range(0, 0, 0, 0);
    return (this.#shown.get(uri.path)?.actions ?? []).map(action => new vscode.CodeLens(top, action));
  }

  dispose(): void {
    for (const disposable of this.#disposables) disposable.dispose();
  }
}
