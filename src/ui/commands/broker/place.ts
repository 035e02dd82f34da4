import type { BrokerPlace } from '../../../model/brokers.ts';
import type { App } from '../../app.ts';

/** The broker that a row of the Queues view stands for; from the palette the workspace's own. */
export function placeOf(app: App, row: { place: string } | undefined): BrokerPlace {
  return (row && app.model.brokers.find(row.place)) ?? app.model.brokers.main;
}
