import assert from 'node:assert/strict';
import { test } from 'node:test';
import { alwaysPulls, judgeImage, type RegistryLook } from '../../../src/workload/imageVerdict.ts';
import { goArchitecture, type NodeLook, platformFor } from '../../../src/workload/platform.ts';

const node = (architecture: string, images: string[] = []): NodeLook => ({
  name: `n-${architecture}`,
  os: 'linux',
  architecture,
  images,
});
const found = (...platforms: string[]): RegistryLook => ({ kind: 'found', digest: undefined, platforms });
const judge = (registry: RegistryLook, nodes: NodeLook[], more: { image?: string; alwaysPulls?: boolean } = {}) =>
  judgeImage({ image: 'me/app:1', alwaysPulls: false, registry, nodes, ...more });

test('an image that the registry has for the nodes is well', () => {
  assert.equal(judge(found('linux/amd64', 'linux/arm64'), [node('amd64'), node('arm64')]), undefined);
  assert.equal(judge(found('linux/amd64'), []), undefined);
  assert.equal(judge({ kind: 'found', digest: 'sha256:a', platforms: undefined }, [node('amd64')]), undefined);
});

test('what is not known is not judged', () => assert.equal(judge({ kind: 'unknown' }, [node('arm64')]), undefined));

test('an image that the registry does not have is missing, unless all nodes hold it already', () => {
  const held = [node('amd64', ['docker.io/me/app:1'])];
  assert.deepEqual(judge({ kind: 'missing' }, []), { code: 'missing' });
  assert.deepEqual(judge({ kind: 'missing' }, [...held, node('amd64')]), { code: 'missing' });
  assert.equal(judge({ kind: 'missing' }, held), undefined);
  assert.deepEqual(judge({ kind: 'missing' }, held, { alwaysPulls: true }), { code: 'only-on-nodes' });
});

test('nodes that cannot run the image are counted', () => {
  const verdict = judge(found('linux/arm64'), [node('amd64'), node('arm64'), node('amd64')]);
  assert.deepEqual(verdict, {
    code: 'wrong-architecture',
    image: ['linux/arm64'],
    nodes: ['linux/amd64'],
    affected: 2,
    of: 3,
  });
});

test('without a policy only :latest and no tag are pulled each time, as Kubernetes does', () => {
  assert.ok(alwaysPulls('app', undefined));
  assert.ok(alwaysPulls('app:latest', undefined));
  assert.ok(!alwaysPulls('app:1', undefined));
  assert.ok(!alwaysPulls(`app@sha256:${'a'.repeat(64)}`, undefined));
  assert.ok(alwaysPulls('app:1', 'Always'));
  assert.ok(!alwaysPulls('app', 'IfNotPresent'));
});

test('a build names a platform only where no node is of this machine’s own', () => {
  assert.equal(platformFor([], 'amd64'), undefined);
  assert.equal(platformFor([node('amd64')], 'amd64'), undefined);
  assert.equal(platformFor([node('amd64'), node('amd64')], 'arm64'), 'linux/amd64');
  assert.equal(platformFor([node('amd64'), node('arm64')], 'arm64'), undefined);
  assert.equal(platformFor([node('s390x'), node('amd64'), node('amd64')], 'arm64'), 'linux/amd64');
  assert.equal(goArchitecture('x64'), 'amd64');
  assert.equal(goArchitecture('arm64'), 'arm64');
});
