import { setTimeout as delay } from 'node:timers/promises';
import * as vscode from 'vscode';
import { type Publication, Publications } from '../model/publications.ts';
import type { App } from './app.ts';
import { COMMANDS } from './ids.ts';
import { label } from './label.ts';

/**
 * When to look after the start. A window that was reloaded may find the process of the one before still ending, and one
 * that hung is given up on only after its last sign of life has grown old.
 */
const LOOKS_AFTER_MS = [0, 5_000, 25_000];

/** Offers to go on with a publication that a crash or a reload has cut off. Reads one folder, which is rarely there. */
export async function resumeOffer(app: App, signal: AbortSignal): Promise<void> {
  const startedAt = Date.now();
  const publications = new Publications(app.storageDir);
  for (const after of LOOKS_AFTER_MS) {
    if ((await publications.kept()) === 0) return;
    await delay(startedAt + after - Date.now(), undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
    const unfinished = await publications.unfinished();
    const cutOff = unfinished.find(one => !one.cancelled && one.startedAt < startedAt);
    if (cutOff) return offer(cutOff);
  }
}

async function offer({ runId, name, queue, items, journal }: Publication): Promise<void> {
  const buttons = [
    { label: vscode.l10n.t('Go On'), what: 'go-on' },
    { label: vscode.l10n.t('Show Account'), what: 'account' },
    { label: vscode.l10n.t('Discard'), what: 'discard' },
  ];
  const text = vscode.l10n.t(
    'Publishing {0} to {1} was cut off: {2} of {3} messages are known to be confirmed. Going on finds out first what else has arrived.',
    name === '' ? vscode.l10n.t('the clipboard') : label(name),
    label(queue),
    journal?.confirmed ?? 0,
    items,
  );
  const chosen = await vscode.window.showWarningMessage(text, ...buttons.map(button => button.label));
  const what = buttons.find(button => button.label === chosen)?.what;
  if (what) await vscode.commands.executeCommand(COMMANDS.resumePublish, runId, what);
}
