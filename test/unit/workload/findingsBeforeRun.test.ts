import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Finding, type FindingCode, findings, type State } from '../../../src/workload/findings.ts';
import type { QueueLook } from '../../../src/workload/ledger.ts';
import { type JobInManifest, readManifest } from '../../../src/workload/manifest.ts';

const GOOD = {
  completions: 'completions: 8',
  image: 'me/job-wq-1',
  broker: 'valueFrom: {secretKeyRef: {name: rabbitmq-broker, key: url}}',
  restart: 'Never',
  command: '',
};

/** A manifest with nothing wrong, but for what is given. */
function manifest(given: Partial<typeof GOOD> = {}): JobInManifest {
  const { completions, image, broker, restart, command } = { ...GOOD, ...given };
  const text = `apiVersion: batch/v1
kind: Job
metadata: {name: job-wq-1}
spec:
  ${completions}
  template:
    spec:
      restartPolicy: ${restart}
      containers:
      - name: c
        image: ${image}
        ${command}
        env:
        - {name: QUEUE, value: job1}
        - {name: BROKER_URL, ${broker}}
`;
  const { jobs, problems } = readManifest(text);
  assert.deepEqual(problems, []);
  assert.ok(jobs[0]);
  return jobs[0];
}

const queue = (given: Partial<QueueLook> = {}): QueueLook => ({
  exists: true,
  ready: 8,
  unacked: 0,
  consumers: 0,
  ...given,
});
const codes = (state: State): FindingCode[] => findings(state).map(finding => finding.code);
const only = (state: State): Finding => {
  const [finding, ...more] = findings(state);
  assert.deepEqual(more, []);
  assert.ok(finding);
  return finding;
};

test('nothing is said of nothing', () => assert.deepEqual(findings({}), []));

test('a manifest that fits its queue has nothing wrong', () => {
  assert.deepEqual(findings({ manifest: manifest(), queue: queue(), claims: [] }), []);
});

test('a manifest alone is not judged by a queue that nobody knows', () => {
  assert.deepEqual(findings({ manifest: manifest({ completions: 'completions: 3' }) }), []);
});

test('too few completions leave items behind: the numbers, and the fix with its number', () => {
  assert.deepEqual(only({ manifest: manifest({ completions: 'completions: 5' }), queue: queue(), claims: [] }), {
    code: 'completions-below-depth',
    severity: 'will-go-wrong',
    proof: { completions: 5, needed: 8, ready: 8, claimed: 0 },
    remedies: [{ action: 'set-completions', numbers: { completions: 8 } }],
  });
});

test('too many completions never end: set the number, or publish the items that are missing', () => {
  assert.deepEqual(only({ manifest: manifest({ completions: 'completions: 10' }), queue: queue(), claims: [] }), {
    code: 'completions-above-depth',
    severity: 'will-go-wrong',
    proof: { completions: 10, needed: 8, ready: 8, claimed: 0 },
    remedies: [
      { action: 'set-completions', numbers: { completions: 8 } },
      { action: 'publish-items', numbers: { items: 2 } },
    ],
  });
});

test('before an empty queue nobody is told to set completions to 0', () => {
  assert.deepEqual(only({ manifest: manifest(), queue: queue({ ready: 0 }), claims: [] }), {
    code: 'completions-above-depth',
    severity: 'worth-knowing',
    proof: { completions: 8, needed: 0, ready: 0, claimed: 0 },
    remedies: [{ action: 'publish-items', numbers: { items: 8 } }],
  });
});

const CLAIMED: [string, State['claims'], number, FindingCode[]][] = [
  [
    'what another Job will take is not ours',
    [{ completions: 5, succeeded: 0, active: 0 }],
    8,
    ['completions-above-depth'],
  ],
  ['beside another Job the rest is enough', [{ completions: 5, succeeded: 0, active: 0 }], 3, []],
  [
    'beside another Job less than the rest is too few',
    [{ completions: 5, succeeded: 0, active: 0 }],
    2,
    ['completions-below-depth'],
  ],
  ['a Job that is nearly done claims little', [{ completions: 5, succeeded: 4, active: 0 }], 7, []],
  [
    'a Job that takes all leaves none',
    [{ completions: undefined, succeeded: 0, active: 1 }],
    1,
    ['completions-above-depth'],
  ],
];
for (const [name, claims, completions, expected] of CLAIMED) {
  test(name, () => {
    const state = { manifest: manifest({ completions: `completions: ${completions}` }), queue: queue(), claims };
    assert.deepEqual(codes(state), expected);
  });
}

