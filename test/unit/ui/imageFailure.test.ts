import './editorStub.ts';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Uri } from 'vscode';
import type { ImageFailure } from '../../../src/ui/imageFailure.ts';

const { imageFailure } = await import('../../../src/ui/imageFailure.ts');

const folder = { path: '/w' } as Uri;
const failure = (output: string, more: Partial<ImageFailure> = {}) =>
  imageFailure({
    step: { kind: 'push', argv: ['docker', 'push', 'x'] },
    tool: 'docker',
    image: 'me/app:1',
    platform: undefined,
    cluster: undefined,
    folder,
    ended: { exitCode: 1, output },
    ...more,
  });

test('a push without a login names the registry’s own way to log in, and offers it', () => {
  const denied = 'denied: requested access to the resource is denied\n';
  const hub = failure(denied);
  assert.match(hub.text, /^me\/app:1 was not pushed: docker\.io wants a login, .*member of “me”.*: docker login$/);
  assert.deepEqual(hub.actions, [{ label: 'Log In and Push', command: 'workQueue.logIn', args: [folder] }]);
  assert.match(failure(denied, { image: 'ghcr.io/o/app' }).text, /write:packages: docker login ghcr\.io$/);
  const artifact = failure(denied, { image: 'us-docker.pkg.dev/p/r/app' });
  assert.match(artifact.text, /gcloud auth configure-docker us-docker\.pkg\.dev$/);
  const plain = failure('no basic auth credentials', { image: 'h:5000/app', tool: 'podman' });
  assert.match(plain.text, /Log in with: podman login h:5000$/);
});

test('each other trouble of a push says what mends it', () => {
  const image = 'h:5000/app:1';
  const text = (output: string, more: Partial<ImageFailure> = {}) => failure(output, { image, ...more }).text;
  assert.match(text('Get "https://h:5000/v2/": x509: unknown authority'), /\/etc\/docker\/certs\.d\/h:5000\/ca\.crt/);
  const http = 'Get "https://h:5000/v2/": http: server gave HTTP response to HTTPS client';
  assert.match(text(http), /"insecure-registries": \["h:5000"\]/);
  assert.match(text(http, { tool: 'podman' }), /registries\.conf/);
  assert.match(text('dial tcp: lookup h: no such host'), /h:5000 cannot be reached.*no such host$/);
  assert.match(text('name unknown: repository not found'), /h:5000 has no such repository/);
  assert.match(text('Cannot connect to the Docker daemon at unix:///x.'), /docker does not answer; is it started\?/);
  const missing = failure('An image does not exist locally with the tag: h:5000/app', { image });
  assert.match(missing.text, /not built yet under that name/);
  assert.deepEqual(missing.actions[0]?.command, 'workQueue.buildAndPush');
});

test('what a Dockerfile’s own programs print is not taken for the registry’s trouble', () => {
  const build: ImageFailure['step'] = { kind: 'build', argv: ['docker', 'build', '.'] };
  const text = failure('curl: connection refused\nStep 3: access denied', { step: build }).text;
  assert.equal(
    text,
    'me/app:1 was not built: docker ended with exit code 1, the terminal shows all it said. At last: Step 3: access denied',
  );
  const foreign = failure('exec /bin/sh: exec format error', { step: build, platform: 'linux/arm64' }).text;
  assert.match(foreign, /cannot run the programs of linux\/arm64, .*emulation/);
});

test('a load says into which cluster, and which program is missing', () => {
  const step: ImageFailure['step'] = { kind: 'load', argv: ['kind', 'load', 'docker-image', 'app:1'] };
  const cluster = { tool: 'kind', name: 'dev' } as const;
  const failed = failure('ERROR: no nodes found for cluster "dev"', { step, cluster, image: 'app:1' });
  assert.match(failed.text, /^app:1 was not loaded into kind cluster dev: kind ended with exit code 1.*no nodes found/);
  const missing = failure('', { step, cluster, image: 'app:1', ended: 'no-program' });
  assert.equal(
    missing.text,
    'app:1 was not loaded into kind cluster dev: kind was not found in PATH. Install it, then restart the editor.',
  );
});
