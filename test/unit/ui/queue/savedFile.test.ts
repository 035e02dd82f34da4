import assert from 'node:assert/strict';
import { mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { MessageCopy } from '../../../../src/broker/index.ts';
import { lineOf, SavedFile, type SaveFormat } from '../../../../src/ui/commands/queue/savedFile.ts';
import { parseSaved } from '../../../../src/workload/savedMessage.ts';

const message = (body: string | Uint8Array, fields: MessageCopy['fields'] = {}): MessageCopy => ({
  body: Buffer.from(body as string),
  fields,
  redelivered: false,
  exchange: '',
  routingKey: 'job1',
  position: 1,
  deliveryCount: undefined,
  deaths: [],
});

async function newFile(t: TestContext, o: { format: SaveFormat; safe: boolean }) {
  const folder = await mkdtemp(join(tmpdir(), 'kwq-saved-'));
  t.after(() => rm(folder, { recursive: true }));
  const path = join(folder, 'saved');
  return { file: await SavedFile.create(path, o), read: () => readFile(path, 'utf8') };
}

test('a message that is taken by being saved is in the file as soon as its write is done', async t => {
  const { file, read } = await newFile(t, { format: 'lines', safe: true });
  await file.write(message('apple'));
  assert.equal(await read(), 'apple\n');
  await file.close();
});

test('many that are written at once are all there, in their order', async t => {
  for (const safe of [true, false]) {
    const { file, read } = await newFile(t, { format: 'lines', safe });
    const lines = Array.from({ length: 5000 }, (_, n) => `item ${n}`);
    await Promise.all(lines.map(line => file.write(message(line))));
    await file.close();
    assert.equal(await read(), `${lines.join('\n')}\n`);
  }
});

test('with all their fields, messages come back from the file as they were, bytes included', async t => {
  const { file, read } = await newFile(t, { format: 'messages', safe: false });
  const saved = [message('two\nlines', { headers: { a: 1 }, priority: 3 }), message(Buffer.from([0xff, 0, 10]))];
  for (const one of saved) await file.write(one);
  await file.close();
  const lines = (await read()).trimEnd().split('\n');
  assert.deepEqual(
    lines.map(line => {
      const { body = '', fields } = parseSaved(line) ?? {};
      return { body: Buffer.from(body as string), fields };
    }),
    saved.map(({ body, fields }) => ({ body: Buffer.from(body), fields })),
  );
});

test('after a write that failed nothing more is written, and each that waits is told', async t => {
  const { file, read } = await newFile(t, { format: 'lines', safe: true });
  await file.write(message('apple'));
  const full = Object.assign(new Error('no space left'), { code: 'ENOSPC' });
  t.mock.method(Object.getPrototypeOf(await handleOf(t)), 'datasync', () => Promise.reject(full));
  const results = await Promise.allSettled(['banana', 'cherry', 'date'].map(body => file.write(message(body))));
  assert.deepEqual(
    results.map(({ status }) => status),
    ['rejected', 'rejected', 'rejected'],
  );
  t.mock.restoreAll();
  await assert.rejects(file.write(message('fig')), full);
  await assert.rejects(file.close(), full);
  assert.doesNotMatch(await read(), /date|fig/);
});

test('a body that would not come back as it was is no line', () => {
  assert.equal(lineOf(Buffer.from('äpple, "x"')), 'äpple, "x"');
  for (const body of ['', '  \t', 'a\nb', 'a\r', '\uFEFFa']) assert.equal(lineOf(Buffer.from(body)), undefined);
  assert.equal(lineOf(Buffer.from([0xff, 0xfe])), undefined);
});

async function handleOf(t: TestContext) {
  const handle = await open(import.meta.filename);
  t.after(() => handle.close());
  return handle;
}
