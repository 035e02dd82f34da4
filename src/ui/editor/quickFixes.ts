import * as vscode from 'vscode';
import type { completionsEdit } from '../../workload/manifest.ts';
import { manifestReader } from '../manifestReader.ts';
import { remedyAction } from '../remedies.ts';
import { messages } from '../text.ts';
import type { Action } from '../userError.ts';
import { type Found, findIn } from './diagnostics.ts';
import { MANIFEST_SELECTOR, reading } from './manifests.ts';
import type { Outlooks } from './outlook.ts';

/** What can be done about a finding, where it stands in the manifest. */
export function registerQuickFixes(outlooks: Outlooks): vscode.Disposable {
  return vscode.languages.registerCodeActionsProvider(
    MANIFEST_SELECTOR,
    {
      provideCodeActions: async (document, range) => {
        if (reading(document) === undefined) return [];
        const reader = await manifestReader();
        return findIn(document, outlooks)
          .filter(({ diagnostic }) => diagnostic.range.intersection(range) !== undefined)
          .flatMap(found => fixes(document, found, reader.completionsEdit));
      },
    },
    { providedCodeActionKinds: [vscode.CodeActionKind.QuickFix] },
  );
}

function fixes(document: vscode.TextDocument, found: Found, toSet: typeof completionsEdit): vscode.CodeAction[] {
  const queue = found.job.queue?.value;
  return found.finding.remedies.flatMap(remedy => {
    if (remedy.action === 'set-completions') {
      return setCompletions(
        document,
        found,
        toSet(document.getText(), remedy.numbers.completions ?? 0, found.index),
        remedy.numbers.completions,
      );
    }
    const action = remedyAction(remedy, { queue, uri: document.uri });
    return action ? [call(found, action)] : [];
  });
}

function setCompletions(
  document: vscode.TextDocument,
  { diagnostic, job, finding }: Found,
  edit: ReturnType<typeof completionsEdit>,
  completions = 0,
): vscode.CodeAction[] {
  if (!edit) return [];
  const ready = messages(Number(finding.proof.ready));
  const claimed = Number(finding.proof.claimed);
  const queue = job.queue?.value ?? '';
  const title =
    claimed === 0
      ? vscode.l10n.t('Set completions to {0} ({1} ready in {2})', completions, ready, queue)
      : vscode.l10n.t(
          'Set completions to {0} ({1} ready in {2}, {3} for active Jobs)',
          completions,
          ready,
          queue,
          claimed,
        );
  const action = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
  const range = new vscode.Range(document.positionAt(edit.span.start), document.positionAt(edit.span.end));
  action.edit = new vscode.WorkspaceEdit();
  action.edit.replace(document.uri, range, edit.text);
  action.diagnostics = [diagnostic];
  action.isPreferred = true;
  return [action];
}

function call({ diagnostic }: Found, { label, command, args }: Action): vscode.CodeAction {
  const action = new vscode.CodeAction(label, vscode.CodeActionKind.QuickFix);
  action.command = { title: label, command, arguments: args };
  action.diagnostics = [diagnostic];
  return action;
}
