import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { WebSocketServer } from 'ws';
import { fakeServer, json, refuse } from './fakeServer.ts';

const PATH = { path: '/socket', protocols: ['one', 'two'] };

test('a refusal is the API server’s own', async t => {
  const fake = await fakeServer(t, (_call, response) => refuse(response, 403, 'no portforward for you'));
  const cluster = await fake.open();
  await assert.rejects(cluster.webSocket(PATH), { code: 'forbidden', detail: 'no portforward for you' });
});

test('an answer that is no WebSocket’s, or of a protocol that was not asked for, is refused', async t => {
  const fake = await fakeServer(t, (_call, response) => json(response, 200, {}));
  const heads = ['Sec-WebSocket-Protocol: one\r\nSec-WebSocket-Accept: nonsense', 'Sec-WebSocket-Protocol: three'];
  fake.server.on('upgrade', (_request, socket) => {
    socket.on('error', () => {});
    socket.write(`HTTP/1.1 101 ok\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n${heads.shift()}\r\n\r\n`);
  });
  const cluster = await fake.open();
  await assert.rejects(cluster.webSocket(PATH), { code: 'server' });
  await assert.rejects(cluster.webSocket(PATH), { code: 'server' });
});

test('a socket is closed by either side, and a broken one says so', async t => {
  const fake = await fakeServer(t, (_call, response) => json(response, 200, {}));
  const server = new WebSocketServer({ noServer: true, handleProtocols: () => 'two' });
  fake.server.on('upgrade', (request, socket, head) => {
    server.handleUpgrade(request, socket, head, far => {
      far.on('message', (message: Buffer) => {
        if (message.toString() === 'close') far.close();
        else if (message.toString() === 'break') far.terminate();
        else far.send(message);
      });
    });
  });
  const cluster = await fake.open();
  const ended = async (word: string) => {
    const socket = await cluster.webSocket(PATH);
    assert.equal(socket.protocol, 'two');
    socket.resume();
    socket.send(Buffer.from('x'.repeat(70_000)));
    let echoed = 0;
    while (echoed < 70_000) echoed += ((await once(socket, 'bytes')) as [Buffer])[0].length;
    const closed = once(socket, 'close');
    if (word === '') socket.close();
    else socket.send(Buffer.from(word));
    return ((await closed) as [Error | undefined])[0];
  };
  assert.equal(await ended('close'), undefined);
  assert.equal(await ended(''), undefined);
  assert.ok((await ended('break')) instanceof Error);
});
