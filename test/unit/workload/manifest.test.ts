import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type JobInManifest, looksLikeRun, readManifest, type Span } from '../../../src/workload/manifest.ts';

/** The documentation's job.yaml. */
const DOCUMENTATION = `apiVersion: batch/v1
kind: Job
metadata:
  name: job-wq-1
spec:
  completions: 8
  parallelism: 2
  template:
    metadata:
      name: job-wq-1
    spec:
      containers:
      - name: c
        image: gcr.io/<project>/job-wq-1
        env:
        - name: BROKER_URL
          value: amqp://guest:guest@rabbitmq-service:5672
        - name: QUEUE
          value: job1
      restartPolicy: OnFailure
`;

const jobIn = (text: string): JobInManifest => {
  const { jobs, problems } = readManifest(text);
  assert.deepEqual(problems, []);
  const [job] = jobs;
  assert.ok(job && jobs.length === 1);
  return job;
};
const textAt = (text: string, span: Span | undefined) => span && text.slice(span.start, span.end);

/** A Job with this spec and these containers, both indented flow or block text as given. */
const job = (spec: string, container = '{name: c, env: [{name: QUEUE, value: job1}]}') =>
  `kind: Job\nmetadata: {name: j}\nspec:\n${spec}  template:\n    spec:\n      containers:\n      - ${container}\n`;

test("the documentation's job.yaml says what it says", () => {
  const read = jobIn(DOCUMENTATION);
  const { span: _, body: __, places: ___, queue, broker, image, completions, parallelism, ...rest } = read;
  assert.deepEqual(rest, {
    document: 0,
    name: 'job-wq-1',
    namespace: undefined,
    pullPolicy: undefined,
    restartPolicy: 'OnFailure',
    backoffLimit: undefined,
    command: [],
  });
  assert.equal(queue?.value, 'job1');
  assert.deepEqual(broker?.value, { url: 'amqp://guest:guest@rabbitmq-service:5672' });
  assert.equal(image?.value, 'gcr.io/<project>/job-wq-1');
  assert.equal(completions?.value, 8);
  assert.equal(parallelism?.value, 2);
});

test('each thing it says is found where it stands', () => {
  const read = jobIn(DOCUMENTATION);
  assert.equal(textAt(DOCUMENTATION, read.span), 'kind: Job');
  assert.equal(textAt(DOCUMENTATION, read.queue?.span), 'job1');
  assert.equal(textAt(DOCUMENTATION, read.broker?.span), 'amqp://guest:guest@rabbitmq-service:5672');
  assert.equal(textAt(DOCUMENTATION, read.image?.span), 'gcr.io/<project>/job-wq-1');
  assert.equal(textAt(DOCUMENTATION, read.completions?.span), '8');
  assert.equal(textAt(DOCUMENTATION, read.parallelism?.span), '2');
});

test('the body is the Job as kubectl would send it', () => {
  assert.deepEqual(jobIn(DOCUMENTATION).body, {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: 'job-wq-1' },
    spec: {
      completions: 8,
      parallelism: 2,
      template: {
        metadata: { name: 'job-wq-1' },
        spec: {
          containers: [
            {
              name: 'c',
              image: 'gcr.io/<project>/job-wq-1',
              env: [
                { name: 'BROKER_URL', value: 'amqp://guest:guest@rabbitmq-service:5672' },
                { name: 'QUEUE', value: 'job1' },
              ],
            },
          ],
          restartPolicy: 'OnFailure',
        },
      },
    },
  });
});

