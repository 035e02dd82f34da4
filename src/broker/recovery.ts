import { setTimeout as delay } from 'node:timers/promises';
import { words } from './classify.ts';
import type { ConnectOptions } from './connection.ts';
import { within } from './deadline.ts';
import { BrokerError } from './error.ts';
import { openSession, type Session } from './session.ts';

/** How to reach the broker: what of ConnectOptions may be another one after a loss. */
export type Way = (signal: AbortSignal) => Promise<Pick<ConnectOptions, 'address' | 'tls' | 'socketPath'>>;

const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 5_000;
const WAY_TIMEOUT_MS = 30_000;

/**
 * Opens a session again, with longer and longer pauses between the attempts, until `settle` has gone through.
 * @param settle what has to be done with the session before it is used
 * @throws BrokerError the last attempt's, when it is too late for another, or none can help
 */
export async function reopen(
  options: ConnectOptions & { queue: string; way: Way },
  giveUpAt: number,
  settle: (session: Session) => Promise<void>,
): Promise<Session> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await reopenOnce(options, settle);
    } catch (error) {
      // Half of the pause is left to chance: a broker that comes back has others who wait for it.
      const pauseMs = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** attempt) * (0.5 + Math.random() / 2);
      if (isFinal(error) || performance.now() + pauseMs > giveUpAt) throw error;
      await delay(pauseMs, undefined, { signal: options.signal }).catch(() => {
        throw new BrokerError('cancelled', '');
      });
    }
  }
}

async function reopenOnce(
  options: ConnectOptions & { queue: string; way: Way },
  settle: (session: Session) => Promise<void>,
): Promise<Session> {
  const place = await reach(options.way, options.signal);
  const session = await openSession({ ...options, tls: undefined, socketPath: undefined, ...place });
  try {
    await settle(session);
    return session;
  } catch (error) {
    await session.close();
    throw error;
  }
}

async function reach(way: Way, signal: AbortSignal | undefined): ReturnType<Way> {
  try {
    return await within(way(signal ?? new AbortController().signal), WAY_TIMEOUT_MS, 'a way to the broker', signal);
  } catch (error) {
    throw error instanceof BrokerError ? error : new BrokerError('unreachable', words(error));
  }
}

/** A broker that starts answers anything for a while; but a queue it has forgotten does not come back. */
function isFinal(error: unknown): boolean {
  if (!(error instanceof BrokerError)) return false;
  // "home node … of durable queue … is down or inaccessible": that one does.
  return error.code === 'cancelled' || (error.code === 'queue-missing' && !error.detail.includes('is down'));
}
