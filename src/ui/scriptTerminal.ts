import * as vscode from 'vscode';

/** What runs in a terminal in place of a program; resolves to the exit code. `write` takes one line. */
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

/**
 * Runs a script in a terminal of its own, which stays open with what it said, until the next one of that name.
 * @throws what the script throws; the signal's reason when it aborts; CancellationError when the terminal is closed
 */
export async function runInTerminal(name: string, script: Script, signal: AbortSignal): Promise<void> {
  for (const terminal of vscode.window.terminals) if (terminal.name === name) terminal.dispose();
  const lines = new vscode.EventEmitter<string>();
  const closed = new AbortController();
  const opened = Promise.withResolvers<void>();
  const close = () => {
    closed.abort(new vscode.CancellationError());
    opened.resolve();
  };
  const terminal = vscode.window.createTerminal({
    name,
    pty: { onDidWrite: lines.event, open: () => opened.resolve(), close },
  });
  terminal.show(true);
  await opened.promise;
  await script(line => lines.fire(`${line}\r\n`), AbortSignal.any([signal, closed.signal]));
}
