import assert from 'node:assert/strict';
import { readManifest, setCompletions } from '../../src/workload/manifest.ts';
import { kubectl } from '../lab/kubectl.ts';
import { labUp } from '../lab/up.ts';
import { fault } from './fault.ts';

await labUp();

const head = 'apiVersion: batch/v1\nkind: Job\nmetadata: {name: run}\n';
const spec =
  'spec:\n  completions: 8\n  template:\n    spec: {restartPolicy: Never, containers: [{name: c, image: i}]}\n';
const job = head + spec;
const bomb = (first: string, next: (name: string) => string, levels: number) =>
  Array.from({ length: levels }, (_, i) => `a${i}: &a${i} ${i ? next(`*a${i - 1}`) : first}`).join('\n');

/** Refused with a problem, as kubectl or the server refuse them: nobody waits for these, and nothing is changed. */
const REFUSED: [name: string, text: string][] = [
  ['a bomb of aliases in lists', `${bomb('[x]', a => `[${Array(9).fill(a)}]`, 12)}\n${job}`],
  ['a bomb of aliases in mappings', `${bomb('{x: 1}', a => `{l: ${a}, r: ${a}}`, 40)}\n${job}`],
  ['a bomb of merges', `${bomb('{x: 1}', a => `{<<: [${a}, ${a}]}`, 40)}\n${job}`],
  ['lists nested ten thousand deep', `${job}x: ${'['.repeat(10_000)}`],
  ['lists nested ten thousand deep, and closed', `${job}x: ${'['.repeat(10_000)}${']'.repeat(10_000)}`],
  ['mappings nested ten thousand deep', `${job}x: ${'{a: '.repeat(10_000)}`],
  ['a key that is written twice', job.replace('completions: 8', 'completions: 8\n  completions: 9')],
  ['50 MB of lines', job + '# nothing\n'.repeat(5_000_000)],
  ['50 MB in one line', `${job}x: ${'y'.repeat(50_000_000)}`],
];
for (const [name, text] of REFUSED) {
  fault(22, `a manifest with ${name}`, { once: true, timeoutMs: 20_000 }, async () => {
    assert.notDeepEqual(readManifest(text).problems, []);
    assert.deepEqual(readManifest(text).jobs, []);
    assert.equal(setCompletions(text, 9), text);
  });
}

/** What kubectl makes of these is what is read, and what it refuses is a problem. */
const AS_KUBECTL: [name: string, text: string][] = [
  ['merge keys', job.replace('completions: 8', '<<: [{completions: 5, parallelism: 2}, {parallelism: 3}]')],
  ['numbers and words of YAML 1.1', job.replace('completions: 8', 'completions: 0x10\n  suspend: yes')],
  ['a file mode (0644)', job.replace('completions: 8', 'backoffLimit: 0644\n  completions: 1_0')],
  ['keys of the prototype', job.replace('{name: run}', '{name: run, labels: {__proto__: "x", constructor: "y"}}')],
  ['a prototype through a merge', job.replace('{name: run}', '{name: run, labels: {<<: {__proto__: "x"}}}')],
  ['an anchor before the Job', job.replace('completions: 8', 'parallelism: &n 3\n  completions: *n')],
  ['Windows line ends', job.replaceAll('\n', '\r\n')],
  ['a byte order mark', `\uFEFF${job}`],
  ['empty documents around it', `---\n---\n${job}---\n# nothing\n`],
  ['a tab for a blank', job.replace('  completions', '\tcompletions')],
  ['half of a document', job.slice(0, -8)],
  ['a list of kinds', `apiVersion: v1\nkind: List\nitems:\n- ${job.trimEnd().replaceAll('\n', '\n  ')}\n`],
];
for (const [name, text] of AS_KUBECTL) {
  fault(22, `a manifest with ${name}, as kubectl reads it`, { once: true }, async () => {
    const { problems } = readManifest(text);
    const argv = ['create', '--dry-run=client', '--validate=false', '--output=json', '--filename=-'];
    const printed = await kubectl(argv, { input: text }).catch(() => undefined);
    if (printed === undefined) {
      assert.notDeepEqual(problems, [], 'kubectl refuses it');
      assert.equal(setCompletions(text, 9), text);
      return undefined;
    }
    assert.deepEqual(problems, []);
    const { metadata, spec: read } = JSON.parse(printed);
    const bodies = (of: string) => readManifest(of).jobs.map(one => one.body as { metadata: object; spec: object });
    assert.partialDeepStrictEqual(metadata, bodies(text)[0]?.metadata ?? {});
    assert.deepEqual(
      bodies(text).map(one => one.spec),
      [read],
    );
    assert.deepEqual(bodies(setCompletions(text, 9))[0]?.spec, { ...read, completions: 9 });
    assert.equal(({} as Record<string, unknown>).x, undefined);
  });
}

fault(22, 'files that are no manifest of a Job', { once: true }, async () => {
  for (const text of [
    '',
    '\n',
    '---',
    '#',
    'null',
    '8',
    '[]',
    '"',
    'kind: Pod',
    'kind: [Job]',
    '\0',
    '\uD800',
    '%YAML 9',
  ]) {
    assert.deepEqual(readManifest(text).jobs, [], JSON.stringify(text));
    assert.equal(setCompletions(text, 9), text);
  }
});
