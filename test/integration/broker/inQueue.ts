import { connect } from 'amqplib';
import { type BrokerAddress, formatBrokerUrl } from '../../../src/workload/brokerUrl.ts';

export interface Found {
  body: string;
  id: string;
  properties: { contentType: unknown; contentEncoding: unknown; deliveryMode: unknown };
}

/** Takes everything that is in a queue, in its order. */
export async function takeAll(address: BrokerAddress, queue: string): Promise<Found[]> {
  const connection = await connect(formatBrokerUrl(address));
  const channel = await connection.createChannel();
  const { messageCount } = await channel.checkQueue(queue);
  const found: Found[] = [];
  if (messageCount > 0) {
    await new Promise<void>(resolve => {
      void channel.consume(
        queue,
        message => {
          if (!message) return;
          const { contentType, contentEncoding, deliveryMode, messageId } = message.properties;
          const properties = { contentType, contentEncoding, deliveryMode };
          found.push({ body: message.content.toString(), id: String(messageId), properties });
          if (found.length === messageCount) resolve();
        },
        { noAck: true },
      );
    });
  }
  await connection.close();
  return found;
}
