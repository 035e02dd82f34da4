import '../editorStub.ts';
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { ItemFormat } from '../../../../src/workload/formats.ts';

const { FileSource } = await import('../../../../src/ui/commands/queue/sourceFile.ts');
const { Look } = await import('../../../../src/ui/commands/queue/publishLook.ts');

async function file(t: TestContext, content: string | Uint8Array) {
  const folder = await mkdtemp(join(tmpdir(), 'kwq-source-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const path = join(folder, 'items.txt');
  await writeFile(path, content);
  return { path, folder, source: await open(path) };
}

const open = (path: string) => FileSource.open(path, { name: 'items.txt', document: undefined, lines: undefined });

async function look(source: Awaited<ReturnType<typeof open>>, format: ItemFormat = { kind: 'lines' }) {
  const all = new Look(source, format);
  await all.done;
  return all;
}

test('a file is looked through: items, bytes, hash', async t => {
  const content = 'apple\n\nbanana\n';
  const { source } = await file(t, content);
  const { summary, isDone, problem, sha256 } = await look(source);
  assert.deepEqual([summary.items, summary.bytes, isDone, problem], [2, 11, true, undefined]);
  assert.equal(sha256, createHash('sha256').update(content).digest('hex'));
});

test('the same file is looked through with the same hash again, another one with another', async t => {
  const { source, path } = await file(t, 'apple\n');
  const first = (await look(source)).sha256;
  assert.equal((await look(await open(path))).sha256, first);
  await appendFile(path, 'fig\n');
  assert.notEqual((await look(await open(path))).sha256, first);
});

test('a file that is written to is noticed, also at the same length', async t => {
  const { source, path } = await file(t, 'apple\n');
  assert.equal(await source.hasChanged(), false);
  await writeFile(path, 'melon\n');
  assert.equal(await source.hasChanged(), true);
});

test('a file that is removed or replaced is noticed', async t => {
  const { source, path } = await file(t, 'apple\n');
  await rm(path);
  assert.equal(await source.hasChanged(), true);
});

test('a file in UTF-16 and one with bytes that are no text are read', async t => {
  const utf16 = await file(t, Buffer.from('\uFEFFapple\nfig\n', 'utf16le'));
  assert.equal((await look(utf16.source)).summary.items, 2);
  const latin = await file(t, Buffer.from('caf\xe9\nfig\n', 'latin1'));
  const { summary } = await look(latin.source);
  assert.deepEqual([summary.items, [...summary.skipped]], [1, [['invalid-unicode', 1]]]);
});

test('the beginning of a file is enough to tell its format', async t => {
  const { source } = await file(t, `\uFEFF["a",\n${'"x",\n'.repeat(100_000)}"b"]`);
  const head = await source.head();
  assert.ok(head.length <= 65_536 && head.startsWith('\uFEFF["a",'));
});

test('a folder and a missing file are told in words', async t => {
  const { folder } = await file(t, '');
  await assert.rejects(open(folder), {
    name: 'UserError',
    text: 'items.txt is no file whose lines could be published.',
  });
  await assert.rejects(open(join(folder, 'none')), { name: 'UserError', text: /^items\.txt cannot be read: ENOENT/ });
});

test('what is wrong in a file ends the look with its place', async t => {
  const { source } = await file(t, '["a"\n"b"]');
  const { problem, isDone } = await look(source, { kind: 'json' });
  assert.deepEqual([(problem as { line: number }).line, isDone], [2, true]);
});

test('a look that is cancelled ends without a result', async t => {
  const { source } = await file(t, 'apple\n'.repeat(500_000));
  const all = new Look(source, { kind: 'lines' });
  all.cancel();
  await all.done;
  assert.ok(all.summary.items < 500_000);
});
