import * as vscode from 'vscode';
import { redact } from '../workload/brokerUrl.ts';
import type { App, Command } from './app.ts';
import { explain } from './explain.ts';
import { COMMANDS, type CommandId } from './ids.ts';
import { isUserError } from './userError.ts';

/** Every command has a body; the compiler asks for those that are missing. They are loaded when the first is called. */
export type CommandTable = { [K in CommandId]: Command<never[]> };

/** Registers the commands; the one place where an error of a command becomes words and buttons. */
export function registerCommands(app: App, table: () => Promise<CommandTable>): vscode.Disposable {
  return vscode.Disposable.from(
    ...Object.values(COMMANDS).map(id =>
      vscode.commands.registerCommand(id, async (...args: never[]) => {
        try {
          const commands = await table();
          await commands[id](app, ...args);
        } catch (error) {
          // Not awaited: the command has ended, its message may stay for as long as it likes.
          void show(app, id, error);
        }
      }),
    ),
  );
}

async function show(app: App, id: string, error: unknown): Promise<void> {
  if (error instanceof vscode.CancellationError || (error instanceof Error && error.name === 'AbortError')) return;
  const { text, actions } = explain(error);
  // What a person has to do first is no fault of ours: a stack would only look like one.
  if (isUserError(error)) app.log.warn(`${id}: ${error.text}`);
  else app.log.error(`${id}: ${redact(error instanceof Error ? (error.stack ?? error.message) : String(error))}`);
  const showOutput = { label: vscode.l10n.t('Show Output'), command: COMMANDS.showOutput, args: [] };
  const buttons = isUserError(error) ? actions : [...actions, showOutput];
  const ask = isUserError(error) && error.warning ? vscode.window.showWarningMessage : vscode.window.showErrorMessage;
  const label = await ask(text, ...buttons.map(button => button.label));
  const chosen = buttons.find(button => button.label === label);
  if (chosen) await vscode.commands.executeCommand(chosen.command, ...(chosen.args ?? []));
}

/**
 * Runs work under a notification with progress and Cancel.
 * @param title what is done, e.g. "Publishing to job1"
 * @throws CancellationError when the person cancelled and the work ended by that
 */
export async function withProgress<T>(
  title: string,
  work: (signal: AbortSignal, report: (message: string, percent?: number) => void) => Promise<T>,
): Promise<T> {
  return vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title, cancellable: true },
    async (progress, token) => {
      const abort = new AbortController();
      const listener = token.onCancellationRequested(() => abort.abort(new vscode.CancellationError()));
      let done = 0;
      try {
        return await work(abort.signal, (message, percent) => {
          progress.report({ message, increment: percent === undefined ? undefined : Math.max(0, percent - done) });
          if (percent !== undefined) done = Math.max(done, percent);
        });
      } catch (error) {
        throw abort.signal.aborted ? new vscode.CancellationError() : error;
      } finally {
        listener.dispose();
      }
    },
  );
}