test('messages that its Pods do not hold yet are still claimed', () => {
  const claims = [{ completions: 4, succeeded: 0, active: 2 }];
  const state = { manifest: manifest({ completions: 'completions: 4' }), claims };
  assert.deepEqual(codes({ ...state, queue: queue({ unacked: 0 }) }), []);
  assert.deepEqual(codes({ ...state, queue: queue({ unacked: 2 }) }), ['completions-below-depth']);
});

const WITHOUT_NUMBER: [string, string, FindingCode[]][] = [
  ['neither completions nor parallelism means one', 'suspend: false', ['completions-below-depth']],
  ['parallelism alone means no number, so nothing is judged', 'parallelism: 2', []],
  ['completions 0 takes nothing', 'completions: 0', ['completions-below-depth']],
];
for (const [name, completions, expected] of WITHOUT_NUMBER) {
  test(name, () =>
    assert.deepEqual(codes({ manifest: manifest({ completions }), queue: queue(), claims: [] }), expected),
  );
}

test('a Job that means one completion fits one message', () => {
  assert.deepEqual(
    codes({ manifest: manifest({ completions: 'suspend: false' }), queue: queue({ ready: 1 }), claims: [] }),
    [],
  );
});

test('a queue that is not there will fail every Pod', () => {
  const missing = queue({ exists: false, ready: undefined, unacked: undefined, consumers: undefined });
  assert.deepEqual(only({ manifest: manifest(), queue: missing, claims: [] }), {
    code: 'queue-missing',
    severity: 'will-go-wrong',
    proof: { queue: 'job1' },
    remedies: [
      { action: 'create-queue', numbers: {} },
      { action: 'publish-items', numbers: { items: 8 } },
    ],
  });
});

test('a depth that is not known is said, and no number is made up', () => {
  assert.deepEqual(
    only({ manifest: manifest({ completions: 'completions: 5' }), queue: queue({ ready: undefined }), claims: [] }),
    {
      code: 'depth-unknown',
      severity: 'worth-knowing',
      proof: { unknown: 'ready' },
      remedies: [],
    },
  );
});

test('unacked unknown holds nothing back', () => {
  assert.deepEqual(
    codes({ manifest: manifest({ completions: 'completions: 5' }), queue: queue({ unacked: undefined }), claims: [] }),
    ['completions-below-depth'],
  );
});

test('a broker that does not answer is said with its reason', () => {
  assert.deepEqual(only({ manifest: manifest(), brokerError: { reason: 'timeout' } }), {
    code: 'broker-unreachable',
    severity: 'has-gone-wrong',
    proof: { reason: 'timeout' },
    remedies: [
      { action: 'test-broker', numbers: {} },
      { action: 'start-rabbitmq', numbers: {} },
    ],
  });
});

for (const image of ['gcr.io/<project>/job-wq-1', '<repo>/job-wq-1', '']) {
  test(`the image ${JSON.stringify(image)} is still to be filled in`, () => {
    const finding = only({ manifest: manifest({ image: image || '""' }) });
    assert.deepEqual(
      [finding.code, finding.severity, finding.proof],
      ['placeholder-image', 'will-go-wrong', { image }],
    );
    assert.deepEqual(
      finding.remedies.map(remedy => remedy.action),
      ['build-and-push', 'set-image'],
    );
  });
}

