import type { FailedItem } from './failedItems.ts';

/** The queue that the items of a run came from, as it is after the run. */
export interface QueueAfter {
  ready: number;
  /** undefined: not known. */
  unacked: number | undefined;
  consumers: number;
  /** How often a message may fail before the broker gives it up; 'none': as often as it likes; undefined: not known. */
  deliveryLimit: number | 'none' | undefined;
  /** Whether a message that is given up goes to another queue. */
  deadLetters: boolean;
}

/** What became of the messages of failed items, each item in one of the lists. */
export interface Returned {
  /** The broker has put them back by itself, or is not known to have given them up. */
  cameBack: FailedItem[];
  /** Given up by the broker, to another queue. */
  deadLettered: FailedItem[];
  /** Given up by the broker and gone; `copies` of the body are to be published again. */
  gone: (FailedItem & { copies: number })[];
  /** Gone, too, but only the beginning of their bodies is known. */
  cut: FailedItem[];
}

/**
 * Where the messages of failed items are. A worker that fails acknowledges nothing, so the broker puts its message back;
 * only a quorum queue with a delivery limit gives one up, once it has failed more often than the limit says
 * (rabbitmq.com/docs/quorum-queues, poison message handling). A text that failed a multiple of that was several messages.
 */
export function whereFailedItemsAre(failed: readonly FailedItem[], queue: QueueAfter): Returned {
  const returned: Returned = { cameBack: [], deadLettered: [], gone: [], cut: [] };
  const { deliveryLimit: limit, deadLetters } = queue;
  for (const item of failed) {
    const copies = limit === 'none' || limit === undefined ? 0 : Math.floor(item.failures / (limit + 1));
    if (copies === 0) returned.cameBack.push(item);
    else if (deadLetters) returned.deadLettered.push(item);
    else if (item.whole) returned.gone.push({ ...item, copies });
    else returned.cut.push(item);
  }
  return returned;
}

/** Whether nothing is in the queue, or with a consumer: only then a message of the same text is not there surely. */
export const isSurelyEmpty = ({ ready, unacked, consumers }: QueueAfter): boolean =>
  ready === 0 && unacked === 0 && consumers === 0;
