import * as vscode from 'vscode';

/** Long enough (ms) to be read; the row of the Job says the same for longer. */
const SHOWN_MS = 8_000;

/** Says what was done where it is seen and asks for nothing. */
export function sayShortly(text: string): void {
  vscode.window.setStatusBarMessage(text, SHOWN_MS);
}
