import type { App } from '../../app.ts';

const REMEMBERED = 'published';
const KEPT = 20;

/** A publication that can be taken back as long as its messages are in the queue. */
export interface Published {
  runId: string;
  /** BrokerPlace.id, and the broker's URL without its password. */
  place: string;
  broker: string;
  queue: string;
  /** What the items were taken from, in words. */
  from: string;
  confirmed: number;
  /** Milliseconds since the epoch. */
  at: number;
}

/** The latest publications from this workspace, the last one first. */
export const lastPublished = (app: App): Published[] => app.memory.get<Published[]>(REMEMBERED, []);

/** Puts a publication first, in the place of an earlier part of the same. */
export async function notePublication(app: App, published: Published): Promise<void> {
  const others = lastPublished(app).filter(({ runId }) => runId !== published.runId);
  await app.memory.update(REMEMBERED, [published, ...others].slice(0, KEPT));
}

export async function forgetPublication(app: App, runId: string): Promise<void> {
  const others = lastPublished(app).filter(published => published.runId !== runId);
  await app.memory.update(REMEMBERED, others);
}
