import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkImage, fullName, isPlaceholderImage, parseImage, withoutDigest } from '../../../src/workload/image.ts';

const HEX = '0123456789abcdef'.repeat(4);

const GOOD: [string, Partial<ReturnType<typeof parseImage>>][] = [
  ['job-wq-1', { path: 'job-wq-1' }],
  ['me/job-wq-1', { path: 'me/job-wq-1' }],
  ['me/job-wq-1:1.2_3-x', { path: 'me/job-wq-1', tag: '1.2_3-x' }],
  ['gcr.io/my-project/job-wq-1', { registry: 'gcr.io', path: 'my-project/job-wq-1' }],
  ['localhost/app', { registry: 'localhost', path: 'app' }],
  ['localhost:5000/app:V1', { registry: 'localhost:5000', path: 'app', tag: 'V1' }],
  ['127.0.0.1:5000/team/app', { registry: '127.0.0.1:5000', path: 'team/app' }],
  ['[::1]:5000/app', { registry: '[::1]:5000', path: 'app' }],
  ['Registry.Example.com/app', { registry: 'Registry.Example.com', path: 'app' }],
  [`app@sha256:${HEX}`, { path: 'app', digest: `sha256:${HEX}` }],
  [`r.io/app:1@sha256:${HEX}`, { registry: 'r.io', path: 'app', tag: '1', digest: `sha256:${HEX}` }],
  ['a__b/c--d/e.f', { path: 'a__b/c--d/e.f' }],
  [`app:${'x'.repeat(128)}`, { path: 'app', tag: 'x'.repeat(128) }],
];
for (const [reference, parts] of GOOD) {
  test(`${reference.slice(0, 40)} names an image`, () => {
    assert.equal(checkImage(reference), undefined);
    const nothing = { registry: undefined, path: '', tag: undefined, digest: undefined };
    assert.deepEqual(parseImage(reference), { ...nothing, ...parts });
  });
}

const BAD: [string, string][] = [
  ['', 'empty'],
  ['   ', 'empty'],
  ['<repo>/job-wq-1', 'placeholder'],
  ['gcr.io/<project>/job-wq-1', 'placeholder'],
  ['<username>/job-wq-1:1', 'placeholder'],
  ['Job-WQ-1', 'upper-case'],
  ['Me/job', 'upper-case'],
  ['gcr.io/Project/job', 'upper-case'],
  ['app name', 'bad-characters'],
  ['app\nname', 'bad-characters'],
  ['-app', 'bad-characters'],
  ['--rm', 'bad-characters'],
  ['app-', 'bad-characters'],
  ['a..b', 'bad-characters'],
  ['a___b', 'bad-characters'],
  ['a//b', 'bad-characters'],
  ['/app', 'bad-characters'],
  ['app/', 'bad-characters'],
  ['$(id)', 'bad-characters'],
  ['app;ls', 'bad-characters'],
  ['äpp', 'bad-characters'],
  ['https://gcr.io/app', 'bad-characters'],
  ['-r.io/app', 'bad-characters'],
  ['r.io:port/app', 'bad-characters'],
  [':1', 'bad-characters'],
  ['app:', 'bad-tag'],
  ['app:-x', 'bad-tag'],
  ['app:a b', 'bad-tag'],
  ['app:1:2', 'bad-tag'],
  [`app:${'x'.repeat(129)}`, 'bad-tag'],
  ['app@sha256:123', 'bad-tag'],
  ['app@', 'bad-tag'],
  [`${'a'.repeat(256)}`, 'too-long'],
  [`r.io/${'a'.repeat(251)}`, 'too-long'],
];
for (const [reference, problem] of BAD) {
  test(`${JSON.stringify(reference.slice(0, 30))} is refused as ${problem}`, () =>
    assert.equal(checkImage(reference), problem));
}

test('a name of 255 letters with its registry is the longest', () => {
  assert.equal(checkImage(`r.io/${'a'.repeat(250)}`), undefined);
});

test('only what is still to be filled in is a placeholder', () => {
  assert.ok(isPlaceholderImage(''));
  assert.ok(isPlaceholderImage('<repo>/app'));
  assert.ok(isPlaceholderImage('gcr.io/<project>/job-wq-1'));
  assert.ok(!isPlaceholderImage('gcr.io/project/job-wq-1'));
  assert.ok(!isPlaceholderImage('me/repo'));
});

const FULL: [string, string][] = [
  ['job-wq-1', 'docker.io/library/job-wq-1:latest'],
  ['me/job-wq-1:2', 'docker.io/me/job-wq-1:2'],
  ['localhost:5000/app', 'localhost:5000/app:latest'],
  [`app@sha256:${HEX}`, `docker.io/library/app@sha256:${HEX}`],
];
for (const [reference, name] of FULL) {
  test(`${reference.slice(0, 40)} means ${name.slice(0, 40)}`, () => assert.equal(fullName(reference), name));
}

test('a name is what is before the digest', () => {
  assert.equal(withoutDigest(`r.io/app:1@sha256:${HEX}`), 'r.io/app:1');
  assert.equal(withoutDigest('r.io/app:1'), 'r.io/app:1');
});
