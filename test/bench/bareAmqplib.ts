import { connect } from 'amqplib';

/**
 * What one would write by hand: persistent messages through a confirm channel, the next ones as confirms come, and no
 * account of what became of which line. Returns when all are confirmed.
 */
export async function publishBare(url: string, queue: string, lines: string[], window: number): Promise<void> {
  const connection = await connect(url);
  const channel = await connection.createConfirmChannel();
  await new Promise<void>((resolve, reject) => {
    connection.on('error', reject);
    let next = 0;
    let confirmed = 0;
    const fill = () => {
      while (next - confirmed < window && next < lines.length) {
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
