import { BrokerError } from './error.ts';
import { count, fieldsOf } from './fields.ts';
import { type ManagementOptions, withManagement } from './management.ts';

/**
 * Messages a second that are published to a queue and delivered from it (pushed or got, acked or not), over the broker's
 * last sample of 5 s. Both are undefined where the broker keeps no statistics, or not yet: it needs up to 10 s for a new
 * queue. Rejects as `withManagement` does, and with 'queue-missing'.
 */
export function queueRates(
  options: ManagementOptions & { queue: string },
): Promise<{ publish: number | undefined; deliver: number | undefined }> {
  return withManagement(options, async api => {
    const columns = 'messages_details,message_stats.publish_details.rate,message_stats.deliver_get_details.rate';
    const answer = await api.get(`queues/${api.vhost}/${encodeURIComponent(options.queue)}?columns=${columns}`);
    if (answer === undefined) throw new BrokerError('queue-missing', `no queue '${options.queue}'`);
    const { messages_details, message_stats } = fieldsOf(answer);
    if (messages_details === undefined) return { publish: undefined, deliver: undefined };
    const { publish_details, deliver_get_details } = fieldsOf(message_stats);
    // The broker has statistics of this queue; what is not among them has never happened.
    return {
      publish: count(fieldsOf(publish_details).rate) ?? 0,
      deliver: count(fieldsOf(deliver_get_details).rate) ?? 0,
    };
  });
}
