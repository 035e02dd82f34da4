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
  ttl: 'ttlSecondsAfterFinished: 3600',
};

/** A manifest with nothing wrong, but for what is given. */
function manifest(given: Partial<typeof GOOD> = {}): JobInManifest {
  const { completions, image, broker, restart, command, ttl } = { ...GOOD, ...given };
  const text = `apiVersion: batch/v1
kind: Job
metadata: {name: job-wq-1}
spec:
  ${completions}
  ${ttl}
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

const ofPolicies = (given: Partial<typeof GOOD>, state: Omit<State, 'manifest'> = {}) =>
  findings({ manifest: manifest(given), ...state }).map(({ code, severity, proof, remedies }) => [
    code,
    severity,
    proof,
    remedies.map(({ action, numbers }) => [action, ...Object.values(numbers)]),
  ]);

test('without a ttl the Job stays; one of seconds takes the evidence away', () => {
  assert.deepEqual(ofPolicies({ ttl: '' }), [['ttl-missing', 'worth-knowing', {}, [['set-ttl', 86_400]]]]);
  assert.deepEqual(ofPolicies({ ttl: 'ttlSecondsAfterFinished: 0' }), [
    ['ttl-too-short', 'worth-knowing', { seconds: 0 }, [['set-ttl', 86_400]]],
  ]);
  assert.deepEqual(ofPolicies({ ttl: 'ttlSecondsAfterFinished: 60' }), []);
});

test('more Pods at a time than completions are worth knowing, unless the queue has more for the run', () => {
  const many = { completions: 'completions: 8\n  parallelism: 10' };
  assert.deepEqual(ofPolicies(many), [
    ['parallelism-above-completions', 'worth-knowing', { parallelism: 10, completions: 8 }, [['set-parallelism', 8]]],
  ]);
  assert.deepEqual(codes({ manifest: manifest(many), queue: queue({ ready: 12 }), claims: [] }), [
    'completions-below-depth',
  ]);
  assert.deepEqual(ofPolicies({ completions: 'completions: 8\n  parallelism: 8' }), []);
  assert.deepEqual(ofPolicies({ completions: 'parallelism: 8' }), [], 'without completions there is no such number');
});

test('a large run with the limit of a small one is worth knowing', () => {
  assert.deepEqual(ofPolicies({ completions: 'completions: 1000' }), [
    [
      'backoff-limit-low',
      'worth-knowing',
      { backoffLimit: 6, completions: 1000, fitting: 100 },
      [['set-backoff-limit', 100]],
    ],
  ]);
  assert.deepEqual(ofPolicies({ completions: 'completions: 1000\n  backoffLimit: 50' }), []);
  assert.deepEqual(ofPolicies({ completions: 'completions: 99\n  backoffLimit: 0' }), []);
});

const RESTART: [string, string, string][] = [
  ['Always', 'restartPolicy', 'keep-failed-pods'],
  ['""', 'restartPolicy', 'keep-failed-pods'],
];
for (const [restart, policy, action] of RESTART) {
  test(`restartPolicy ${restart} cannot work`, () => {
    const finding = only({ manifest: manifest({ restart }) });
    assert.deepEqual(
      [finding.code, finding.severity, finding.proof.policy, finding.remedies[0]?.action],
      ['policy-cannot-work', 'will-go-wrong', policy, action],
    );
  });
}

test('a podFailurePolicy needs restartPolicy Never and podReplacementPolicy Failed', () => {
  const policy = 'completions: 8\n  podFailurePolicy: {rules: []}';
  const cannot = (given: Partial<typeof GOOD>) =>
    ofPolicies(given).map(([code, , proof]) => [code, (proof as { policy: string }).policy]);
  assert.deepEqual(cannot({ completions: policy }), []);
  assert.deepEqual(cannot({ completions: policy, restart: 'OnFailure' }), [['policy-cannot-work', 'podFailurePolicy']]);
  assert.deepEqual(cannot({ completions: `${policy}\n  podReplacementPolicy: TerminatingOrFailed` }), [
    ['policy-cannot-work', 'podReplacementPolicy'],
  ]);
  assert.deepEqual(cannot({ completions: `${policy}\n  podReplacementPolicy: Failed` }), []);
});

const url = (host: string) => ({ broker: `value: "amqp://me@${host}:5672"` });

test("a broker's host that is no Service here is found by no Pod", () => {
  const services = { host: 'rabbitmq', namespace: 'team', found: false };
  assert.deepEqual(ofPolicies(url('rabbitmq'), { services }), [
    [
      'broker-not-here',
      'will-go-wrong',
      { host: 'rabbitmq', cause: 'no-service', namespace: 'team' },
      [['start-rabbitmq']],
    ],
  ]);
  assert.deepEqual(ofPolicies(url('rabbitmq'), { services: { ...services, found: true } }), []);
  assert.deepEqual(ofPolicies(url('rabbitmq')), [], 'not looked up yet');
  assert.deepEqual(ofPolicies(url('other'), { services }), [], 'looked up for another host');
});

for (const host of ['mq.example.com', '10.1.2.3', 'mq.team', '[fd00::1]']) {
  test(`${host} may well be a host outside of the cluster`, () => {
    const services = { host: host.replace(/[[\]]/g, ''), namespace: 'team', found: false };
    assert.deepEqual(ofPolicies(url(host), { services }), []);
  });
}

for (const host of ['localhost', '127.0.0.1', '[::1]']) {
  test(`${host} is, in a Pod, the Pod itself`, () => {
    assert.deepEqual(
      ofPolicies(url(host)).map(([code, severity]) => [code, severity]),
      [['broker-not-here', 'will-go-wrong']],
    );
  });
}

test('completions that are no number are another fault than a wrong number', () => {
  const { jobs } = readManifest('kind: Job\nspec: {completions: "5", ttlSecondsAfterFinished: 60}');
  assert.ok(jobs[0]);
  const found = codes({ manifest: jobs[0], queue: queue(), claims: [] });
  assert.ok(!found.includes('completions-below-depth'), found.join());
});
