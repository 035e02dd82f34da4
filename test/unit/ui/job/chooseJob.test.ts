import '../editorStub.ts';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { App } from '../../../../src/ui/app.ts';

const { chooseJob } = await import('../../../../src/ui/commands/job/chooseJob.ts');

const choose = (states: string[]) => {
  const api = { listJobs: async () => states.map(state => ({ name: state, state, created: 0 })) };
  const cluster = { api: async () => api, get: async () => ({ context: 'lab', namespace: 'fruit' }) };
  const app = { model: { cluster } } as unknown as App;
  return chooseJob(app, undefined, 'Resume which Job?', ({ state }) => state === 'suspended');
};

test('where there are Jobs, but none to choose, it is not said that there is none', async () => {
  const text = 'There are Jobs in namespace fruit of context lab, but none that this can be done with now.';
  await assert.rejects(choose(['running', 'complete']), { name: 'UserError', text, warning: true });
});

test('without any Job it is said where there is none', async () => {
  const text = 'There is no Job in namespace fruit of context lab.';
  await assert.rejects(choose([]), { name: 'UserError', text, warning: true });
});
