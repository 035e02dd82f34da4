import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findings } from '../../../src/workload/findings.ts';
import { readManifest, strictEdit } from '../../../src/workload/manifest.ts';
import { strictScript } from '../../../src/workload/strictWorker.ts';

const OPTIONS = 'amqp-consume --url="$BROKER_URL" -q "$QUEUE" -c 1';
const around = (options: string, worker: string) =>
  `${options} -- sh -c 'cat >/tmp/item && ${worker} </tmp/item && : >/tmp/ok' && test -e /tmp/ok`;

const SCRIPTS: [string, string, string | undefined][] = [
  ["the documentation's command", `${OPTIONS} /worker.py`, around(OPTIONS, '/worker.py')],
  ['one with a path and exec', `exec /usr/bin/${OPTIONS} /worker.py`, around(`/usr/bin/${OPTIONS}`, '/worker.py')],
  ['one with words of its own', `${OPTIONS} -- python3 /w.py --fast $X`, around(OPTIONS, 'python3 /w.py --fast $X')],
  [
    'options with and without a space',
    'amqp-consume -qjob1 --count=1 -p 1 cat',
    around('amqp-consume -qjob1 --count=1 -p 1', 'cat'),
  ],
  ['one that takes several messages', 'amqp-consume -q q -c 5 cat', undefined],
  ['one without a count', 'amqp-consume -q q cat', undefined],
  ['one that acknowledges at once', 'amqp-consume -q q -A -c 1 cat', undefined],
  ['one that is strict already', around(OPTIONS, '/worker.py'), undefined],
  ['one with quotes in its command', `${OPTIONS} sh -c 'a; b'`, undefined],
  ['one of several commands', `${OPTIONS} cat && true`, undefined],
  ['another program', 'python3 /worker.py', undefined],
];
for (const [name, script, strict] of SCRIPTS) {
  test(`made strict: ${name}`, () => assert.equal(strictScript(script), strict));
}

const job = (command: string) =>
  `kind: Job\nspec:\n  template:\n    spec:\n      containers:\n        - name: c\n${command} # run\n          env: [{name: QUEUE, value: q}]\n`;
const strict = JSON.stringify(around(OPTIONS, '/worker.py'));

const MANIFESTS: [string, string, string | undefined][] = [
  [
    'in brackets',
    `          command: ["/bin/sh", "-c", ${JSON.stringify(`${OPTIONS} /worker.py`)}]`,
    `          command: ["/bin/sh", "-c", ${strict}]`,
  ],
  [
    'as args of a line',
    `          args:\n            - ${OPTIONS} /worker.py`,
    `          args:\n            - ${strict}`,
  ],
  ['as a list of words', '          command: [amqp-consume, -q, q, -c, "1", /worker.py]', undefined],
  [
    'as a block of text',
    `          command:\n            - sh\n            - -c\n            - |\n              ${OPTIONS} /worker.py\n          x: y`,
    undefined,
  ],
];
for (const [name, before, after] of MANIFESTS) {
  test(`the script of a manifest ${name} ${after ? 'becomes strict, and nothing else changes' : 'is left as it is'}`, () => {
    const text = job(before);
    const edit = strictEdit(text);
    const changed = edit ? text.slice(0, edit.span.start) + edit.text + text.slice(edit.span.end) : undefined;
    assert.equal(changed, after && job(after));
    const codes = (from: string) => findings({ manifest: readManifest(from).jobs[0] }).map(({ code }) => code);
    assert.ok(codes(text).includes('worker-hides-failures'));
    if (changed) assert.ok(!codes(changed).includes('worker-hides-failures'));
  });
}
