import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  completionsEdit,
  readManifest,
  setCompletions,
  setImage,
  setImagePullPolicy,
} from '../../../src/workload/manifest.ts';
import { randomManifest } from './randomManifest.ts';

const HEAD = 'kind: Job\nspec:';

const SET: [string, string, string][] = [
  ['the number only', '\n  completions: 8\n', '\n  completions: 20\n'],
  ['the number before a comment', '\n  completions:   8   # eight\n', '\n  completions:   20   # eight\n'],
  ['the number at the end of the text', '\n  completions: 8', '\n  completions: 20'],
  [
    'the number among others of its value',
    '\n  parallelism: 8\n  completions: 8\n  backoffLimit: 8',
    '\n  parallelism: 8\n  completions: 20\n  backoffLimit: 8',
  ],
  ['a number in quotes, without its quotes', '\n  completions: "8"\n', '\n  completions: 20\n'],
  ['a number in single quotes', "\n  completions: '8' # x\n", '\n  completions: 20 # x\n'],
  ['a number behind a key in quotes', '\n  "completions" : 8\n', '\n  "completions" : 20\n'],
  ['an octal number', '\n  completions: 010\n', '\n  completions: 20\n'],
  ['a number with a tag', '\n  completions: !!int 8\n', '\n  completions: !!int 20\n'],
  ['a number with an anchor that nobody uses', '\n  completions: &n 8\n', '\n  completions: &n 20\n'],
  ['a word that is no number', '\n  completions: many\n', '\n  completions: 20\n'],
  ['a number of two lines of key and value', '\n  ? completions\n  : 8\n', '\n  ? completions\n  : 20\n'],
  ['a number in braces', ' {parallelism: 2, completions: 8}', ' {parallelism: 2, completions: 20}'],
  ['a number in JSON', ' {"completions":8,"parallelism":2}', ' {"completions":20,"parallelism":2}'],
  [
    'an alias, whose anchor stays',
    '\n  backoffLimit: &n 8\n  completions: *n\n',
    '\n  backoffLimit: &n 8\n  completions: 20\n',
  ],
  ['nothing behind the colon', '\n  completions:\n  parallelism: 2', '\n  completions: 20\n  parallelism: 2'],
  ['nothing but a comment', '\n  completions: # how many?\n', '\n  completions: 20 # how many?\n'],
  ['nothing in braces', ' {completions: , parallelism: 2}', ' {completions: 20 , parallelism: 2}'],
  ['a key alone in braces', ' {completions, parallelism: 2}', ' {completions: 20, parallelism: 2}'],
  ['nothing but a tag', '\n  completions: !!int\n', '\n  completions: !!int 20\n'],
];
for (const [name, before, after] of SET) {
  test(`setting completions replaces ${name}`, () => assert.equal(setCompletions(HEAD + before, 20), HEAD + after));
}

const ADDED: [string, string, string][] = [
  ['before the first field', '\n  parallelism: 2\n', '\n  completions: 20\n  parallelism: 2\n'],
  ['as far in as its neighbours', '\n      parallelism: 2', '\n      completions: 20\n      parallelism: 2'],
  [
    'under the comment of its neighbours',
    '\n  # how many at once\n  parallelism: 2',
    '\n  # how many at once\n  completions: 20\n  parallelism: 2',
  ],
  ['with Windows line ends', '\r\n  parallelism: 2\r\n', '\r\n  completions: 20\r\n  parallelism: 2\r\n'],
  ['with carriage returns', '\r  parallelism: 2\r', '\r  completions: 20\r  parallelism: 2\r'],
  ['in braces', ' {parallelism: 2}', ' {completions: 20, parallelism: 2}'],
  ['in braces with spaces', ' { parallelism: 2 }', ' { completions: 20, parallelism: 2 }'],
  ['in braces over lines', ' {\n  parallelism: 2,\n }', ' {\n  completions: 20, parallelism: 2,\n }'],
  ['in braces with a comment', ' { # x\n  parallelism: 2 }', ' { completions: 20, # x\n  parallelism: 2 }'],
  ['in empty braces', ' {}', ' {completions: 20}'],
  ['in JSON, with quotes', ' {"parallelism": 2}', ' {"completions": 20, "parallelism": 2}'],
  ['before a key in quotes', '\n  "parallelism": 2', '\n  completions: 20\n  "parallelism": 2'],
  ['before a field with an anchor', '\n  &k parallelism: 2', '\n  completions: 20\n  &k parallelism: 2'],
];
for (const [name, before, after] of ADDED) {
  test(`a missing completions is added ${name}`, () => assert.equal(setCompletions(HEAD + before, 20), HEAD + after));
}

