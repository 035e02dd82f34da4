import '../editorStub.ts';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { App } from '../../../../src/ui/app.ts';

const { chooseSubject } = await import('../../../../src/ui/commands/job/chooseSubject.ts');

const JOB = { context: 'lab', namespace: 'fruit', name: 'job-wq-1', uid: 'u1' };

function appWith(runs: unknown[]): App {
  const log = { context: 'lab', namespace: 'fruit', job: 'job-wq-1', jobUid: 'u1' };
  const all = [
    { ...log, keptAt: 1 },
    { ...log, keptAt: 2 },
  ];
  return {
    model: { runs: { find: () => runs[0] }, cluster: { get: async () => ({ context: 'lab', namespace: 'fruit' }) } },
    logs: { kept: { load: async () => {}, all } },
  } as unknown as App;
}

test('a document is about the same Job before and after it is deleted, so that it is not opened twice', async () => {
  const row = { kind: 'job', uid: 'u1' } as const;
  assert.deepEqual(await chooseSubject(appWith([{ job: JOB }]), row, 'Which?'), JOB);
  assert.deepEqual(await chooseSubject(appWith([]), row, 'Which?'), JOB);
});

test('a Job that is gone and has left no log is said to be gone', async () => {
  const gone = chooseSubject(appWith([]), { kind: 'job', uid: 'u2' }, 'Which?');
  await assert.rejects(gone, { name: 'UserError', text: 'That Job is not there any more.' });
});
