import * as vscode from 'vscode';
import type { Remedy } from '../../workload/findings.ts';
import type { JobChange } from '../../workload/manifest.ts';
import type { TextEdit } from '../../workload/yamlEdit.ts';
import type { App } from '../app.ts';
import { manifestReader } from '../manifestReader.ts';
import { remedyAction, remedyLabel } from '../remedies.ts';
import { messages } from '../text.ts';
import type { Action } from '../userError.ts';
import { type Found, findIn } from './diagnostics.ts';
import { reading } from './manifests.ts';
import { MANIFEST_SELECTOR } from './manifestText.ts';
import { namesInstead } from './namesInstead.ts';
import type { Outlooks } from './outlook.ts';
import type { Surroundings } from './surroundings.ts';

/** What can be done about a finding, where it stands in the manifest. */
export function registerQuickFixes(app: App, outlooks: Outlooks, surroundings: Surroundings): vscode.Disposable {
  return vscode.languages.registerCodeActionsProvider(
    MANIFEST_SELECTOR,
    {
      provideCodeActions: async (document, range, _context, token) => {
        if (reading(document) === undefined) return [];
        const { jobEdit, strictEdit } = await manifestReader();
        const text = document.getText();
        const here = findIn(document, outlooks, surroundings).filter(
          ({ diagnostic }) => diagnostic.range.intersection(range) !== undefined,
        );
        const actions: vscode.CodeAction[] = [];
        for (const found of here) {
          const write = (title: string, edit: TextEdit | undefined, preferred: boolean) => {
            if (edit) actions.push(editing(document, found, { title, edit, preferred }));
          };
          const add = (title: string, change: JobChange, preferred = false) =>
            write(title, jobEdit(text, change, found.index), preferred);
          for (const remedy of found.finding.remedies) {
            if (remedy.action === 'use-strict-worker' && found.finding.proof.source === 'manifest') {
              write(remedyLabel(remedy), strictEdit(text, found.index), true);
            }
            const change = changeOf(remedy);
            if (change) add(titleOf(remedy, found), change, true);
            const action = change
              ? undefined
              : remedyAction(remedy, { queue: found.job.queue?.value, uri: document.uri });
            if (action) actions.push(call(found, action));
          }
          for (const { title, change } of await namesInstead(app, found, token)) add(title, change);
        }
        return actions;
      },
    },
    { providedCodeActionKinds: [vscode.CodeActionKind.QuickFix] },
  );
}

/** The remedies that are one number or one word of the manifest. */
function changeOf({ action, numbers }: Remedy): JobChange | undefined {
  switch (action) {
    case 'set-completions':
      return { field: 'completions', value: numbers.completions ?? 0 };
    case 'set-parallelism':
      return { field: 'parallelism', value: numbers.parallelism ?? 1 };
    case 'set-backoff-limit':
      return { field: 'backoffLimit', value: numbers.backoffLimit ?? 0 };
    case 'set-ttl':
      return { field: 'ttlSecondsAfterFinished', value: numbers.seconds ?? 0 };
    case 'keep-failed-pods':
      return { field: 'restartPolicy', value: 'Never' };
    case 'replace-failed-pods':
      return { field: 'podReplacementPolicy', value: 'Failed' };
    default:
      return undefined;
  }
}

function titleOf(remedy: Remedy, { finding, job }: Found): string {
  if (remedy.action !== 'set-completions') return remedyLabel(remedy);
  const completions = remedy.numbers.completions ?? 0;
  const ready = messages(Number(finding.proof.ready));
  const claimed = Number(finding.proof.claimed);
  const queue = job.queue?.value ?? '';
  return claimed === 0
    ? vscode.l10n.t('Set completions to {0} ({1} ready in {2})', completions, ready, queue)
    : vscode.l10n.t(
        'Set completions to {0} ({1} ready in {2}, {3} for active Jobs)',
        completions,
        ready,
        queue,
        claimed,
      );
}

function editing(
  document: vscode.TextDocument,
  { diagnostic }: Found,
  { title, edit, preferred }: { title: string; edit: TextEdit; preferred: boolean },
): vscode.CodeAction {
  const action = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
  const range = new vscode.Range(document.positionAt(edit.span.start), document.positionAt(edit.span.end));
  action.edit = new vscode.WorkspaceEdit();
  action.edit.replace(document.uri, range, edit.text);
  action.diagnostics = [diagnostic];
  action.isPreferred = preferred;
  return action;
}

function call({ diagnostic }: Found, { label, command, args }: Action): vscode.CodeAction {
  const action = new vscode.CodeAction(label, vscode.CodeActionKind.QuickFix);
  action.command = { title: label, command, arguments: args };
  action.diagnostics = [diagnostic];
  return action;
}
