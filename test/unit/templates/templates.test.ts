import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { loadAll } from 'js-yaml';
import { fillTemplate, readTemplate, type TemplateName } from '../../../src/ui/templates.ts';
import { isPlaceholderImage } from '../../../src/workload/image.ts';
import { readManifest, setCompletions } from '../../../src/workload/manifest.ts';
import { dockerfile } from '../../../src/workload/workerImage.ts';

const root = join(import.meta.dirname, '../../..');
const template = (name: TemplateName) => readTemplate(root, name);
const sample = (name: string) => readFile(join(root, 'samples/fruit', name), 'utf8');

/** The values at a path of keys, `*` for each of a list. */
function pick(value: unknown, path: string): unknown[] {
  let found: unknown[] = [value];
  for (const key of path.split('.')) {
    found = found.flatMap(one => {
      if (typeof one !== 'object' || one === null) return [];
      return key === '*' ? Object.values(one) : key in one ? [(one as Record<string, unknown>)[key]] : [];
    });
  }
  return found;
}

test('a value is put in place so that YAML reads the same text back', () => {
  for (const value of [
    'job1',
    '12',
    'true',
    'a"b',
    'back\\slash',
    'tab\tand\nline',
    `$& $1 \${QUEUE}`,
    '队列',
    '#no: comment',
  ]) {
    const [read] = loadAll(fillTemplate(`queue: "\${QUEUE}"`, { QUEUE: value }));
    assert.deepEqual(read, { queue: value });
  }
});

test('a template that asks for a value nobody gives, or is given one it has no place for, is not filled', () => {
  assert.throws(() => fillTemplate(`"\${PASSWORD}"`, {}), /PASSWORD/);
  assert.throws(() => fillTemplate(`"\${PASSWORD}"`, { PASSWORD: 'x', QUEUE: 'job1' }), /QUEUE/);
});

test('job.yaml says what Run Job needs: queue, broker, a placeholder for the image, Pods that stay when they fail', async () => {
  const { jobs, problems } = readManifest(
    fillTemplate(await template('worker/job.yaml'), { QUEUE: 'job1', COMPLETIONS: '1', GRACE_SECONDS: '30' }),
  );
  assert.deepEqual(problems, []);
  assert.equal(jobs.length, 1);
  const [job] = jobs;
  assert.equal(job?.name, 'job-wq-1');
  assert.equal(job?.queue?.value, 'job1');
  assert.deepEqual(job?.broker?.value, { secret: 'rabbitmq-broker', key: 'url' });
  assert.equal(isPlaceholderImage(job?.image?.value ?? ''), true);
  assert.equal(job?.completions?.value, 1);
  assert.equal(job?.parallelism?.value, 2);
  assert.equal(job?.restartPolicy, 'Never');
  assert.equal(job?.backoffLimit, 6);
  assert.deepEqual(pick(job?.body, 'spec.ttlSecondsAfterFinished'), [], 'a finished Job stays to be looked at');
});

test('job.yaml for many items a Pod is the same Job without completions, with its shape marked', async () => {
  const fill = async (name: TemplateName, values: Record<string, string>) =>
    readManifest(fillTemplate(await template(name), values)).jobs[0];
  const many = await fill('worker/job-many-items.yaml', { QUEUE: 'job1' });
  const one = await fill('worker/job.yaml', { QUEUE: 'job1', COMPLETIONS: '1', GRACE_SECONDS: '30' });
  assert.equal(many?.completions, undefined);
  assert.deepEqual(pick(many?.body, 'metadata.annotations'), [{ 'work-queue.vscode/shape': 'many-items' }]);
  const { completions: _, ...spec } = (one?.body.spec ?? {}) as Record<string, unknown>;
  assert.deepEqual(many?.body.spec, spec);
});

test('rabbitmq.yaml is a Service, a Secret and a StatefulSet that fit together', async () => {
  const objects = loadAll(fillTemplate(await template('rabbitmq.yaml'), { PASSWORD: 'Pa55word' }));
  assert.deepEqual(pick(objects, '*.kind'), ['Service', 'Secret', 'StatefulSet']);
  assert.deepEqual(pick(objects, '*.metadata.name'), ['rabbitmq-service', 'rabbitmq-broker', 'rabbitmq']);
  const [service, secret, set] = objects;
  assert.deepEqual(pick(service, 'spec.ports.*.port'), [5672, 15672]);
  assert.deepEqual(pick(secret, 'stringData'), [
    { username: 'work-queue', password: 'Pa55word', url: 'amqp://work-queue:Pa55word@rabbitmq-service:5672' },
  ]);
  assert.deepEqual(pick(set, 'spec.serviceName'), pick(service, 'metadata.name'));
  assert.deepEqual(pick(set, 'spec.selector.matchLabels'), pick(service, 'spec.selector'));
  const [labels] = pick(set, 'spec.template.metadata.labels');
  const [selector] = pick(service, 'spec.selector');
  assert.deepEqual({ ...(labels as object), ...(selector as object) }, labels, 'the Service finds the Pods');
  assert.deepEqual(pick(set, 'spec.template.spec.containers.*.env.*.valueFrom.secretKeyRef'), [
    { name: 'rabbitmq-broker', key: 'username' },
    { name: 'rabbitmq-broker', key: 'password' },
  ]);
  assert.deepEqual(pick(set, 'spec.template.spec.containers.*.ports.*.containerPort'), [5672, 15672]);
});

test('the fruit sample is what Create Worker writes, for eight messages', async () => {
  for (const name of ['worker.py', 'take-item.sh'] as const) {
    assert.equal(await sample(name), await template(`worker/${name}`));
  }
  const program = { argv: ['/worker.py'], file: 'worker.py', packages: ['python3'] };
  assert.equal(await sample('Dockerfile'), dockerfile(program, 'strict'));
  const created = fillTemplate(await template('worker/job.yaml'), {
    QUEUE: 'job1',
    COMPLETIONS: '1',
    GRACE_SECONDS: '30',
  });
  assert.equal(await sample('job.yaml'), setCompletions(created, 8));
});

test('the fruit sample has as many items as its Job has completions', async () => {
  const { jobs, problems } = readManifest(await sample('job.yaml'));
  assert.deepEqual(problems, []);
  const items = (await sample('items.txt')).trimEnd().split('\n');
  assert.deepEqual(items, ['apple', 'banana', 'cherry', 'date', 'fig', 'grape', 'lemon', 'melon']);
  assert.equal(jobs[0]?.completions?.value, items.length);
});

test('no template and no sample holds a password', async () => {
  const names = (await readdir(join(root, 'samples/fruit'))).map(name => join('samples/fruit', name));
  const templates = (await readdir(join(root, 'media/templates/worker'))).map(name =>
    join('media/templates/worker', name),
  );
  for (const name of [...names, ...templates, 'media/templates/rabbitmq.yaml']) {
    const text = await readFile(join(root, name), 'utf8');
    assert.doesNotMatch(text, /amqps?:\/\/[^\s:]+:(?!\$\{PASSWORD\}|PASSWORD@)[^\s@]+@/, name);
  }
});
