import * as vscode from 'vscode';
import type { BrokerPlace } from '../model/brokers.ts';
import type { App } from './app.ts';
import { label } from './label.ts';
import { productionPattern } from './productionPattern.ts';

/**
 * Asks before messages or a queue are taken away, and says of which broker and context. Where one of them matches the
 * setting workQueue.production, the name has to be typed, too.
 * @param o.detail what is taken, and what comes of it
 * @param o.name what is to be typed
 * @throws CancellationError when the answer is no; what keeps the broker from being reached
 */
export async function confirmTaking(
  app: App,
  o: { place: BrokerPlace; title: string; detail: string; button: string; name: string },
): Promise<void> {
  const where = await whereOf(app, o.place);
  const places = [where.display, ...(where.cluster ? [where.cluster.context] : [])];
  const pattern = productionPattern(app.settings.production, places);
  const detail = [
    o.detail,
    '',
    ...placeWords(where),
    ...(pattern === undefined
      ? []
      : [vscode.l10n.t('This is production: it matches “{0}” of the setting workQueue.production.', pattern)]),
  ].join('\n');
  const answer = await vscode.window.showWarningMessage(o.title, { modal: true, detail }, o.button);
  if (answer !== o.button) throw new vscode.CancellationError();
  if (pattern === undefined) return;
  const name = label(o.name);
  const typed = await vscode.window.showInputBox({
    title: o.title,
    prompt: vscode.l10n.t('This is production ({0}). Type the name {1} to go on.', places.join(', '), name),
    ignoreFocusOut: true,
    validateInput: text => (label(text) === name ? undefined : vscode.l10n.t('Not yet the name {0}', name)),
  });
  // Enter on a wrong name is refused by the box; this is for whatever else may close it.
  if (typed === undefined || label(typed) !== name) throw new vscode.CancellationError();
}

/** A broker and the chosen context. */
export interface Where {
  /** The broker's URL without its password. */
  display: string;
  /** undefined: there is no usable kubeconfig. */
  cluster: { context: string; namespace: string } | undefined;
}

export async function whereOf(app: App, place: BrokerPlace): Promise<Where> {
  const { display } = await place.link.get();
  // A context that was not read yet must not slip through.
  return { display, cluster: await app.model.cluster.get().catch(() => undefined) };
}

/** @returns the lines of a question that say where something is done */
export function placeWords({ display, cluster }: Where): string[] {
  return [
    vscode.l10n.t('Broker: {0}', display),
    ...(cluster
      ? [vscode.l10n.t('Context: {0}', cluster.context), vscode.l10n.t('Namespace: {0}', cluster.namespace)]
      : []),
  ];
}
