import './editorStub.ts';
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { Settings } from '../../../src/ui/settings.ts';

const { findImageTool } = await import('../../../src/ui/imageTool.ts');

/** Makes PATH two folders that hold these programs, and files of their names that are none. */
async function pathWith(t: TestContext, programs: string[], files: string[] = []): Promise<void> {
  const path = process.env.PATH;
  const folder = await mkdtemp(join(tmpdir(), 'path-'));
  for (const name of programs) await writeFile(join(folder, name), '', { mode: 0o755 });
  for (const name of files) await writeFile(join(folder, name), '', { mode: 0o644 });
  process.env.PATH = `/nowhere:${folder}`;
  t.after(async () => {
    process.env.PATH = path;
    await rm(folder, { recursive: true });
  });
}

const find = (imageTool?: Settings['imageTool']) => findImageTool({ imageTool } as Settings);

test('docker comes before podman, and podman before nerdctl', async t => {
  await pathWith(t, ['nerdctl', 'podman', 'docker']);
  assert.equal(await find(), 'docker');
});

test('a file that cannot be run is no program', async t => {
  await pathWith(t, ['nerdctl', 'podman'], ['docker']);
  assert.equal(await find(), 'podman');
});

test('the setting decides, also when that tool is not in PATH: its absence is told when it is needed', async t => {
  await pathWith(t, ['docker']);
  assert.equal(await find('nerdctl'), 'nerdctl');
});

test('without any of them it is said what to install', async t => {
  await pathWith(t, []);
  await assert.rejects(find(), { name: 'UserError', text: /^None of docker, podman, nerdctl was found in PATH\./ });
});
