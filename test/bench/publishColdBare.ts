// As publishColdOurs.ts, by hand.
const [url = '', queue = ''] = process.argv.slice(2);
const began = performance.now();
const { connect } = await import('amqplib');
const connection = await connect(url);
const channel = await connection.createConfirmChannel();
channel.sendToQueue(queue, Buffer.from('apple'), { persistent: true });
await channel.waitForConfirms();
console.log(performance.now() - began);
await connection.close();
