import assert from 'node:assert/strict';
import { test } from 'node:test';
import { completionsEdit, readManifest, setCompletions, setImage } from '../../../src/workload/manifest.ts';
import { corpus, figuresOf, recorded, STRICTER, WIDER } from '../../corpus/corpus.ts';

const files = corpus();
const says = recorded();

test('each file of the corpus has what kubectl makes of it on record', () => {
  assert.deepEqual(
    files.map(({ file }) => file),
    Object.keys(says),
  );
});

test('a manifest is read as kubectl reads it', () => {
  for (const { file, text } of files) {
    if (STRICTER.includes(file) || WIDER.includes(file)) continue;
    const { jobs, problems } = readManifest(text);
    const kubectl = says[file];
    assert.ok(kubectl);
    if (kubectl.refused === undefined) {
      assert.deepEqual(problems, [], file);
      assert.deepEqual(jobs.map(figuresOf), kubectl.jobs, file);
    } else if (kubectl.refused === 'reading' && jobs.length > 0) {
      assert.ok(problems.length > 0, `${file}: kubectl can't read it`);
    }
  }
});

test('what kubectl cannot read and might hold a Job is a problem with its line and column', () => {
  const silent = files.filter(({ file, text }) => {
    if (says[file]?.refused !== 'reading' || WIDER.includes(file)) return false;
    const { problems } = readManifest(text);
    const lines = text.split(/\r\n|\n|\r/);
    for (const { line, column, message } of problems) {
      assert.ok(line >= 1 && line <= lines.length, `${file}: ${message} in line ${line} of ${lines.length}`);
      assert.ok(
        column >= 1 && column <= (lines[line - 1]?.length ?? 0) + 1,
        `${file}: ${message} at ${line}:${column}`,
      );
    }
    return problems.length === 0;
  });
  // Texts without any Job in them, which are none of ours.
  assert.deepEqual(
    silent.map(({ file }) => file),
    [
      'broken/number.yaml',
      'broken/shell-script.yaml',
      'broken/word.yaml',
      'lists/items-missing.yaml',
      'lists/no-api-version-of-item.yaml',
      'other-kinds/api-version-null.yaml',
      'other-kinds/api-version-number.yaml',
      'other-kinds/compose.yaml',
      'other-kinds/kind-number.yaml',
      'other-kinds/kustomization.yaml',
      'other-kinds/no-kind.yaml',
      'other-kinds/workflow.yaml',
    ],
  );
});

test('a key that is written twice is refused, although kubectl takes the last', () => {
  for (const { file, text } of files.filter(({ file }) => STRICTER.includes(file))) {
    assert.ok(readManifest(text).problems.length > 0, file);
  }
});

test('setting completions changes the number, and no other byte', () => {
  let edited = 0;
  for (const { file, text } of files) {
    for (const [index, job] of readManifest(text).jobs.entries()) {
      const edit = completionsEdit(text, 123, index);
      const after = setCompletions(text, 123, index);
      if (!edit) {
        assert.equal(after, text, file);
        continue;
      }
      edited++;
      const { start, end } = edit.span;
      assert.equal(after, text.slice(0, start) + edit.text + text.slice(end), file);
      const gone = text.slice(start, end);
      assert.match(
        gone,
        /^(?:["']?[^"' \t\r\n,{}[\]]*["']?|"\{\{[^"]*\}\}"|\*\w+)$/,
        `${file}: a value goes, not ${gone}`,
      );
      assert.match(
        edit.text,
        /^[\s,]*(?::?\s*123|"?completions"?: 123)[\s,]*$/,
        `${file}: the number comes, not ${edit.text}`,
      );
      const { jobs } = readManifest(after);
      assert.equal(jobs[index]?.completions?.value, 123, file);
      assert.deepEqual(others(jobs, index), others(readManifest(text).jobs, index), `${file}: the rest is the same`);
      assert.equal(jobs[index]?.name, job.name, file);
    }
  }
  assert.ok(edited > 180, `${edited} could be edited`);
});

test('setting the image changes the name, and no other byte', () => {
  let edited = 0;
  for (const { file, text } of files) {
    for (const index of readManifest(text).jobs.keys()) {
      const after = setImage(text, 'example.com/new:2', index);
      if (after === text) continue;
      edited++;
      const { jobs } = readManifest(after);
      assert.equal(jobs[index]?.image?.value, 'example.com/new:2', file);
      assert.deepEqual(
        jobs.map(job => [job.name, job.queue?.value, job.completions?.value]),
        readManifest(text).jobs.map(job => [job.name, job.queue?.value, job.completions?.value]),
        file,
      );
      const { gone, come } = difference(text, after);
      assert.doesNotMatch(gone, /[\r\n]/, `${file}: ${gone} went`);
      assert.match(come, /^[\s,]*(?:"?(?:image)?"?:? *)?["']?example\.com\/new:2["']?[\s,]*$/, `${file}: ${come} came`);
    }
  }
  assert.ok(edited > 180, `${edited} could be edited`);
});

/** What lies between what two texts have in common at their beginnings and ends. */
function difference(before: string, after: string): { gone: string; come: string } {
  const most = Math.min(before.length, after.length);
  let start = 0;
  while (start < most && before[start] === after[start]) start++;
  let end = 0;
  while (end < most - start && before.at(-1 - end) === after.at(-1 - end)) end++;
  return { gone: before.slice(start, before.length - end), come: after.slice(start, after.length - end) };
}

/** The Jobs with one's number taken out. */
function others(jobs: ReturnType<typeof readManifest>['jobs'], index: number): unknown[] {
  return jobs.map(({ body }, i) =>
    i === index ? { ...body, spec: { ...(body.spec as object), completions: 0 } } : body,
  );
}
