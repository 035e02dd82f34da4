import './editorStub.ts';
import assert from 'node:assert/strict';
import { test } from 'node:test';

const { imageLabels } = await import('../../../src/ui/imageLabels.ts');

test('an image cannot be looked at without its tool: it is said what to install', async t => {
  const path = process.env.PATH;
  t.after(() => {
    process.env.PATH = path;
  });
  process.env.PATH = '/nowhere';
  await assert.rejects(imageLabels('me/app:1', 'podman', AbortSignal.timeout(10_000)), {
    name: 'UserError',
    text: /^podman was not found in PATH\. Install it/,
  });
});
