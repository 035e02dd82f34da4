import * as vscode from 'vscode';

/** What runs in a task's terminal in place of a program; resolves to the exit code. `write` takes one line. */
export type Script = (write: (line: string) => void, signal: AbortSignal) => Promise<number>;

/** A task's terminal whose program is a function of ours; closing the terminal aborts it. */
export class ScriptTerminal implements vscode.Pseudoterminal {
  readonly #write = new vscode.EventEmitter<string>();
  readonly #close = new vscode.EventEmitter<number>();
  readonly #abort = new AbortController();
  readonly #script: Script;
  readonly onDidWrite = this.#write.event;
  readonly onDidClose = this.#close.event;

  constructor(script: Script) {
    this.#script = script;
  }

  open(): void {
    const write = (line: string) => this.#write.fire(`${line}\r\n`);
    void this.#script(write, this.#abort.signal)
      .catch(error => {
        if (!this.#abort.signal.aborted) write(error instanceof Error ? error.message : String(error));
        return 1;
      })
      .then(exitCode => this.#close.fire(exitCode));
  }

  close(): void {
    this.#abort.abort();
  }
}
