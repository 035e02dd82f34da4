import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { test } from 'node:test';
import { readLog } from '../../../src/cluster/index.ts';
import { fakeServer, refuse } from './fakeServer.ts';

const LIMIT = { timeout: 20_000 };
const POD = { namespace: 'test', pod: 'p', signal: new AbortController().signal };

test('a log is read with what was asked for', LIMIT, async t => {
  const fake = await fakeServer(t, (_call, response) => void response.end('one\ntwo\n'));
  let text = '';
  const options = { ...POD, container: 'c', follow: true, tailLines: 5, previous: true };
  for await (const piece of readLog(await fake.open(), options)) text += piece;
  assert.equal(text, 'one\ntwo\n');
  assert.equal(fake.calls[0]?.path, '/api/v1/namespaces/test/pods/p/log');
  assert.equal(String(fake.calls[0]?.query), 'container=c&follow=true&tailLines=5&previous=true');
});

test('characters cut in two on the way are whole again, and bytes that are no text do no harm', LIMIT, async t => {
  const bytes = Buffer.concat([Buffer.from('日本 🍒 ü\n'), Buffer.of(0xff, 0xfe, 0x00)]);
  const fake = await fakeServer(t, async (_call, response) => {
    for (const byte of bytes) {
      response.write(Buffer.of(byte));
      await new Promise(setImmediate);
    }
    response.end();
  });
  let text = '';
  for await (const piece of readLog(await fake.open(), POD)) text += piece;
  assert.equal(text, '日本 🍒 ü\n\ufffd\ufffd\0');
});

test('a line of 32 MiB comes in pieces, and no faster than it is read', LIMIT, async t => {
  const size = 32 * 1024 * 1024;
  let sent = 0;
  function* blocks() {
    const block = Buffer.alloc(64 * 1024, 'x');
    for (; sent < size; sent += block.length) yield block;
    yield '\n';
  }
  const fake = await fakeServer(t, (_call, response) => pipeline(Readable.from(blocks()), response));
  const log = readLog(await fake.open(), POD);
  let length = (await log.next()).value?.length ?? 0;
  for (let quiet = 0, before = -1; quiet < 20; quiet++) {
    await new Promise(resolve => setTimeout(resolve, 10));
    if (sent !== before) quiet = 0;
    before = sent;
  }
  assert.ok(sent < size, `${sent} bytes were sent although nobody read`);
  for await (const piece of log) length += piece.length;
  assert.equal(length, size + 1);
});

test('an abort ends the log quietly, also before it begins', LIMIT, async t => {
  const fake = await fakeServer(t, (_call, response) => void response.write('begin'));
  const cluster = await fake.open();
  const controller = new AbortController();
  const pieces: string[] = [];
  for await (const piece of readLog(cluster, { ...POD, follow: true, signal: controller.signal })) {
    pieces.push(piece);
    controller.abort();
  }
  for await (const piece of readLog(cluster, { ...POD, signal: controller.signal })) pieces.push(piece);
  assert.deepEqual(pieces, ['begin']);
});

test('who stops reading closes the connection', LIMIT, async t => {
  const closed = Promise.withResolvers<void>();
  const fake = await fakeServer(t, (_call, response) => {
    response.once('close', closed.resolve);
    response.write('begin');
  });
  for await (const _ of readLog(await fake.open(), { ...POD, follow: true })) break;
  await closed.promise;
});

test('a log that breaks off is an error, after what came', LIMIT, async t => {
  const fake = await fakeServer(t, (_call, response) => {
    response.write('begin', () => response.destroy());
  });
  let text = '';
  const read = async () => {
    for await (const piece of readLog(await fake.open(), POD)) text += piece;
  };
  await assert.rejects(read(), { code: 'unreachable' });
  assert.equal(text, 'begin');
});

test('a container that waits to start is told in the words of the server', LIMIT, async t => {
  const words = 'container "c" in pod "p" is waiting to start: ContainerCreating';
  const fake = await fakeServer(t, (_call, response) => refuse(response, 400, words));
  await assert.rejects(readLog(await fake.open(), POD).next(), { code: 'invalid', detail: words });
});
