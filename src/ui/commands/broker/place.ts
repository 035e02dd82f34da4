import * as vscode from 'vscode';
import type { BrokerPlace } from '../../../model/brokers.ts';
import type { App } from '../../app.ts';
import { label } from '../../label.ts';
import { pickOne } from '../../pickOne.ts';

/** The broker that a row of the Queues view stands for; from the palette the workspace's own. */
export function placeOf(app: App, row: { place: string } | undefined): BrokerPlace {
  return (row && app.model.brokers.find(row.place)) ?? app.model.brokers.main;
}

/**
 * The broker that a command from the palette is for: the one that is connected, asked for where they are several, the
 * workspace's own where there is none.
 * @throws CancellationError when none was chosen
 */
export async function placeInUse(app: App, title: string): Promise<BrokerPlace> {
  const connected = app.model.brokers.all.filter(({ link }) => link.connected);
  const [only = app.model.brokers.main] = connected;
  return connected.length > 1 ? choosePlace(title, connected) : only;
}

/** Asks for one of several brokers. @throws CancellationError when none was chosen */
export async function choosePlace(title: string, places: readonly BrokerPlace[]): Promise<BrokerPlace> {
  const choices = places.map(place => ({
    label: label(place.label || (place.link.connected?.display ?? vscode.l10n.t('The workspace’s broker'))),
    place,
  }));
  const placeHolder = vscode.l10n.t('Choose the broker');
  const chosen = await pickOne(choices, { title, placeHolder });
  return chosen.place;
}