const BASE = 'x: &base {completions: 3}\nkind: Job\nspec:';
const OVER: [string, string, string][] = [
  ['behind the merge key', '\n  <<: *base\n  parallelism: 2\n', '\n  <<: *base\n  completions: 20\n  parallelism: 2\n'],
  [
    'behind a merge key with a comment',
    '\n  parallelism: 2\n  <<: *base # all\n',
    '\n  parallelism: 2\n  <<: *base # all\n  completions: 20\n',
  ],
  ['behind a merge key at the end of the text', '\n  <<: *base', '\n  <<: *base\n  completions: 20'],
  ['behind a list of merges', '\n  <<: [*base, *base]\n', '\n  <<: [*base, *base]\n  completions: 20\n'],
  [
    'behind a list of merges in lines',
    '\n  <<:\n    - *base\n    - *base\n  parallelism: 2',
    '\n  <<:\n    - *base\n    - *base\n  completions: 20\n  parallelism: 2',
  ],
  [
    'behind a merge of a mapping written there',
    '\n  <<: {completions: 5}\n',
    '\n  <<: {completions: 5}\n  completions: 20\n',
  ],
  ['behind a merge in braces', ' {<<: *base, parallelism: 2}', ' {<<: *base, completions: 20, parallelism: 2}'],
];
for (const [name, before, after] of OVER) {
  test(`a merged completions is overridden ${name}, and its anchor stays`, () =>
    assert.equal(setCompletions(BASE + before, 20), BASE + after));
}

const UNCHANGED: [string, string][] = [
  ['a spec that comes through an alias', 'x: &s {completions: 3}\nkind: Job\nspec: *s'],
  [
    'a spec that others use through its anchor',
    'kind: List\nitems:\n- kind: Job\n  spec: &s\n    completions: 3\n- kind: Job\n  spec: *s',
  ],
  ['a number that another field uses', 'kind: Job\nspec:\n  completions: &n 3\n  parallelism: *n'],
  ['a number that a merge key further down overrides', `${BASE}\n  completions: 9\n  <<: *base\n`],
  ['a Job that comes through an alias', 'x: &j {kind: Job, spec: {completions: 3}}\n<<: *j'],
  ['a Job without a spec', 'kind: Job\nmetadata: {name: j}\n'],
  ['a Job whose spec is empty', 'kind: Job\nspec:\n'],
  ['a block of text for a number', 'kind: Job\nspec:\n  completions: |\n    8\n'],
  ['a list for a number', 'kind: Job\nspec:\n  completions: [8]\n'],
  ['a key written twice', 'kind: Job\nspec:\n  completions: 8\n  completions: 9\n'],
  ['a text with an error', 'kind: Job\nspec: {completions: 8'],
  ['a Service', 'kind: Service\nspec:\n  completions: 8\n'],
  ['an empty text', ''],
];
for (const [name, text] of UNCHANGED) {
  test(`${name} is left as it is, and no edit is offered`, () => {
    assert.equal(setCompletions(text, 20), text);
    assert.equal(completionsEdit(text, 20), undefined);
  });
}

test('the edit is the one replacement that setting makes', () => {
  const text = `${HEAD}\n  completions: 8 # eight\n`;
  assert.deepEqual(completionsEdit(text, 20), { span: { start: HEAD.length + 16, end: HEAD.length + 17 }, text: '20' });
});

const TWO =
  'kind: Job\nspec:\n  completions: 1\n---\nkind: List\nitems:\n- kind: Job\n  spec: {completions: 2}\n---\nkind: [';

test('the Job that is meant is changed, and no other', () => {
  assert.equal(setCompletions(TWO, 20, 0), TWO.replace('completions: 1', 'completions: 20'));
  assert.equal(setCompletions(TWO, 20, 1), TWO.replace('completions: 2', 'completions: 20'));
});

test('a Job that is not there changes nothing', () => {
  for (const index of [2, -1, 99]) assert.equal(setCompletions(TWO, 20, index), TWO);
});

for (const completions of [-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 31]) {
  test(`${completions} is no number of completions`, () => {
    assert.throws(() => setCompletions(`${HEAD} {}`, completions), RangeError);
  });
}

for (const completions of [0, 1, 2 ** 31 - 1]) {
  test(`${completions} is one`, () => {
    assert.equal(readManifest(setCompletions(`${HEAD} {}`, completions)).jobs[0]?.completions?.value, completions);
  });
}