const VARIANTS: [string, (text: string) => string][] = [
  ['with Windows line ends', text => text.replaceAll('\n', '\r\n')],
  ['with a byte order mark', text => `\uFEFF${text}`],
  ['with a separator and comments before it', text => `# 😀 my job\n---\n${text}`],
  ['with comments behind everything', text => text.replaceAll('\n', ' # 😀\n')],
  [
    'with quotes around the values',
    text => text.replace('job1', '"job1"').replace('gcr.io/<project>/job-wq-1', "'gcr.io/<project>/job-wq-1'"),
  ],
  ['without a line break at its end', text => text.trimEnd()],
  [
    'with the list of containers indented',
    text => text.replace(/^( {6}- name: c\n)((?: {8}.*\n)*)/m, all => all.replace(/^/gm, '  ').replace(/ {2}$/, '')),
  ],
  ['as JSON', text => JSON.stringify(jobIn(text).body)],
  ['as JSON in lines', text => JSON.stringify(jobIn(text).body, null, 2)],
  ['as JSON in lines with tabs', text => JSON.stringify(jobIn(text).body, null, '\t')],
  ['behind a Service', text => `apiVersion: v1\nkind: Service\nmetadata: {name: s}\n---\n${text}`],
  ['in a List', text => `apiVersion: v1\nkind: List\nitems:\n- ${text.trimEnd().replaceAll('\n', '\n  ')}\n`],
  [
    'in a List in a List',
    text => `kind: List\nitems:\n- kind: List\n  items:\n  - ${text.trimEnd().replaceAll('\n', '\n    ')}\n`,
  ],
];
for (const [name, change] of VARIANTS) {
  test(`the same job ${name} reads the same, at its places`, () => {
    const text = change(DOCUMENTATION);
    const plain = jobIn(DOCUMENTATION);
    const read = jobIn(text);
    assert.deepEqual(read.body, plain.body);
    for (const field of ['queue', 'image', 'completions', 'parallelism'] as const) {
      assert.equal(read[field]?.value, plain[field]?.value);
      assert.equal(textAt(text, read[field]?.span), String(plain[field]?.value));
    }
    assert.match(textAt(text, read.span) ?? '', /^"?kind"?: ?"?Job$|^kind": ?"Job$/);
  });
}

const IGNORED: [string, string][] = [
  ['an empty text', ''],
  ['a comment', '# kind: Job'],
  ['a separator', '---'],
  ['a Deployment', DOCUMENTATION.replace('kind: Job', 'kind: Deployment')],
  ['a CronJob', 'apiVersion: batch/v1\nkind: CronJob\nspec: {jobTemplate: {spec: {completions: 8}}}'],
  ["another group's Job", DOCUMENTATION.replace('batch/v1', 'batch.volcano.sh/v1alpha1')],
  ['a ConfigMap that holds a Job as text', 'kind: ConfigMap\ndata:\n  job: |\n    kind: Job\n'],
  ['a List of a Service', 'kind: List\nitems: [{kind: Service}]'],
  ['a List without items', 'kind: List\nitems:'],
  ['a list of texts', '- kind\n- Job'],
  ['a text', 'kind'],
  ['a number', '8'],
];
for (const [name, text] of IGNORED) {
  test(`${name} has no Jobs and no problems`, () => assert.deepEqual(readManifest(text), { jobs: [], problems: [] }));
}

test('Jobs of several documents and lists are found in the order of the text', () => {
  const text = [
    'kind: Job\nmetadata: {name: a}',
    'kind: Service',
    'kind: List\nitems:\n- kind: Job\n  metadata: {name: b}\n- kind: Job\n  metadata: {name: c}',
    'kind: JobList\nitems: [{kind: Job, metadata: {name: d}}]',
  ].join('\n---\n');
  const { jobs, problems } = readManifest(text);
  assert.deepEqual(problems, []);
  assert.deepEqual(
    jobs.map(each => [each.name, each.document]),
    [
      ['a', 0],
      ['b', 2],
      ['c', 2],
      ['d', 3],
    ],
  );
});

test('a document with an error hides the Jobs of no other', () => {
  const { jobs, problems } = readManifest(`kind: [\n---\n${DOCUMENTATION}---\nkind: "\n`);
  assert.deepEqual(
    jobs.map(each => [each.name, each.document]),
    [['job-wq-1', 1]],
  );
  assert.equal(problems.length, 2);
  assert.equal(textAt(`kind: [\n---\n${DOCUMENTATION}`, jobs[0]?.completions?.span), '8');
});

const COUNTS: [string, string, number | undefined, string | undefined][] = [
  ['a number', '  completions: 8\n', 8, '8'],
  ['a number with a comment', '  completions: 8 # eight\n', 8, '8'],
  ['a number after spaces', '  completions:    8\n', 8, '8'],
  ['zero', '  completions: 0\n', 0, '0'],
  ['an octal number, as kubectl reads it', '  completions: 010\n', 8, '010'],
  ['a number with underscores', '  completions: 1_000\n', 1000, '1_000'],
  ['a hexadecimal number', '  completions: 0x10\n', 16, '0x10'],
  ['a number with an empty fraction', '  completions: 8.0\n', 8, '8.0'],
  ['a tagged text', '  completions: !!int "8"\n', 8, '8'],
  ['a key in quotes', '  "completions": 8\n', 8, '8'],
  ['an anchor', '  completions: &n 8\n', 8, '8'],
  ['a key of its own line', '  ? completions\n  : 8\n', 8, '8'],
  ['nothing', '', undefined, undefined],
  ['nothing behind the colon', '  completions:\n', undefined, undefined],
  ['null', '  completions: ~\n', undefined, undefined],
];
for (const [name, spec, value, at] of COUNTS) {
  test(`completions: ${name}`, () => {
    const text = job(spec);
    const { completions } = jobIn(text);
    assert.equal(completions?.value, value);
    assert.equal(textAt(text, completions?.span), at);
  });
}

test('a number through an alias is found at the alias', () => {
  const text = `x: &n 8\n${job('  completions: *n\n')}`;
  const { completions } = jobIn(text);
  assert.equal(completions?.value, 8);
  assert.equal(textAt(text, completions?.span), '*n');
});

test('a number through a merge key is found at the alias of the merge', () => {
  const text = `x: &base {completions: 8}\n${job('  <<: *base\n')}`;
  const { completions } = jobIn(text);
  assert.equal(completions?.value, 8);
  assert.equal(textAt(text, completions?.span), '*base');
});

test('a number that overrides a merge is found where it stands', () => {
  const text = `x: &base {completions: 8}\n${job('  <<: *base\n  completions: 9\n')}`;
  const { completions } = jobIn(text);
  assert.equal(completions?.value, 9);
  assert.equal(textAt(text, completions?.span), '9');
});

test('a number through an alias behind an alias is found at the first, the one in the Job', () => {
  const text = 'x: &n 8\ny: &s {completions: *n}\nkind: Job\nspec: *s';
  const { completions } = jobIn(text);
  assert.equal(completions?.value, 8);
  assert.equal(textAt(text, completions?.span), '*s');
});

test('a spec through an alias says the same of its Job, at the alias', () => {
  const text = `x: &s {completions: 8, template: {spec: {containers: [{image: i, env: [{name: QUEUE, value: q}]}]}}}\nkind: Job\nspec: *s`;
  const read = jobIn(text);
  assert.deepEqual([read.completions?.value, read.queue?.value, read.image?.value], [8, 'q', 'i']);
  for (const span of [read.completions?.span, read.queue?.span, read.image?.span])
    assert.equal(textAt(text, span), '*s');
});

const REFUSED_COUNTS: [string, string, string][] = [
  ['a number in quotes', '"8"', '8'],
  ['a fraction', '8.5', '8.5'],
  ['a negative number', '-1', '-1'],
  ['a word', 'eight', 'eight'],
  ['a boolean', 'yes', 'yes'],
];
for (const [name, written, at] of REFUSED_COUNTS) {
  test(`completions: ${name} is a problem at its place, and the Job stays`, () => {
    const text = job(`  completions: ${written}\n`);
    const { jobs, problems } = readManifest(text);
    assert.equal(jobs[0]?.completions, undefined);
    assert.equal(jobs[0]?.name, 'j');
    assert.deepEqual(
      problems.map(({ code, line }) => [code, line]),
      [['structure', 4]],
    );
    assert.equal(
      text
        .split('\n')[3]
        ?.slice((problems[0]?.column ?? 0) - 1)
        .replace(/"$/, ''),
      at,
    );
  });
}

const QUEUES: [string, string, string | undefined][] = [
  ['a text', '{name: c, env: [{name: QUEUE, value: job1}]}', 'job1'],
  ['a text in quotes', `{name: c, env: [{name: "QUEUE", value: 'job 1'}]}`, 'job 1'],
  ['the last of two, as the kubelet takes it', '{env: [{name: QUEUE, value: a}, {name: QUEUE, value: b}]}', 'b'],
  ['none', '{name: c, env: [{name: OTHER, value: x}]}', undefined],
  ['no environment', '{name: c}', undefined],
  ['an empty environment', '{name: c, env: }', undefined],
  ['no value', '{env: [{name: QUEUE}]}', undefined],
  ['a value from elsewhere', '{env: [{name: QUEUE, valueFrom: {configMapKeyRef: {name: m, key: k}}}]}', undefined],
  ['an environment that is no list', '{env: {name: QUEUE, value: a}}', undefined],
  ['an environment of texts', '{env: [QUEUE]}', undefined],
];
for (const [name, container, queue] of QUEUES) {
  test(`QUEUE: ${name}`, () => assert.equal(jobIn(job('', container)).queue?.value, queue));
}

for (const [written, kind] of [
  ['0123', 'a number'],
  ['yes', 'a boolean'],
  ['[a]', 'a list'],
]) {
  test(`QUEUE: ${kind} is a problem, as Kubernetes takes text only`, () => {
    const { jobs, problems } = readManifest(job('', `{env: [{name: QUEUE, value: ${written}}]}`));
    assert.equal(jobs[0]?.queue, undefined);
    assert.deepEqual(
      problems.map(({ code, line }) => [code, line]),
      [['structure', 7]],
    );
  });
}

test('BROKER_URL from a Secret names the Secret and its key', () => {
  const text = job('', '{env: [{name: BROKER_URL, valueFrom: {secretKeyRef: {name: rabbitmq-broker, key: url}}}]}');
  const { broker } = jobIn(text);
  assert.deepEqual(broker?.value, { secret: 'rabbitmq-broker', key: 'url' });
  assert.equal(textAt(text, broker?.span), 'rabbitmq-broker');
});

const SIDE_BY_SIDE = (second: string) =>
  job('', `{name: side, image: s, env: [{name: BROKER_URL, value: "amqp://s"}]}\n      - ${second}`);

test('the worker is the container that has QUEUE, not the one before it', () => {
  const read = jobIn(
    SIDE_BY_SIDE(
      '{name: c, image: w, command: [run], env: [{name: QUEUE, value: q}, {name: BROKER_URL, value: "amqp://w"}]}',
    ),
  );
  assert.deepEqual(
    [read.queue?.value, read.image?.value, read.command, read.broker?.value],
    ['q', 'w', ['run'], { url: 'amqp://w' }],
  );
});

test("a worker without BROKER_URL borrows its neighbour's", () => {
  const read = jobIn(SIDE_BY_SIDE('{name: c, image: w, env: [{name: QUEUE, value: q}]}'));
  assert.deepEqual([read.image?.value, read.broker?.value], ['w', { url: 'amqp://s' }]);
});

test('without QUEUE the worker is the container that has BROKER_URL', () => {
  const read = jobIn(
    job('', '{name: a, image: a}\n      - {name: b, image: b, env: [{name: BROKER_URL, value: "amqp://h"}]}'),
  );
  assert.deepEqual([read.image?.value, read.queue], ['b', undefined]);
});

test('a Job of another kind of work is read too, without queue and broker', () => {
  const read = jobIn(
    'apiVersion: batch/v1\nkind: Job\nspec: {template: {spec: {containers: [{image: perl, command: [perl, -e, "1"], args: [x]}]}}}',
  );
  assert.deepEqual(
    [read.queue, read.broker, read.image?.value, read.command],
    [undefined, undefined, 'perl', ['perl', '-e', '1', 'x']],
  );
});

test('what the Job says beside is read', () => {
  const text =
    'kind: Job\nmetadata: {name: j, namespace: team}\nspec: {backoffLimit: 4, template: {spec: {restartPolicy: Never}}}';
  const read = jobIn(text);
  assert.deepEqual(
    [read.namespace, read.backoffLimit, read.restartPolicy, read.image],
    ['team', 4, 'Never', undefined],
  );
});

const ODD: string[] = [
  'kind: Job\nspec: 8',
  'kind: Job\nspec: [a]',
  'kind: Job\nmetadata: x\nspec: {template: 1}',
  'kind: Job\nmetadata: {name: 8}',
  'kind: Job\nspec: {template: {spec: {containers: {a: 1}}}}',
  'kind: Job\nspec: {template: {spec: {containers: [1, null, [a]]}}}',
  'kind: Job\nspec: {template: {spec: {containers: [{image: 8, command: x, args: [1], env: [null, 1]}]}}}',
  'kind: Job\n__proto__: {spec: {completions: 8}}',
  'kind: List\nitems: [null, 1, [a], {kind: Job}]',
];
for (const text of ODD) {
  test(`${JSON.stringify(text)} is read without a fault`, () => {
    const { jobs } = readManifest(text);
    assert.deepEqual([jobs.length, jobs[0]?.completions, jobs[0]?.name], [1, undefined, undefined]);
  });
}

test('no cut of a manifest, and no change of a letter of it, makes the reader throw', () => {
  for (let cut = 0; cut <= DOCUMENTATION.length; cut++) {
    readManifest(DOCUMENTATION.slice(0, cut));
    readManifest(DOCUMENTATION.slice(cut));
    for (const letter of ['\t', '{', '"', '\n- ', '*x', '&x ', '!!x ']) {
      const { jobs, problems } = readManifest(DOCUMENTATION.slice(0, cut) + letter + DOCUMENTATION.slice(cut + 1));
      assert.ok(jobs.length + problems.length <= 3);
    }
  }
});

const LOOKS: [string, string, boolean][] = [
  ["the documentation's job", DOCUMENTATION, true],
  ['a job as JSON', JSON.stringify({ kind: 'Job', env: [{ name: 'QUEUE' }] }), true],
  ['a job with BROKER_URL only', 'kind: "Job"\nBROKER_URL', true],
  ['a job of another pattern', 'kind: Job\nspec: {completions: 8}', false],
  ['a deployment with a queue', 'kind: Deployment\nenv: [{name: QUEUE}]', false],
  ['a cron job with a queue', 'kind: CronJob\nenv: [{name: QUEUE}]', false],
  ['a text', 'The QUEUE of the Job', false],
];
for (const [name, text, expected] of LOOKS) {
  test(`${name} ${expected ? 'looks' : 'does not look'} like a run`, () => assert.equal(looksLikeRun(text), expected));
}
