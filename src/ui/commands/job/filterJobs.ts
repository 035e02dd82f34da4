import * as vscode from 'vscode';
import type { JobState } from '../../../workload/ledger.ts';
import type { App } from '../../app.ts';
import { stateWord } from '../../jobWords.ts';

const STATES: JobState[] = ['running', 'suspended', 'complete', 'failed'];

/** Command: shows only Jobs in the chosen states; all of them or none chosen shows all again. */
export async function filterJobs(app: App): Promise<void> {
  const { jobFilter, model } = app;
  const items = STATES.map(state => ({
    label: stateWord(state),
    description: String(model.runs.rows.filter(({ job }) => job.state === state).length),
    picked: jobFilter.states?.includes(state) ?? true,
    state,
  }));
  const picked = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t('Filter Jobs'),
    placeHolder: vscode.l10n.t('The states of the Jobs to show'),
    canPickMany: true,
    ignoreFocusOut: true,
  });
  if (!picked) throw new vscode.CancellationError();
  const all = picked.length === 0 || picked.length === STATES.length;
  jobFilter.setStates(all ? undefined : picked.map(({ state }) => state));
}
