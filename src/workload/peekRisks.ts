/** What looking at the messages of a queue may do to it. */
export type PeekRisk =
  /** They are marked as delivered before. */
  | 'redelivered'
  /** They may not stay in their order. */
  | 'order'
  /** It counts against the number of deliveries after which the queue drops a message, or makes it a dead letter. */
  | 'delivery-limit'
  /** Consumers wait meanwhile, or run out of work. */
  | 'consumers';

/** RabbitMQ counts a return by basic.nack against a quorum queue's delivery limit up to here. */
const FREE_RETURNS_SINCE = [4, 3] as const;

/**
 * What peek() does to a queue, for a person to decide on it.
 * @param queue.type as the management API gives it; empty: unknown
 * @param queue.version the broker's, as `4.0.5`; empty: unknown
 * @param queue.consumers undefined: unknown
 * @param queue.deliveryLimit by argument or policy, less than 0: unlimited; undefined: unknown, or the broker's own
 * @returns `refuse`: not without being told; it is for what is known, and `risks` for what may be, too
 */
export function peekRisks(queue: {
  type: string;
  version: string;
  consumers: number | undefined;
  deliveryLimit: number | undefined;
}): { risks: PeekRisk[]; refuse: boolean } {
  const { type, version, consumers, deliveryLimit = 0 } = queue;
  const isConsumed = consumers !== 0;
  const mayBeQuorum = type !== 'classic';
  const isCounted = mayBeQuorum && deliveryLimit >= 0 && !isSince(version, FREE_RETURNS_SINCE);
  const risks: PeekRisk[] = ['redelivered'];
  // What is put back stands before what consumers got meanwhile; a quorum queue that loses the connection mixes it.
  if (isConsumed || mayBeQuorum) risks.push('order');
  if (isCounted) risks.push('delivery-limit');
  if (isConsumed) risks.push('consumers');
  return { risks, refuse: (consumers ?? 0) > 0 || (type === 'quorum' && isCounted) };
}

function isSince(version: string, [major, minor]: readonly [number, number]): boolean {
  const [, ownMajor, ownMinor] = /^(\d+)\.(\d+)/.exec(version) ?? [];
  if (ownMajor === undefined || ownMinor === undefined) return false;
  return Number(ownMajor) > major || (Number(ownMajor) === major && Number(ownMinor) >= minor);
}
