/**
 * The command that gives one queue a policy with another ack timeout. A queue has one policy at a time
 * (https://www.rabbitmq.com/docs/parameters#policies), so what the one it has defines is in it too.
 *
 * @param o.milliseconds how long a message may be held without an ack
 * @param o.defined what the queue's policy defines now
 * @returns for a POSIX shell
 */
export function ackTimeoutPolicy(o: {
  vhost: string;
  queue: string;
  milliseconds: number;
  defined: Record<string, unknown>;
}): string {
  const { vhost, queue, milliseconds, defined } = o;
  const pattern = `^${queue.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`;
  const definition = JSON.stringify({ ...defined, 'consumer-timeout': milliseconds });
  const words = [
    '--vhost',
    vhost,
    '--priority',
    '100',
    '--apply-to',
    'queues',
    `ack-timeout-${queue}`,
    pattern,
    definition,
  ];
  return `rabbitmqctl set_policy ${words.map(quoted).join(' ')}`;
}

const quoted = (word: string) => (/^[\w./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`);
