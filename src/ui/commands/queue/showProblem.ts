import * as vscode from 'vscode';
import { isFormatError } from './formatProblem.ts';
import type { ItemSource } from './source.ts';

/** Opens the source where it is not in its format. */
export async function showProblem({ document }: ItemSource, problem: unknown): Promise<void> {
  if (!document || !isFormatError(problem)) return;
  const place = new vscode.Position(problem.line - 1, problem.column - 1);
  await vscode.window.showTextDocument(document, { selection: new vscode.Range(place, place) });
}
