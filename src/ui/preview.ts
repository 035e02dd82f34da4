import * as vscode from 'vscode';

const SCHEME = 'work-queue-preview';

/** Read-only documents that are no files. */
export class Preview implements vscode.TextDocumentContentProvider, vscode.Disposable {
  readonly #texts = new Map<string, string>();
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.#changed.event;
  readonly #disposables = [
    this.#changed,
    vscode.workspace.registerTextDocumentContentProvider(SCHEME, this),
    vscode.workspace.onDidCloseTextDocument(({ uri }) => {
      if (uri.scheme === SCHEME) this.#texts.delete(uri.path);
    }),
  ];

  /**
   * Shows a text beside nothing else of that name: the same name replaces it.
   * @param name the document's title; its ending decides the language
   * @param where the column, and whether the keyboard stays where it is
   */
  async show(name: string, text: string, where: vscode.TextDocumentShowOptions = {}): Promise<vscode.Uri> {
    const uri = vscode.Uri.from({ scheme: SCHEME, path: `/${name}` });
    this.#texts.set(uri.path, text);
    this.#changed.fire(uri);
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), { preview: true, ...where });
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
    return this.#texts.get(uri.path) ?? '';
  }

  dispose(): void {
    for (const disposable of this.#disposables) disposable.dispose();
  }
}
