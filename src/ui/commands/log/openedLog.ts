import * as vscode from 'vscode';
import { SCHEMES } from '../../ids.ts';
import { UserError } from '../../userError.ts';

/**
 * @param uri of the editor that a button belongs to; without it the active editor is meant
 * @returns the document of a log
 * @throws UserError when no log is open there
 */
export function openedLog(uri: vscode.Uri | undefined): vscode.TextDocument {
  const active = vscode.window.activeTextEditor?.document;
  const wanted = uri?.toString() ?? active?.uri.toString();
  const document = vscode.workspace.textDocuments.find(document => document.uri.toString() === wanted);
  if (document?.uri.scheme === SCHEMES.log) return document;
  throw new UserError(vscode.l10n.t('Open a log first: Show Log on a Pod, or Show All Logs on a Job.'), {
    warning: true,
  });
}
