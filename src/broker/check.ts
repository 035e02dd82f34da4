import { randomBytes } from 'node:crypto';
import { words } from './classify.ts';
import { type Connection, type ConnectOptions, openConnection } from './connection.ts';
import { BrokerError } from './error.ts';
import { onChannel } from './operation.ts';
import { publish } from './publish.ts';

export type BrokerCheck = 'connect' | 'declare' | 'publish' | 'get' | 'delete';

export interface BrokerCheckResult {
  check: BrokerCheck;
  ok: boolean;
  milliseconds: number;
  error?: BrokerError;
}

/** The broker deletes the queue of a test that was killed after that. */
const QUEUE_EXPIRES_MS = 60_000;

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
    const milliseconds = () => Math.round(performance.now() - started);
    try {
      const value = await work();
      options.onCheck?.({ check, ok: true, milliseconds: milliseconds() });
      return { value };
    } catch (reason) {
      const error = reason instanceof BrokerError ? reason : new BrokerError('other', words(reason));
      options.onCheck?.({ check, ok: false, milliseconds: milliseconds(), error });
      return undefined;
    }
  };
  const opened = await step('connect', () => openConnection(options));
  if (!opened) return false;
  const connection = opened.value;
  try {
    if (!(await step('declare', () => declareTemporary(connection, queue, signal)))) return false;
    const passed =
      (await step('publish', () => publishOne(options, queue))) &&
      (await step('get', () => getBack(connection, queue, signal)));
    // Also after a failure or a cancel: the queue is ours to take away.
    const deleted = await step('delete', () =>
      onChannel(connection, 'deleting the queue', undefined, channel => channel.deleteQueue(queue)),
    );
    return passed !== undefined && deleted !== undefined;
  } finally {
    await connection.close();
  }
}

async function declareTemporary(connection: Connection, queue: string, signal: AbortSignal | undefined): Promise<void> {
  const options = { durable: true, expires: QUEUE_EXPIRES_MS };
  await onChannel(connection, 'declaring a queue', signal, channel => channel.assertQueue(queue, options));
}

async function publishOne(options: ConnectOptions, queue: string): Promise<void> {
  const items = [{ body: bodyFor(queue), line: 1 }];
  const { confirmed, failed, error } = await publish({ ...options, queue, items, runId: queue });
  if (confirmed !== 1) throw error ?? new BrokerError('other', failed[0]?.reason ?? 'the message was not confirmed');
}

async function getBack(connection: Connection, queue: string, signal: AbortSignal | undefined): Promise<void> {
  await onChannel(connection, 'getting the message', signal, async channel => {
    const message = await channel.get(queue);
    if (!message) throw new BrokerError('other', 'the queue was empty');
    channel.ack(message);
    const body = message.content.toString();
    if (body !== bodyFor(queue)) throw new BrokerError('other', 'another message came back');
  });
}

/** Not only ASCII: what is compared is the way of the bytes there and back. */
function bodyFor(queue: string): string {
  return `${queue}: zażółć gęślą jaźń 🐇`;
}
