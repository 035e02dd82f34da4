import { Moved, takeCameBack } from './cameBack.ts';
import type { ConnectOptions } from './connection.ts';
import { BrokerError } from './error.ts';
import { forwarded } from './forwarded.ts';
import { goThrough, type Walk } from './goThrough.ts';
import { login } from './login.ts';
import { DELIVERY_HEADERS, type MessageCopy, type MessageFilter, originOf } from './messageCopy.ts';
import { OneByOne } from './oneByOne.ts';
import { checkQueueName, onChannel } from './operation.ts';
import type { Held, QueueReader } from './queueReader.ts';

export interface TransferOptions extends ConnectOptions {
  from: string;
  /** 'origin': each message to the queue in which it died first. */
  to: { queue: string } | 'origin';
  /** Copy: the messages stay where they are as well. */
  keep: boolean;
  /** The most messages to transfer; default all that are there at the start. */
  count?: number;
  /** Messages for which it is false are left in place. */
  filter?: MessageFilter;
  /** Called ten times a second at most, at the end, and when the broker stops or resumes reading. */
  onProgress?: (progress: TransferProgress) => void;
}

export interface TransferProgress {
  done: number;
  skipped: number;
  /** How many are looked at at most: what was there at the start. */
  of: number;
  /** The broker's words while it takes no messages, as in a memory alarm. */
  blocked: string | undefined;
}

export interface TransferOutcome {
  /** 'refused': by the target, see `refusal`, or by the broker, see `error`. */
  ended: 'done' | 'cancelled' | 'connection-lost' | 'refused';
  /** Confirmed in their targets. */
  done: number;
  /** The same by target queue. */
  arrived: Map<string, number>;
  /** Looked at, and not for the filter. */
  skipped: number;
  /** With 'origin': never a dead letter, or of a queue that is no more; they are where they were. */
  noOrigin: number;
  /** How many there were in the source when it began. */
  of: number;
  /** One message may be in both queues, or when copied one more may be in the target. */
  maybeTwice: 0 | 1;
  /**
   * Of a move whose connection was lost: how many of `done` are in the source again, because the broker was killed and
   * has forgotten that they were acknowledged; undefined: it could not be found out.
   */
  cameBack?: number;
  /** The target that did not take a message; the message is where it was. */
  refusal?: { queue: string; reason: 'unroutable' | 'nacked' };
  error?: BrokerError;
}

/**
 * Copies of a message that the publisher has asked for; publishing with them again would make them again, elsewhere
 * (https://www.rabbitmq.com/docs/sender-selected).
 */
const COPIES = ['CC', 'BCC'];
/** https://www.rabbitmq.com/docs/dlx#effects */
const DEATH = /^x-(death$|first-death-|last-death-)/;

/**
 * Moves or copies messages to another queue: each is published, confirmed by the broker, and only then acknowledged
 * where it came from. A message is never lost; whatever ends it, one message at most is in both queues. Both go over
 * one channel, in which the broker has an acknowledgement before what is published after it: so it is not on separate
 * connections, although an alarm then stops the taking as well. What a broker that is killed has forgotten of it is taken
 * out of the source again, as far as that is safe, see takeCameBack().
 *
 * Every byte of a body stays as it was, and of the properties, too, except that the message becomes persistent, the user
 * id of another user goes (the broker would refuse it), and so do CC (it would send copies elsewhere) and what a quorum
 * queue counts. With 'origin' the account of the deaths goes as well: who sends a message back wants it tried anew, and
 * a consumer that gives up after three deaths would give up at once. Any other transfer keeps it.
 *
 * Left in the source, in place and order: what the filter does not want, and what has no origin.
 * @throws BrokerError as long as no message was sent, as 'queue-missing' of the source
 */
export async function transfer(options: TransferOptions): Promise<TransferOutcome> {
  const { from, to, keep, filter, onProgress, address } = options;
  if (to !== 'origin') checkQueueName(to.queue);
  const { user } = login(address);
  const drop = (header: string) =>
    DELIVERY_HEADERS.includes(header) || COPIES.includes(header) || (to === 'origin' && DEATH.test(header));
  const moved = new Moved();
  const { targets } = moved;
  let done = 0;
  let originGone = 0;
  let refusal: TransferOutcome['refusal'];
  let publisher: OneByOne | undefined;
  const publishedAs = (held: Held) => forwarded(held.properties, user, drop);
  let neverDied = 0;
  const isReturned = (message: MessageCopy) => {
    if (filter && !filter(message)) return false;
    if (originOf(message) !== undefined) return true;
    neverDied++;
    return false;
  };
  const send = async (reader: QueueReader, through: OneByOne, held: Held, late: AbortSignal) => {
    const queue = to === 'origin' ? originOf(held.copy) : to.queue;
    if (queue === undefined) return 'left';
    const properties = publishedAs(held);
    let target = targets.get(queue);
    if (!target) {
      target = { before: keep ? undefined : await depthOf(reader, queue, late), arrived: 0 };
      targets.set(queue, target);
    }
    const published = await through.publish(queue, properties, held.copy.body, late);
    if (published === 'confirmed') {
      done++;
      target.arrived++;
      if (!keep) {
        moved.add(properties, held.copy.body);
        reader.ack(held);
      }
      return 'taken';
    }
    if (to === 'origin' && published === 'unroutable') {
      originGone++;
      return 'left';
    }
    refusal = { queue, reason: published };
    return 'stop';
  };
  const walk = await goThrough(
    { ...options, queue: from, ...(to === 'origin' ? { filter: isReturned } : {}) },
    ({ skipped, of, blocked }) => onProgress?.({ done, skipped: skipped - neverDied, of, blocked }),
    reader => {
      const through = new OneByOne(reader.own);
      publisher = through;
      return (held, late) => send(reader, through, held, late);
    },
  );
  const mayBeThere = publisher?.unanswered === true && walk.error?.code !== 'no-permission';
  const mayBeHere = !keep && walk.unproven > 0;
  const outcome: TransferOutcome = {
    ...ending(walk, refusal),
    done,
    arrived: new Map([...targets].flatMap(([queue, target]) => (target.arrived > 0 ? [[queue, target.arrived]] : []))),
    skipped: walk.skipped - neverDied,
    noOrigin: neverDied + originGone,
    of: walk.of,
    maybeTwice: mayBeThere || mayBeHere ? 1 : 0,
  };
  // What moved to its own queue's end is there again in any case.
  if (outcome.ended !== 'connection-lost' || keep || done === 0 || targets.has(from)) return outcome;
  const { looked, of } = walk;
  const cameBack = await takeCameBack(
    { ...options, queue: from },
    { moved, rest: of - done, looked, published: publishedAs },
  );
  return { ...outcome, cameBack };
}

/** Ready messages, with one look; undefined: it is missing, or this user may not know. */
async function depthOf({ own }: QueueReader, queue: string, signal: AbortSignal): Promise<number | undefined> {
  try {
    const looking = onChannel(own.connection, `the depth of '${queue}'`, signal, channel => channel.checkQueue(queue));
    return (await looking).messageCount;
  } catch {
    return undefined;
  }
}

function ending({ ended, error }: Walk, refusal: TransferOutcome['refusal']) {
  if (ended !== 'stopped' || !refusal) return { ended: ended === 'stopped' ? 'done' : ended, ...(error && { error }) };
  const { queue, reason } = refusal;
  const missing = new BrokerError('queue-missing', `no queue '${queue}'`);
  const full = new BrokerError('other', `queue '${queue}' takes no messages`);
  return { ended: 'refused', refusal, error: reason === 'unroutable' ? missing : full } as const;
}
