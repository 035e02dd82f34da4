import { type DeadLetter, deadLetterOf } from './deadLetter.ts';
import { BrokerError } from './error.ts';
import { count, fieldsOf, isRecord, textOf, textsOf } from './fields.ts';
import { type Management, type ManagementOptions, withManagement } from './management.ts';

/** Who takes messages out of a queue. */
export interface QueueConsumer {
  tag: string;
  /** As the broker names it. */
  connection: string;
  /** `address:port`, of a Pod in the same cluster its own; undefined: the connection has gone. */
  peer: string | undefined;
  /** The name that the client gave itself; undefined also where this user may not see others' connections. */
  connectionName: string | undefined;
  user: string | undefined;
  /** 0: as many as there are. */
  prefetch: number;
  /** False: a message is gone once it is sent. */
  ackRequired: boolean;
  /** False: waits for the one that takes all. */
  active: boolean;
}

/** Messages a second, over the broker's last sample of 5 s; undefined: it has not counted any. */
export interface QueueRates {
  publish: number | undefined;
  deliver: number | undefined;
  ack: number | undefined;
  redeliver: number | undefined;
}

/** All that the management API says of one queue; undefined: it does not say, or there is none. */
export interface QueueDetails {
  type: string;
  durable: boolean;
  exclusive: boolean;
  autoDelete: boolean;
  arguments: Record<string, unknown>;
  policy: string | undefined;
  operatorPolicy: string | undefined;
  /** What both policies define, by name as `message-ttl`. */
  effectivePolicy: Record<string, unknown>;
  /** `running`, `idle`, `down`, `minority`… */
  state: string | undefined;
  node: string | undefined;
  leader: string | undefined;
  members: string[] | undefined;
  online: string[] | undefined;
  ready: number | undefined;
  unacked: number | undefined;
  /** Of all bodies. */
  bytes: number | undefined;
  consumers: QueueConsumer[];
  rates: QueueRates;
  /** Messages that have gone in since the broker counts; undefined: it has not counted any. */
  published: number | undefined;
  deadLetter: DeadLetter | undefined;
  /** By argument or policy, less than 0: unlimited; undefined: what the broker has by default (20 for quorum from 4.0 on). */
  deliveryLimit: number | undefined;
}

/** How many connections are asked for their names. */
const NAMED_AT_MOST = 50;

/**
 * One queue in full. Rejects as `withManagement` does, and with 'queue-missing'.
 * Rates and consumers are up to 5 s old; `ready` and `unacked` are of now.
 */
export function queueDetails(options: ManagementOptions & { queue: string }): Promise<QueueDetails> {
  return withManagement(options, async api => {
    const path = `queues/${api.vhost}/${encodeURIComponent(options.queue)}`;
    const totals = 'disable_stats=true&enable_queue_totals=true&columns=messages_ready,messages_unacknowledged';
    const [answer, figures] = await Promise.all([api.get(path), api.get(`${path}?${totals}`)]);
    if (answer === undefined) throw new BrokerError('queue-missing', `no queue '${options.queue}'`);
    if (!isRecord(answer)) throw new BrokerError('management-off', 'another API answers');
    const args = fieldsOf(answer.arguments);
    const policy = fieldsOf(answer.effective_policy_definition);
    const [consumers, deadLetter] = await Promise.all([
      consumersOf(api, answer.consumer_details),
      deadLetterOf(api, options.queue, args, policy),
    ]);
    const { messages_ready, messages_unacknowledged } = fieldsOf(figures);
    return {
      type: textOf(answer.type) ?? 'classic',
      durable: answer.durable === true,
      exclusive: answer.exclusive === true,
      autoDelete: answer.auto_delete === true,
      arguments: args,
      policy: textOf(answer.policy),
      operatorPolicy: textOf(answer.operator_policy),
      effectivePolicy: policy,
      state: textOf(answer.state),
      node: textOf(answer.node),
      leader: textOf(answer.leader),
      members: textsOf(answer.members),
      online: textsOf(answer.online),
      ready: count(messages_ready),
      unacked: count(messages_unacknowledged),
      bytes: count(answer.message_bytes),
      consumers,
      rates: ratesOf(answer.message_stats),
      published: count(fieldsOf(answer.message_stats).publish),
      deadLetter,
      deliveryLimit: deliveryLimitOf(count(args['x-delivery-limit']), count(policy['delivery-limit'])),
    };
  });
}

async function consumersOf(api: Management, details: unknown): Promise<QueueConsumer[]> {
  const all = Array.isArray(details) ? details.filter(isRecord) : [];
  const connections = new Set(all.map(one => textOf(fieldsOf(one.channel_details).connection_name) ?? ''));
  const names = new Map(
    await Promise.all(
      [...connections].slice(0, NAMED_AT_MOST).map(async name => [name, await connectionName(api, name)] as const),
    ),
  );
  return all.map(one => {
    const channel = fieldsOf(one.channel_details);
    const connection = textOf(channel.connection_name) ?? '';
    return {
      tag: String(one.consumer_tag),
      connection,
      peer: peerOf(channel),
      connectionName: names.get(connection),
      user: textOf(channel.user),
      prefetch: count(one.prefetch_count) ?? 0,
      ackRequired: one.ack_required === true,
      // Brokers before 3.8 do not say, and have no other.
      active: one.active !== false,
    };
  });
}

async function connectionName(api: Management, connection: string): Promise<string | undefined> {
  if (connection === '') return undefined;
  try {
    const answer = await api.get(`connections/${encodeURIComponent(connection)}?columns=user_provided_name`);
    return textOf(fieldsOf(answer).user_provided_name);
  } catch (error) {
    // A user without the tag "monitoring" sees his own only; and one that has just closed is an error 500.
    if (error instanceof BrokerError && error.code === 'cancelled') throw error;
    return undefined;
  }
}

function peerOf({ peer_host, peer_port }: Record<string, unknown>): string | undefined {
  const host = textOf(peer_host);
  return host && `${host.includes(':') ? `[${host}]` : host}:${String(peer_port)}`;
}

function ratesOf(stats: unknown): QueueRates {
  const { publish_details, deliver_get_details, ack_details, redeliver_details } = fieldsOf(stats);
  const [publish, deliver, ack, redeliver] = [publish_details, deliver_get_details, ack_details, redeliver_details].map(
    details => count(fieldsOf(details).rate),
  );
  return { publish, deliver, ack, redeliver };
}

/** Which of the two the broker takes (rabbit_quorum_queue:resolve_delivery_limit). */
function deliveryLimitOf(argument: number | undefined, policy: number | undefined): number | undefined {
  if (argument === undefined || policy === undefined) return argument ?? policy;
  return argument < 0 || policy < 0 ? Math.max(argument, policy) : Math.min(argument, policy);
}
