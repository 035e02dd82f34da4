import { connect } from 'amqplib';

/** How many messages may wait for their confirm, and the socket that leads to the broker when the URL's host does not. */
export interface BareOptions {
  window: number;
  socketPath?: string;
}

/**
 * What one would write by hand: persistent messages through a confirm channel, the next ones as confirms come, and no
 * account of what became of which line. Returns when all are confirmed.
 */
export async function publishBare(url: string, queue: string, lines: string[], o: BareOptions): Promise<void> {
  const connection = await connect(url, o.socketPath === undefined ? undefined : { path: o.socketPath });
  const channel = await connection.createConfirmChannel();
  await new Promise<void>((resolve, reject) => {
    connection.on('error', reject);
    let next = 0;
    let confirmed = 0;
    const fill = () => {
      while (next - confirmed < o.window && next < lines.length) {
        channel.sendToQueue(queue, Buffer.from(lines[next++] ?? ''), { persistent: true }, error => {
          if (error) reject(error);
          if (++confirmed === lines.length) resolve();
          else fill();
        });
      }
    };
    fill();
  });
  await connection.close();
}
