import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkForPush, loginCommand, registryKind } from '../../../src/workload/registryRules.ts';

const RULES: [string, string, string | undefined][] = [
  ['me/app:1', 'docker-hub', undefined],
  ['docker.io/me/app', 'docker-hub', undefined],
  ['app', 'docker-hub', 'hub-needs-user'],
  ['docker.io/app', 'docker-hub', 'hub-needs-user'],
  ['library/app', 'docker-hub', 'hub-needs-user'],
  ['me/team/app', 'docker-hub', 'hub-too-deep'],
  ['ghcr.io/owner/app', 'ghcr', undefined],
  ['ghcr.io/owner/repo/app', 'ghcr', undefined],
  ['ghcr.io/app', 'ghcr', 'ghcr-needs-owner'],
  ['europe-west1-docker.pkg.dev/project/repo/app', 'artifact-registry', undefined],
  ['europe-west1-docker.pkg.dev/project/app', 'artifact-registry', 'artifact-needs-repository'],
  ['gcr.io/project/app', 'gcr', undefined],
  ['eu.gcr.io/app', 'gcr', 'gcr-needs-project'],
  ['localhost:5000/app', 'plain', undefined],
  ['registry.example.com/app', 'plain', undefined],
  [`me/app@sha256:${'a'.repeat(64)}`, 'docker-hub', 'has-digest'],
];
for (const [reference, kind, problem] of RULES) {
  test(`${reference.slice(0, 50)} is ${problem ?? 'taken'} by ${kind}`, () => {
    assert.equal(registryKind(reference), kind);
    assert.equal(checkForPush(reference), problem);
  });
}

test('each registry has its own way to log in', () => {
  assert.deepEqual(loginCommand('me/app', 'docker'), ['docker', 'login']);
  assert.deepEqual(loginCommand('me/app', 'podman'), ['podman', 'login', 'docker.io']);
  assert.deepEqual(loginCommand('ghcr.io/me/app', 'docker'), ['docker', 'login', 'ghcr.io']);
  assert.deepEqual(loginCommand('r.example.com:5000/app', 'nerdctl'), ['nerdctl', 'login', 'r.example.com:5000']);
  assert.deepEqual(loginCommand('us-docker.pkg.dev/p/r/app', 'docker'), [
    ...['gcloud', 'auth', 'configure-docker', 'us-docker.pkg.dev'],
  ]);
});
