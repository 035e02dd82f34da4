import './editorStub.ts';
import assert from 'node:assert/strict';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { App } from '../../../src/ui/app.ts';
import type { RegistryLook } from '../../../src/workload/imageVerdict.ts';
import type { NodeLook } from '../../../src/workload/platform.ts';

const { imageWarning } = await import('../../../src/ui/imageLook.ts');

const path = process.env.PATH;
let folder: string;

/** A docker that has one image: me/here:1. */
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'docker-'));
  const docker = join(folder, 'docker');
  await writeFile(docker, '#!/bin/sh\ncase "$*" in *me/here:1) echo null;; *) exit 1;; esac\n');
  await chmod(docker, 0o755);
  process.env.PATH = `${folder}:${path}`;
});

after(async () => {
  process.env.PATH = path;
  await rm(folder, { recursive: true });
});

const node = (architecture: string): NodeLook => ({ name: architecture, os: 'linux', architecture, images: [] });

function warning(
  image: string,
  registry: RegistryLook,
  nodes: NodeLook[] | Error,
  signal = new AbortController().signal,
) {
  const api = {
    lookInRegistry: async () => registry,
    listNodes: async () => {
      if (nodes instanceof Error) throw nodes;
      return nodes;
    },
  };
  const cluster = { api: async () => api, get: async () => ({}) };
  const app = { model: { cluster }, settings: { imageTool: undefined } } as unknown as App;
  return imageWarning(app, { image, pullPolicy: undefined }, signal);
}

const foundFor = (...platforms: string[]): RegistryLook => ({ kind: 'found', digest: undefined, platforms });

test('an image that the registry does not have is warned of, and whether it only has to be pushed', async () => {
  const missing: RegistryLook = { kind: 'missing' };
  assert.equal(
    await warning('me/here:1', missing, []),
    '⚠ The image is built on this computer, but docker.io does not have it: push it first.',
  );
  assert.equal(
    await warning('r.io/app:1', missing, [node('amd64')]),
    '⚠ r.io does not have this image: build and push it first, or Pods cannot start.',
  );
});

test('an image for other nodes is warned of with both architectures', async () => {
  assert.match(
    (await warning('me/app:1', foundFor('linux/arm64'), [node('amd64')])) ?? '',
    /^⚠ The image is for linux\/arm64, and the nodes are linux\/amd64: it cannot start there\./,
  );
  assert.match(
    (await warning('me/app:1', foundFor('linux/arm64'), [node('amd64'), node('arm64')])) ?? '',
    /and 1 of 2 nodes are linux\/amd64: Pods that come there cannot start\.$/,
  );
});

test('nothing is said where nothing is wrong, or nothing can be known', async () => {
  assert.equal(await warning('me/app:1', foundFor('linux/amd64'), [node('amd64')]), undefined);
  assert.equal(await warning('me/app:1', { kind: 'unknown' }, [node('amd64')]), undefined);
  assert.equal(await warning('me/app:1', foundFor('linux/arm64'), new Error('forbidden')), undefined);
  assert.equal(await warning('<repo>/app', { kind: 'missing' }, []), undefined);
});

test('a look that is aborted ends by that', async () => {
  const reason = new Error('enough');
  const aborted = warning('me/here:1', { kind: 'missing' }, [], AbortSignal.abort(reason));
  await assert.rejects(aborted, reason);
});
