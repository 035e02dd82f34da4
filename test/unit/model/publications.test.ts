import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { Publications } from '../../../src/model/publications.ts';
import { readBatches } from '../../../src/workload/readItems.ts';
import { textOf } from '../../../src/workload/sourceText.ts';
import { publication } from './publication.ts';

async function storage(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'kwq-publications-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

test('where nothing was ever published nothing is unfinished, and no folder is made', async t => {
  const folder = await storage(t);
  assert.deepEqual(await new Publications(join(folder, 'not-there')).unfinished(), []);
  assert.deepEqual(await readdir(folder), []);
});

test('what was saved is found again, the latest first, until it is removed', async t => {
  const folder = await storage(t);
  const first = publication({ runId: 'a', startedAt: Date.now() - 2000 });
  const second = publication({ runId: 'b', startedAt: Date.now() - 1000 });
  const publications = new Publications(folder);
  await publications.save(first);
  await publications.save(second);
  const found = await new Publications(folder).unfinished();
  assert.deepEqual(JSON.parse(JSON.stringify(found)), JSON.parse(JSON.stringify([second, first])));
  await publications.remove('b');
  assert.deepEqual(
    (await new Publications(folder).unfinished()).map(({ runId }) => runId),
    ['a'],
  );
});

test('a later account takes the place of the earlier one', async t => {
  const publications = new Publications(await storage(t));
  const journal = {
    runId: 'run1',
    queue: 'job1',
    depthBefore: 0,
    confirmed: 3,
    confirmedUpTo: 3,
    sentUpTo: 5,
    failed: [],
  };
  await publications.save(publication());
  await publications.save(publication({ journal }));
  assert.deepEqual((await publications.unfinished())[0]?.journal, journal);
});

test('lines that were refused come back as they were, and a million of them need little room', async t => {
  const folder = await storage(t);
  const publications = new Publications(folder);
  const refused = Array.from({ length: 1_000_000 }, (_, i) => ({ line: i + 5, reason: 'nacked' as const }));
  const failed = [{ line: 2, reason: 'too-large' as const }, { line: 3, reason: 'nacked' as const }, ...refused];
  const whole = {
    runId: 'run1',
    queue: 'job1',
    depthBefore: 0,
    confirmed: 1,
    confirmedUpTo: 1_000_004,
    sentUpTo: 1_000_004,
    failed,
  };
  await publications.save(publication({ journal: whole }));
  assert.deepEqual((await publications.unfinished())[0]?.journal, whole);
  assert.ok((await stat(join(folder, 'publications', 'run1.json'))).size < 2_000);
});

test('what a crash leaves of a write is no publication', async t => {
  const folder = await storage(t);
  const publications = new Publications(folder);
  await publications.save(publication());
  await writeFile(join(folder, 'publications', 'run2.json.new'), '{"runId":"ru');
  await writeFile(join(folder, 'publications', 'run3.json'), '{"runId":"ru');
  await writeFile(join(folder, 'publications', 'run4.json'), 'null');
  assert.deepEqual(
    (await publications.unfinished()).map(({ runId }) => runId),
    ['run1'],
  );
});

test('one that a live process is at work on is not unfinished; when that dies, it is', async t => {
  const publications = new Publications(await storage(t));
  await publications.save(publication({ process: process.pid }));
  assert.deepEqual(await publications.unfinished(), []);
  assert.equal(await publications.kept(), 1);
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
  t.after(() => child.kill('SIGKILL'));
  await publications.save(publication({ process: child.pid }));
  assert.deepEqual(await publications.unfinished(), []);
  child.kill('SIGKILL');
  await once(child, 'exit');
  assert.equal((await publications.unfinished()).length, 1);
});

test('a process that only has the number of the one that published does not hold it back', async t => {
  const publications = new Publications(await storage(t));
  await publications.save(publication({ process: process.pid }));
  const later = Date.now() + 60_000;
  assert.equal((await publications.unfinished(later)).length, 1);
  await publications.touch('run1', later - 1000);
  assert.deepEqual(await publications.unfinished(later), [], 'it has just said that it is at work');
});

test('what the person cancelled is kept for a week', async t => {
  const publications = new Publications(await storage(t));
  await publications.save(publication({ cancelled: true }));
  const day = 24 * 60 * 60 * 1000;
  assert.equal((await publications.unfinished(Date.now() + 6 * day)).length, 1);
  assert.equal((await publications.unfinished(Date.now() + 8 * day)).length, 0);
  assert.equal((await publications.unfinished()).length, 0, 'gone from the disk');
});

test('only the person may read what is kept', async t => {
  const folder = await storage(t);
  const publications = new Publications(folder);
  await publications.save(publication());
  const { path } = await publications.keepCopy('run1', ['secret']);
  for (const file of [join(folder, 'publications', 'run1.json'), path])
    assert.equal((await stat(file)).mode & 0o077, 0);
  assert.equal((await stat(join(folder, 'publications'))).mode & 0o077, 0);
});

for (const [what, pieces] of [
  ['text', ['apple\nba', 'nana\n', 'ü😀']],
  ['text with half an emoji', ['apple\n\ud83d\n', 'fig\n']],
  ['an emoji cut in two', ['a\ud83d', '\ude00b\n']],
  ['nothing', []],
  ['a byte order mark', ['\uFEFFapple']],
] as const) {
  test(`a copy of ${what} gives the items of the original, and goes with its publication`, async t => {
    const publications = new Publications(await storage(t));
    const { path, sha256 } = await publications.keepCopy('run1', pieces);
    assert.match(sha256, /^[0-9a-f]{64}$/);
    const copy = textOf([new Uint8Array(await readFile(path))]);
    assert.deepEqual(await all(copy), await all(pieces));
    await publications.remove('run1');
    await assert.rejects(readFile(path), { code: 'ENOENT' });
  });
}

async function all(text: Iterable<string> | AsyncIterable<string>): Promise<unknown[]> {
  const found: unknown[] = [];
  for await (const batch of readBatches(text, { kind: 'lines' })) found.push(...batch);
  return found;
}
