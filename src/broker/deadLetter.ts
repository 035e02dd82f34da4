import { fieldsOf, isRecord, textOf } from './fields.ts';
import type { Management } from './management.ts';

/** Where a queue's rejected, expired and surplus messages go. */
export interface DeadLetter {
  /** Empty: the default exchange. */
  exchange: string;
  /** undefined: the one that the message came with. */
  routingKey: string | undefined;
  /** The one queue that they end up in; undefined: none, several, or it takes more than a look to know. */
  queue: string | undefined;
}

/**
 * The dead-letter target of a queue by its arguments or else its policy; undefined when there is none. Without a routing
 * key the messages are taken to have come through the default exchange, thus with the queue's name as their key.
 */
export async function deadLetterOf(
  api: Management,
  queue: string,
  args: Record<string, unknown>,
  policy: Record<string, unknown>,
): Promise<DeadLetter | undefined> {
  const exchange = args['x-dead-letter-exchange'] ?? policy['dead-letter-exchange'];
  if (typeof exchange !== 'string') return undefined;
  const routingKey = textOf(args['x-dead-letter-routing-key'] ?? policy['dead-letter-routing-key']);
  const key = routingKey ?? queue;
  return { exchange, routingKey, queue: exchange === '' ? key : await boundQueue(api, exchange, key) };
}

async function boundQueue(api: Management, exchange: string, key: string): Promise<string | undefined> {
  const path = `exchanges/${api.vhost}/${encodeURIComponent(exchange)}`;
  const [described, bindings] = await Promise.all([
    api.get(`${path}?columns=type`),
    api.get(`${path}/bindings/source?columns=destination,destination_type,routing_key`),
  ]);
  const { type } = fieldsOf(described);
  if ((type !== 'direct' && type !== 'fanout') || !Array.isArray(bindings)) return undefined;
  const taken = bindings.filter(isRecord).filter(binding => type === 'fanout' || binding.routing_key === key);
  const targets = new Set(taken.map(({ destination, destination_type }) => `${destination_type} ${destination}`));
  const [target] = targets;
  return targets.size === 1 && target?.startsWith('queue ') ? target.slice('queue '.length) : undefined;
}
