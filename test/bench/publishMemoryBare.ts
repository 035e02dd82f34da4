import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { connect } from 'amqplib';
import { watchMemory } from './watchMemory.ts';

// As publishMemoryOurs.ts, by hand.
const [url = '', queue = '', file = ''] = process.argv.slice(2);
const WINDOW = 1_000;

const grown = watchMemory();
const connection = await connect(url);
const channel = await connection.createConfirmChannel();
let waiting = 0;
let wake = () => {};
for await (const line of createInterface({ input: createReadStream(file, 'utf8') })) {
  waiting++;
  channel.sendToQueue(queue, Buffer.from(line), { persistent: true }, error => {
    if (error) throw error;
    waiting--;
    wake();
  });
  while (waiting >= WINDOW) {
    await new Promise<void>(resolve => {
      wake = resolve;
    });
  }
}
await channel.waitForConfirms();
console.log(grown());
await connection.close();
