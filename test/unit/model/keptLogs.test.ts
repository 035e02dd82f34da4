import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { HeadAndTail } from '../../../src/model/headAndTail.ts';
import { KeptLogs, type LogToKeep } from '../../../src/model/keptLogs.ts';

const LOG: LogToKeep = {
  podUid: 'p1',
  pod: 'job-aaaaa',
  container: 'c',
  attempt: 0,
  jobUid: 'j1',
  job: 'job',
  namespace: 'test',
  context: 'lab',
  phase: 'failed',
  reason: 'Error',
  exitCode: 1,
  started: 1,
  finished: 2,
};

async function folder(t: TestContext): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'kept-'));
  t.after(() => rm(path, { recursive: true }));
  return path;
}

async function* chunks(...texts: string[]): AsyncGenerator<string> {
  yield* texts;
}

test('a log that was kept is there after the editor was closed, with what was known of its Pod', async t => {
  const storage = await folder(t);
  const before = new KeptLogs(storage);
  await before.load();
  assert.equal(await before.keep(LOG, chunks('one\n', 'zwei ü\n')), undefined);
  const kept = new KeptLogs(storage);
  await kept.load();
  const [log] = kept.of('j1');
  assert.deepEqual([log?.pod, log?.exitCode, log?.leftOut, log?.missed], ['job-aaaaa', 1, 0, undefined]);
  assert.equal(await kept.read(LOG), 'one\nzwei ü\n');
  assert.deepEqual(kept.of('another'), []);
  const { mode } = await stat(join(storage, 'logs', (await readdir(join(storage, 'logs')))[0] ?? ''));
  assert.equal(mode & 0o077, 0, 'nobody else may read it');
});

test('of a long log the beginning and the end are kept, in whole lines, and what is between is counted', async t => {
  const kept = new KeptLogs(await folder(t), { each: 4000 });
  const lines = Array.from({ length: 10_000 }, (_, n) => `line ${n}\n`);
  await kept.keep(LOG, chunks(...lines));
  const text = await kept.read(LOG);
  assert.ok(text.length <= 4000 && text.length > 3900, `${text.length}`);
  assert.ok(text.startsWith('line 0\nline 1\n') && text.endsWith('line 9998\nline 9999\n'));
  for (const line of text.trimEnd().split('\n')) assert.match(line, /^line \d+$/);
  assert.equal((kept.of('j1')[0]?.leftOut ?? 0) + text.length, lines.join('').length);
});

test('a huge line is cut, not lost: its beginning is kept, and what follows it', async t => {
  const kept = new KeptLogs(await folder(t), { each: 8000 });
  const huge = `huge ${'é'.repeat(20_000)}\n`;
  await kept.keep(LOG, chunks('one\n', huge, 'after\n'));
  const [first, cut, last, ...none] = (await kept.read(LOG)).split('\n');
  assert.deepEqual([first, last, none], ['one', 'after', ['']]);
  assert.match(cut ?? '', /^huge é{900,}…$/);
});

test('what is kept of a text is all of it when it just fits', () => {
  const text = new HeadAndTail(8);
  text.push('ab\n');
  text.push('cd\nef');
  assert.deepEqual([text.take().bytes.toString(), text.take().leftOut], ['ab\ncd\nef', 0]);
});

test('all logs together stay below what they may take: the oldest go', async t => {
  const storage = await folder(t);
  const kept = new KeptLogs(storage, { total: 5000 });
  for (let n = 0; n < 10; n++) {
    t.mock.timers.enable({ apis: ['Date'], now: n });
    await kept.keep({ ...LOG, podUid: `p${n}` }, chunks('x'.repeat(1000)));
    t.mock.timers.reset();
  }
  const left = kept.of('j1').map(log => log.podUid);
  assert.deepEqual(left, ['p6', 'p7', 'p8', 'p9']);
  assert.equal((await readdir(join(storage, 'logs'))).length, left.length);
});

test('a log that breaks off is kept as far as it came; one that never began is said to be missed', async t => {
  const kept = new KeptLogs(await folder(t));
  const failing = async function* (text: string) {
    if (text !== '') yield text;
    throw new Error('gone');
  };
  assert.match(String(await kept.keep(LOG, failing('begun\n'))), /gone/);
  assert.equal(await kept.read(LOG), 'begun\n');
  const other = { ...LOG, podUid: 'p2' };
  await kept.keep(other, failing(''));
  assert.equal(kept.has(other), false);
  await kept.miss(other, 'gone');
  await kept.miss(LOG, 'gone');
  assert.deepEqual(
    kept.of('j1').map(log => [log.podUid, log.missed]),
    [
      ['p1', undefined],
      ['p2', 'gone'],
    ],
  );
});

test('a name that would lead out of the folder is not written', async t => {
  const storage = await folder(t);
  const kept = new KeptLogs(storage);
  await kept.keep({ ...LOG, podUid: '../../evil' }, chunks('x'));
  assert.deepEqual(await readdir(storage), []);
  assert.equal(await kept.read({ ...LOG, container: '../c' }), '');
});

test('what the kubelet says in place of a log that it has removed is not taken for the log', async t => {
  const kept = new KeptLogs(await folder(t));
  await kept.keep(LOG, chunks('unable to retrieve container logs for containerd://0131'));
  assert.deepEqual(
    kept.of('j1').map(log => log.missed),
    ['gone'],
  );
  const same = { ...LOG, podUid: 'p2' };
  await kept.keep(same, chunks('2026-03-01T12:00:00Z unable to retrieve container logs for me\n'));
  assert.deepEqual(
    kept.of('j1').map(log => log.missed),
    ['gone', undefined],
  );
});