test('whatever the manifest: the number becomes the new one, all else stays to the byte, and twice is once', () => {
  let edited = 0;
  for (let seed = 0; seed < 1500; seed++) {
    const { text, editable, index } = randomManifest(seed);
    const before = readManifest(text).jobs;
    assert.ok(before[index], `seed ${seed}: the Job is read\n${text}`);
    const wanted = seed % 97;
    const edit = completionsEdit(text, wanted, index);
    const after = setCompletions(text, wanted, index);
    assert.equal(edit !== undefined, editable, `seed ${seed}: editable\n${text}`);
    if (!edit) {
      assert.equal(after, text);
      continue;
    }
    edited++;
    assert.equal(after, text.slice(0, edit.span.start) + edit.text + text.slice(edit.span.end), `seed ${seed}`);
    assert.match(
      text.slice(edit.span.start, edit.span.end),
      /^(?:["']?\w*["']?|\*\w+)$/,
      `seed ${seed}: only a value goes`,
    );
    const read = readManifest(after);
    assert.equal(read.jobs[index]?.completions?.value, wanted, `seed ${seed}\n${after}`);
    const rest = (jobs: typeof before) =>
      JSON.stringify(
        jobs
          .map(each => ({
            ...each.body,
            spec: {
              ...(each.body.spec as object),
              completions: each === jobs[index] ? 0 : (each.body.spec as { completions?: number }).completions,
            },
          }))
          .map(sorted),
      );
    assert.equal(rest(read.jobs), rest(before), `seed ${seed}: the rest is the same\n${text}`);
    assert.equal(setCompletions(after, wanted, index), after, `seed ${seed}: twice is once`);
  }
  assert.ok(edited > 1000, `${edited} of 1500 could be edited`);
});

/** With keys in order: where a field is added is no difference. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort()
      .map(([key, each]) => [key, sorted(each)]),
  );
}

const POD = 'kind: Job\nspec:\n  template:\n    spec:\n      containers:\n';

const IMAGES: [string, string, string, string][] = [
  [
    'the placeholder',
    '      - name: c\n        image: gcr.io/<project>/job-wq-1 # yours\n',
    'me/app:1',
    '      - name: c\n        image: me/app:1 # yours\n',
  ],
  ['a name in quotes, within its quotes', '      - image: "a"\n', 'me/app:1', '      - image: "me/app:1"\n'],
  ['a name in single quotes', "      - image: 'a'\n", '127.0.0.1:5000/app', "      - image: '127.0.0.1:5000/app'\n"],
  [
    'a name in braces',
    '      - {name: c, image: a, env: []}\n',
    'r.io:5000/app:1',
    '      - {name: c, image: r.io:5000/app:1, env: []}\n',
  ],
  ['a name in JSON', '      - {"image":"a"}\n', 'b:1', '      - {"image":"b:1"}\n'],
  ['nothing', '      - name: c\n        image:\n', 'a', '      - name: c\n        image: a\n'],
  ['a missing name', '      - name: c\n        env: []\n', 'a', '      - image: a\n        name: c\n        env: []\n'],
  ['a missing name in braces', '      - {name: c}\n', 'a', '      - {image: a, name: c}\n'],
  ['an alias', '      - name: &n a\n        image: *n\n', 'b', '      - name: &n a\n        image: b\n'],
  ['a name that YAML would read as a number, in quotes', '      - image: a\n', '123', '      - image: "123"\n'],
  ['a name that YAML would read as a boolean, in quotes', '      - image: a\n', 'yes', '      - image: "yes"\n'],
  ['a text that is no name, in quotes', '      - image: a\n', '<repo>/x: y # z', '      - image: "<repo>/x: y # z"\n'],
  [
    'a name with a digest',
    '      - image: a\n',
    `a@sha256:${'0'.repeat(64)}`,
    `      - image: a@sha256:${'0'.repeat(64)}\n`,
  ],
];
for (const [name, before, image, after] of IMAGES) {
  test(`setting the image replaces ${name}`, () => {
    assert.equal(setImage(POD + before, image), POD + after);
    assert.equal(readManifest(POD + after).jobs[0]?.image?.value, image);
  });
}

test("the worker's image is set, not its neighbour's", () => {
  const text = `${POD}      - {name: side, image: s}\n      - {name: c, image: w, env: [{name: QUEUE, value: q}]}\n`;
  assert.equal(setImage(text, 'me/app'), text.replace('image: w', 'image: me/app'));
});

const NO_IMAGE: [string, string][] = [
  ['a Job without containers', 'kind: Job\nspec: {template: {spec: {containers: []}}}'],
  ['a container through an alias', `x: &c {image: a}\n${POD}      - *c\n`],
  ['an image that another container uses', `${POD}      - image: &i a\n      - image: *i\n`],
  ['a Service', 'kind: Service'],
];
for (const [name, text] of NO_IMAGE)
  test(`${name} keeps its image`, () => assert.equal(setImage(text, 'me/app'), text));

test('setting imagePullPolicy changes it, or adds it, and nothing else', () => {
  const always = `${POD}      - image: w\n        imagePullPolicy: Always # each time\n`;
  assert.equal(setImagePullPolicy(always, 'IfNotPresent'), always.replace('Always', 'IfNotPresent'));
  assert.equal(
    setImagePullPolicy(`${POD}      - image: w # mine\n`, 'IfNotPresent'),
    `${POD}      - imagePullPolicy: IfNotPresent\n        image: w # mine\n`,
  );
});