const CREDENTIALS: [string, string, FindingCode[]][] = [
  ['a password in the manifest', 'value: "amqp://me:secret@rabbitmq-service"', ['plaintext-credentials']],
  ["the documentation's guest", 'value: "amqp://guest:guest@rabbitmq-service:5672"', ['plaintext-credentials']],
  ['a user alone', 'value: "amqp://me@rabbitmq-service"', []],
  ['no user', 'value: "amqp://rabbitmq-service"', []],
  ['an empty password', 'value: "amqp://me:@rabbitmq-service"', []],
  ['a password from another variable', 'value: "amqp://me:$(PASSWORD)@rabbitmq-service"', []],
  ['a Secret', GOOD.broker, []],
  ['a text that is no URL', 'value: rabbitmq-service', []],
];
for (const [name, broker, expected] of CREDENTIALS) {
  test(`credentials: ${name}`, () => assert.deepEqual(codes({ manifest: manifest({ broker }) }), expected));
}

test('the password is in no proof', () => {
  const finding = only({ manifest: manifest({ broker: 'value: "amqp://me:secret@rabbitmq-service"' }) });
  assert.deepEqual(finding.proof, { user: 'me', host: 'rabbitmq-service' });
  assert.ok(!JSON.stringify(finding).includes('secret@'));
});

test("with OnFailure the failed Pods' logs are lost at the limit", () => {
  const finding = only({ manifest: manifest({ restart: 'OnFailure' }) });
  assert.deepEqual(
    [finding.code, finding.severity, finding.proof],
    ['logs-lost-on-failure', 'worth-knowing', { backoffLimit: 6 }],
  );
  assert.deepEqual(only({ manifest: manifest({ restart: 'OnFailure', completions: 'backoffLimit: 2' }) }).proof, {
    backoffLimit: 2,
  });
});

test("the documentation's job.yaml before its eight messages: what is to be filled in first, then what is worth knowing", () => {
  const read = manifest({
    image: 'gcr.io/<project>/job-wq-1',
    broker: 'value: "amqp://guest:guest@rabbitmq-service:5672"',
    restart: 'OnFailure',
  });
  assert.deepEqual(codes({ manifest: read, queue: queue(), claims: [] }), [
    'placeholder-image',
    'plaintext-credentials',
    'logs-lost-on-failure',
  ]);
});

const STRICT = `amqp-consume --url="$BROKER_URL" -q "$QUEUE" -c 1 -- sh -c 'cat >/tmp/item && /worker.py </tmp/item && : >/tmp/ok' && test -e /tmp/ok`;
const SHORT = '/usr/bin/amqp-consume --url=$BROKER_URL -q $QUEUE -c 1 /worker.py';

