import { randomBytes } from 'node:crypto';
import { words } from './classify.ts';
import { type Connection, type ConnectOptions, openConnection } from './connection.ts';
import { BrokerError } from './error.ts';
import { onChannel } from './operation.ts';
import { missingRights, type Right } from './permissions.ts';
import type { PublishProgress } from './publication.ts';
import { publish } from './publish.ts';

export type BrokerCheck = 'connect' | 'permissions' | 'declare' | 'publish' | 'get' | 'compare' | 'delete';

export interface BrokerCheckResult {
  check: BrokerCheck;
  ok: boolean;
  milliseconds: number;
  error?: BrokerError;
  /** Of 'permissions': the rights that the user lacks. */
  missing?: Right[];
  /** Of 'publish': why the broker takes no messages from anybody at the moment, as a memory alarm. */
  blocked?: string;
}

/** The broker deletes the queue of a test that was killed after that. */
const QUEUE_EXPIRES_MS = 60_000;
const PUBLISH_TIMEOUT_MS = 10_000;

/**
 * Tries what the workflow needs of a broker, step after step, on a durable queue of its own that does not stay.
 * Never rejects: the first step that fails ends it, and `onCheck` has told why.
 */
export async function testBroker(
  options: ConnectOptions & { onCheck?: (result: BrokerCheckResult) => void },
): Promise<boolean> {
  const queue = `work-queue-test-${randomBytes(6).toString('hex')}`;
  const { signal } = options;
  const step = async <T>(check: BrokerCheck, work: () => Promise<T>): Promise<{ value: T } | undefined> => {
    const started = performance.now();
    const tell = (result: Pick<BrokerCheckResult, 'ok' | 'error' | 'missing' | 'blocked'>) =>
      options.onCheck?.({ check, milliseconds: Math.round(performance.now() - started), ...result });
    try {
      const value = await work();
      tell({ ok: true });
      return { value };
    } catch (reason) {
      const error = reason instanceof BrokerError ? reason : new BrokerError('other', words(reason));
      tell({
        ok: false,
        error,
        ...(error instanceof LacksRights ? { missing: error.missing } : {}),
        ...(error instanceof Blocked ? { blocked: error.detail } : {}),
      });
      return undefined;
    }
  };
  const opened = await step('connect', () => openConnection(options));
  if (!opened) return false;
  const connection = opened.value;
  try {
    if (!(await step('permissions', () => checkRights(connection, options, queue)))) return false;
    if (!(await step('declare', () => declareTemporary(connection, queue, signal)))) return false;
    const passed = await roundTrip();
    // Also after a failure or a cancel: the queue is ours to take away.
    const deleted = await step('delete', () =>
      onChannel(connection, 'deleting the queue', undefined, channel => channel.deleteQueue(queue)),
    );
    return passed && deleted !== undefined;
  } finally {
    await connection.close();
  }

  async function roundTrip(): Promise<boolean> {
    if (!(await step('publish', () => publishOne(options, queue)))) return false;
    const got = await step('get', () => getOne(connection, queue, signal));
    return got !== undefined && (await step('compare', async () => compare(got.value, queue))) !== undefined;
  }
}

class LacksRights extends BrokerError {
  readonly missing: Right[];

  constructor(missing: Right[]) {
    super('no-permission', missing.join(', '));
    this.missing = missing;
  }
}

class Blocked extends BrokerError {
  constructor(reason: string) {
    super('timeout', reason);
  }
}

async function checkRights(connection: Connection, options: ConnectOptions, queue: string): Promise<void> {
  const missing = await missingRights(connection, options, queue);
  if (missing.length > 0) throw new LacksRights(missing);
}

async function declareTemporary(connection: Connection, queue: string, signal: AbortSignal | undefined): Promise<void> {
  const options = { durable: true, expires: QUEUE_EXPIRES_MS };
  await onChannel(connection, 'declaring a queue', signal, channel => channel.assertQueue(queue, options));
}

async function publishOne(options: ConnectOptions, queue: string): Promise<void> {
  const items = [{ body: bodyFor(queue), line: 1 }];
  const limit = AbortSignal.timeout(PUBLISH_TIMEOUT_MS);
  const held = new AbortController();
  let blocked: string | undefined;
  const signal = AbortSignal.any([limit, held.signal, ...(options.signal ? [options.signal] : [])]);
  const onProgress = (progress: PublishProgress) => {
    blocked = progress.blocked;
    // A publication would wait for the alarm's end, a test tells of it.
    if (blocked !== undefined) held.abort();
  };
  const { confirmed, failed, error } = await publish({ ...options, signal, queue, items, runId: queue, onProgress });
  if (confirmed === 1) return;
  if (options.signal?.aborted) throw new BrokerError('cancelled', '');
  if (blocked !== undefined) throw new Blocked(blocked);
  if (limit.aborted) throw new BrokerError('timeout', `no confirm within ${PUBLISH_TIMEOUT_MS / 1000} s`);
  throw error ?? new BrokerError('other', failed[0]?.reason ?? 'the message was not confirmed');
}

async function getOne(connection: Connection, queue: string, signal: AbortSignal | undefined): Promise<string> {
  return await onChannel(connection, 'getting the message', signal, async channel => {
    const message = await channel.get(queue);
    if (!message) throw new BrokerError('other', 'the queue was empty');
    channel.ack(message);
    return message.content.toString();
  });
}

function compare(body: string, queue: string): void {
  if (body !== bodyFor(queue)) throw new BrokerError('other', `another message came back: ${body}`);
}

/** Not only ASCII: what is compared is the way of the bytes there and back. */
function bodyFor(queue: string): string {
  return `${queue}: zażółć gęślą jaźń 🐇`;
}
