import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type JobChange, jobEdit, readManifest, setCompletions } from '../../../src/workload/manifest.ts';
import { corpus } from '../../corpus/corpus.ts';

const edited = (text: string, change: JobChange, job = 0): string => {
  const edit = jobEdit(text, change, job);
  return edit ? text.slice(0, edit.span.start) + edit.text + text.slice(edit.span.end) : text;
};

const JOB = `kind: Job
spec:
  # How many messages to take.
  completions: 8
  # At the same time.
  parallelism: 2 # two
  template:
    spec:
      restartPolicy: OnFailure # or Never
      containers:
        - name: c
          env:
            - name: QUEUE
              value: job1 # the queue
            - name: BROKER_URL
              value: "amqp://guest:guest@rabbitmq-service:5672" # the broker
`;

const CHANGES: [string, JobChange, string, string][] = [
  ['parallelism', { field: 'parallelism', value: 1 }, 'parallelism: 2', 'parallelism: 1'],
  ['the restart policy', { field: 'restartPolicy', value: 'Never' }, 'OnFailure', 'Never'],
  [
    'a ttl, behind the other numbers and their comments',
    { field: 'ttlSecondsAfterFinished', value: 86_400 },
    '# two\n',
    '# two\n  ttlSecondsAfterFinished: 86400\n',
  ],
  ['a limit', { field: 'backoffLimit', value: 100 }, '# two\n', '# two\n  backoffLimit: 100\n'],
  ['the queue', { field: 'queue', value: 'job2' }, 'job1 #', 'job2 #'],
  ['a queue whose name is a number', { field: 'queue', value: '12' }, 'job1 #', '"12" #'],
  ['a queue with a space', { field: 'queue', value: 'job # 2' }, 'job1 #', '"job # 2" #'],
  [
    "the broker's URL, within its quotes",
    { field: 'broker', value: 'amqp://guest@mq:5672' },
    '"amqp://guest:guest@rabbitmq-service:5672"',
    '"amqp://guest@mq:5672"',
  ],
  [
    'a Secret for the URL',
    { field: 'brokerSecret', value: { name: 'rabbitmq-broker', key: 'url' } },
    'value: "amqp://guest:guest@rabbitmq-service:5672" #',
    'valueFrom:\n                secretKeyRef:\n                  name: rabbitmq-broker\n                  key: url #',
  ],
];
for (const [name, change, before, after] of CHANGES) {
  test(`a change sets ${name}, and nothing else`, () => {
    assert.equal(edited(JOB, change), JOB.replace(before, after));
    const windows = JOB.replaceAll('\n', '\r\n');
    assert.equal(edited(windows, change), JOB.replace(before, after).replaceAll('\n', '\r\n'));
  });
}

test('in braces and in JSON a Secret comes in their style', () => {
  const change: JobChange = { field: 'brokerSecret', value: { name: 's', key: 'k' } };
  const job = (variable: string) =>
    `{"kind": "Job", "spec": {"template": {"spec": {"containers": [{"env": [${variable}]}]}}}}`;
  assert.equal(
    edited(job('{name: BROKER_URL, value: "amqp://a:b@c"}'), change),
    job('{name: BROKER_URL, valueFrom: {secretKeyRef: {name: s, key: k}}}'),
  );
  assert.equal(
    edited(job('{"name": "BROKER_URL", "value": "amqp://a:b@c"}'), change),
    job('{"name": "BROKER_URL", "valueFrom": {"secretKeyRef": {"name": "s", "key": "k"}}}'),
  );
});

test('what would change another place too is not offered', () => {
  const shared = 'kind: Job\nspec:\n  parallelism: &n 3\n  backoffLimit: *n\n';
  assert.equal(jobEdit(shared, { field: 'parallelism', value: 1 }), undefined);
  assert.equal(jobEdit('kind: Job\nspec: {}', { field: 'queue', value: 'a' }), undefined);
  assert.equal(jobEdit('kind: Service', { field: 'parallelism', value: 1 }), undefined);
});

test('whatever the manifest: a change says what it should afterwards, and the rest of the Jobs stays', () => {
  const changes: JobChange[] = [
    { field: 'parallelism', value: 7 },
    { field: 'ttlSecondsAfterFinished', value: 600 },
    { field: 'restartPolicy', value: 'Never' },
    { field: 'queue', value: 'another' },
  ];
  let count = 0;
  for (const { file, text } of corpus()) {
    for (const index of readManifest(text).jobs.keys()) {
      for (const change of changes) {
        const after = edited(text, change, index);
        if (!jobEdit(text, change, index)) continue;
        count++;
        const read = readManifest(after).jobs;
        assert.ok(JSON.stringify(read[index]?.body).includes(JSON.stringify(change.value)), `${file} ${change.field}`);
        assert.equal(read.length, readManifest(text).jobs.length, file);
        assert.equal(edited(after, change, index), after, `${file} ${change.field}: twice is once`);
        assert.deepEqual(
          readManifest(setCompletions(after, 5, index)).jobs.map(job => job.name),
          readManifest(text).jobs.map(job => job.name),
          file,
        );
      }
    }
  }
  assert.ok(count > 700, `${count} changes`);
});