const DOCKERFILES: [string, string, number | undefined][] = [
  ["the documentation's CMD", `FROM ubuntu:18.04\nCOPY ./worker.py /worker.py\nCMD ${SHORT}\n`, 3],
  ['the same as a list', `FROM a\nCMD ["amqp-consume", "-q", "q", "-c", "1", "/worker.py"]`, 2],
  ['the same through a shell', `FROM a\nCMD ["/bin/sh", "-c", "${SHORT}"]`, 2],
  ['the same through bash -ec', `FROM a\nCMD bash -ec '${SHORT}'`, 2],
  ['the same over lines', 'FROM a\n# the worker\nCMD amqp-consume \\\n  # one item\n  -q q \\\n  -c 1 /worker.py\n', 3],
  ['the same with Windows line ends', `FROM a\r\nCMD ${SHORT}\r\n`, 2],
  ['the same in small letters', `from a\ncmd ${SHORT}`, 2],
  ['an ENTRYPOINT', `FROM a\nENTRYPOINT ["amqp-consume"]\nCMD ["-q", "q", "-c", "1", "/worker.py"]`, 3],
  ['an ENTRYPOINT alone', `FROM a\nENTRYPOINT ${SHORT}`, 2],
  ['the last CMD counts', `FROM a\nCMD true\nCMD ${SHORT}`, 3],
  [
    'a mark of failure is not enough',
    `FROM a\nCMD amqp-consume -q q -c 1 -- sh -c 'w || : >/tmp/bad'; ! test -e /tmp/bad`,
    2,
  ],
  ['a mark that is asked for inside only', `FROM a\nCMD amqp-consume -q q -c 1 -- sh -c 'w && test -e /tmp/ok'`, 2],
  ['a mark that is asked for before', `FROM a\nCMD test -e /tmp/x && amqp-consume -q q -c 1 w`, 2],
  ['|| after it changes nothing', `FROM a\nCMD amqp-consume -q q -c 1 w || exit 1`, 2],
  ['our own template', `FROM a\nCMD ["/bin/sh", "-c", ${JSON.stringify(STRICT)}]`, undefined],
  ['the mark asked for in the shell form', `FROM a\nCMD ${STRICT}`, undefined],
  ['the mark asked for with a bracket', `FROM a\nCMD amqp-consume -q q -c 1 w; [ -f /tmp/ok ]`, undefined],
  [
    'the mark asked for within double quotes',
    `FROM a\nCMD sh -c "amqp-consume -q q -c 1 -- sh -c \\"w && : >/tmp/ok\\" && test -e /tmp/ok"`,
    undefined,
  ],
  ['a later CMD without amqp-consume', `FROM a\nCMD ${SHORT}\nCMD python3 /worker.py`, undefined],
  ['a later stage', `FROM a\nCMD ${SHORT}\nFROM b\nCMD run`, undefined],
  ['a later stage, whose command is its base image’s', `FROM a\nCMD ${SHORT}\nFROM b\nRUN x`, undefined],
  ['a later ENTRYPOINT takes the CMD away', `FROM a\nCMD ${SHORT}\nENTRYPOINT ["run"]`, undefined],
  ['a script, which is not looked into', 'FROM a\nCMD /work.sh', undefined],
  ['amqp-consume in a comment', `FROM a\n# CMD ${SHORT}\nCMD run`, undefined],
  ['amqp-consume installed only', 'FROM a\nRUN apt-get install amqp-tools && which amqp-consume\nCMD run', undefined],
  ['a program of another name', 'FROM a\nCMD my-amqp-consume -q q -c 1 w', undefined],
  ['no CMD', 'FROM a', undefined],
  ['an empty text', '', undefined],
];
for (const [name, dockerfile, line] of DOCKERFILES) {
  test(`Dockerfile: ${name} ${line ? 'hides' : 'does not hide'} failures`, () => {
    const expected = line === undefined ? [] : [{ source: 'Dockerfile', line }];
    assert.deepEqual(
      findings({ dockerfile }).map(finding => finding.proof),
      expected,
    );
  });
}

test('a worker that hides failures can be made strict', () => {
  const finding = only({ dockerfile: `FROM a\nCMD ${SHORT}` });
  assert.deepEqual([finding.code, finding.severity], ['worker-hides-failures', 'will-go-wrong']);
  assert.deepEqual(finding.remedies, [{ action: 'use-strict-worker', numbers: {} }]);
});

const COMMANDS: [string, string, boolean][] = [
  ['a bare amqp-consume', `command: [amqp-consume, -q, job1, -c, "1", /worker.py]`, true],
  ['a bare amqp-consume as args', `args: [amqp-consume, -q, job1, -c, "1", /worker.py]`, true],
  ['a shell around it', `command: [sh, -c]\n        args: ["amqp-consume -q $QUEUE -c 1 /worker.py"]`, true],
  ['a script of lines', `command: [sh, -c, "set -e\\namqp-consume -q q -c 1 w\\ntest -e /tmp/ok"]`, false],
  [
    'the mark asked for',
    `command: [sh, -c, "amqp-consume -q q -c 1 -- sh -c 'w && : >/tmp/ok' && test -e /tmp/ok"]`,
    false,
  ],
  ['another program', 'command: [python3, /worker.py]', false],
];
for (const [name, command, hides] of COMMANDS) {
  test(`command: ${name} ${hides ? 'hides' : 'does not hide'} failures`, () => {
    assert.deepEqual(
      findings({ manifest: manifest({ command }) }).map(finding => finding.proof),
      hides ? [{ source: 'manifest' }] : [],
    );
  });
}

test("the manifest's command counts, not the image's", () => {
  const dockerfile = `FROM a\nCMD ${SHORT}`;
  assert.deepEqual(codes({ manifest: manifest({ command: 'command: [python3, /worker.py]' }), dockerfile }), []);
  assert.deepEqual(codes({ manifest: manifest(), dockerfile }), ['worker-hides-failures']);
});
