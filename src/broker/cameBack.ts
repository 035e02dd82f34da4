import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { type Broker, connect } from './broker.ts';
import type { ConnectOptions } from './connection.ts';
import { type Held, QueueReader } from './queueReader.ts';

/** More than the acknowledgements that RabbitMQ keeps of a classic queue before it writes them (half a segment: 2,048). */
const MAX_PRINTS = 65_536;
/** A broker that was killed is back in some ten seconds. */
const RECOVER_MS = 60_000;
const TRY_AGAIN_MS = 500;
const CONNECT_TIMEOUT_MS = 5_000;

/** What a move has done, as far as it is needed to find it again. */
export class Moved {
  /** By queue: what was in it before, if that could be told, and what has arrived since. */
  readonly targets = new Map<string, { before: number | undefined; arrived: number }>();
  readonly #prints = new Set<string>();
  #areDifferent = true;

  /** @param properties as they were published */
  add(properties: Buffer, body: Uint8Array): void {
    const print = printOf(properties, body);
    if (this.#prints.has(print)) this.#areDifferent = false;
    this.#prints.add(print);
    const [oldest] = this.#prints;
    if (this.#prints.size > MAX_PRINTS && oldest !== undefined) this.#prints.delete(oldest);
  }

  has(properties: Buffer, body: Uint8Array): boolean {
    return this.#prints.has(printOf(properties, body));
  }

  /** Whether no two of them were the same in every byte. */
  get areDifferent(): boolean {
    return this.#areDifferent;
  }
}

/**
 * Finds out after a lost connection whether moved messages are in their source again, and takes them out once more.
 * RabbitMQ does not write each acknowledgement of a classic queue at once; a broker that is killed forgets the last ones
 * (seen with RabbitMQ 4.0.5: 442 of 442). A message is only taken out that is the same in every byte as one that moved,
 * and only when the targets still have all that arrived there, with nobody taking any: otherwise they stay.
 * @param move.rest how many messages were left in the source, by the account of the move
 * @param move.looked how many were looked at, which is how far the moved ones can reach
 * @param move.published the properties with which a message is published
 * @returns how many moved messages are in the source again; undefined: it could not be found out
 */
export async function takeCameBack(
  options: ConnectOptions & { queue: string },
  move: { moved: Moved; rest: number; looked: number; published: (held: Held) => Buffer },
): Promise<number | undefined> {
  const { queue, signal } = options;
  let broker: Broker | undefined;
  try {
    broker = await reconnect(options);
    const depth = await broker.depth(queue, signal);
    if (!depth || depth.consumers > 0) return undefined;
    const surplus = depth.ready - move.rest;
    if (surplus <= 0) return 0;
    if (!move.moved.areDifferent) return surplus;
    return await takeOut(options, move, await areThere(broker, move.moved, signal));
  } catch {
    return undefined;
  } finally {
    await broker?.close();
  }
}

async function takeOut(
  options: ConnectOptions & { queue: string },
  { moved, looked, published }: Parameters<typeof takeCameBack>[1],
  mayTake: boolean,
): Promise<number> {
  const reader = await QueueReader.open(options);
  let left = 0;
  try {
    for (let seen = 0; seen < looked; seen++) {
      const held = await reader.next(looked - seen, options.signal);
      if (!held) break;
      if (!moved.has(published(held), held.copy.body)) continue;
      if (mayTake) reader.ack(held);
      else left++;
    }
  } finally {
    await reader.close(options.signal);
  }
  return left + reader.unproven;
}

async function areThere(broker: Broker, { targets }: Moved, signal: AbortSignal | undefined): Promise<boolean> {
  for (const [queue, { before, arrived }] of targets) {
    const depth = await broker.depth(queue, signal);
    if (before === undefined || !depth || depth.consumers > 0 || depth.ready < before + arrived) return false;
  }
  return true;
}

async function reconnect(options: ConnectOptions): Promise<Broker> {
  const giveUpAt = performance.now() + RECOVER_MS;
  for (;;) {
    try {
      return await connect({ ...options, timeoutMs: CONNECT_TIMEOUT_MS });
    } catch (error) {
      if (performance.now() > giveUpAt) throw error;
      await delay(TRY_AGAIN_MS, undefined, { signal: options.signal });
    }
  }
}

function printOf(properties: Buffer, body: Uint8Array): string {
  return createHash('sha256').update(properties).update(body).digest('base64');
}
