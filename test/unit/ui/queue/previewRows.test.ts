import '../editorStub.ts';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FormState } from '../../../../src/ui/commands/queue/previewRows.ts';
import { FormatError } from '../../../../src/workload/formats/formatError.ts';
import type { ItemFormat } from '../../../../src/workload/formats.ts';
import { ItemsSummary } from '../../../../src/workload/itemsSummary.ts';
import { readItems } from '../../../../src/workload/readItems.ts';

const { formRows } = await import('../../../../src/ui/commands/queue/previewRows.ts');

async function state(text: string, more: Partial<FormState> & { remembered?: number } = {}): Promise<FormState> {
  const format: ItemFormat = more.format ?? { kind: 'lines' };
  const summary = new ItemsSummary(more.remembered);
  for await (const found of readItems([text], format)) summary.add(found);
  return {
    name: 'items.txt',
    format,
    summary,
    isRead: true,
    problem: undefined,
    isWaiting: false,
    leaveOutDuplicates: false,
    queue: 'job1',
    depth: { ready: 0, consumers: 1 },
    broker: 'amqp://guest@broker:5672',
    hasBrokers: false,
    ...more,
  };
}

/** The form as a person reads it. */
const read = (shown: FormState) =>
  formRows(shown).map(({ label, description, isHeading }) =>
    isHeading ? `--- ${label}` : [label, ...(description ? [description] : [])].join(' | '),
  );

test('eight fruits: what Enter does, what can be changed, the first and the last', async () => {
  assert.deepEqual(read(await state('apple\nbanana\ncherry\ndate\nfig\ngrape\nlemon\nmelon\n')), [
    '$(send) Publish 8 messages to job1 | 39 B',
    '--- Change',
    '$(inbox) Queue: job1 | 0 ready, 1 consumer, amqp://guest@broker:5672',
    '$(list-flat) One message per line | change',
    '--- 8 items, 39 B',
    'apple | line 1',
    'banana | line 2',
    'cherry | line 3',
    '… | 3 items in between',
    'lemon | line 7',
    'melon | line 8',
  ]);
});

test('duplicates are offered to be left out, and then counted off', async () => {
  const shown = await state('apple\nfig\napple\n');
  assert.deepEqual(
    read(shown).filter(row => /duplicate|Publish/.test(row)),
    [
      '$(send) Publish 3 messages to job1 | 13 B',
      '$(circle-large-outline) Leave out 1 duplicate | of equal items, the first is sent',
      '--- 3 items, 13 B, 1 of them duplicates',
    ],
  );
  assert.deepEqual(read({ ...shown, leaveOutDuplicates: true }).slice(0, 1), [
    '$(send) Publish 2 messages to job1 | 8 B',
  ]);
  assert.ok(
    read({ ...shown, leaveOutDuplicates: true }).some(row => row.startsWith('$(check) 1 duplicate is left out')),
  );
});

test('where not all items could be compared that is said, also when no duplicate was found', async () => {
  const more = 'there may be more: only the first million different items are compared, and none over 1 MiB';
  assert.ok(
    read(await state('a\nb\na\nc', { remembered: 2 })).includes(
      `$(circle-large-outline) Leave out 1 duplicate | ${more}`,
    ),
  );
  assert.ok(read(await state('a\nb\nc', { remembered: 2 })).includes(`$(info) No duplicates found | ${more}`));
});

test('what is left out is counted by reason, and what is not blank named by its line', async () => {
  assert.deepEqual(read(await state('a\n\n\ud83d\n\n')).slice(-2), [
    '--- Left out: 2 blank, 1 not valid text in UTF-8',
    '$(warning) Line 3: not valid text in UTF-8',
  ]);
});

test('a queue that the broker does not have is made by Enter, and that is said', async () => {
  const rows = read(await state('a', { depth: 'missing' }));
  assert.equal(rows[0], '$(send) Create queue job1 and publish 1 message to it | 1 B');
  assert.equal(rows[2], '$(inbox) Queue: job1 | not on the broker yet, amqp://guest@broker:5672');
});

test('a depth that is not known is not said', async () => {
  assert.equal(read(await state('a', { depth: undefined }))[2], '$(inbox) Queue: job1 | amqp://guest@broker:5672');
});

test('of several brokers one can be chosen', async () => {
  const rows = read(await state('a', { hasBrokers: true }));
  assert.deepEqual(rows.slice(2, 4), [
    '$(inbox) Queue: job1 | 0 ready, 1 consumer',
    '$(server) Broker: amqp://guest@broker:5672',
  ]);
});

test('while a large file is read the first row counts; Enter is remembered', async () => {
  const reading = await state('a\nb', { isRead: false });
  assert.equal(read(reading)[0], '$(loading~spin) Reading items.txt: 2 items so far | 2 B');
  assert.equal(
    read({ ...reading, isWaiting: true })[0],
    '$(loading~spin) Publishing as soon as items.txt is read: 2 items so far | 2 B',
  );
});

test('blank lines alone are nothing to publish', async () => {
  const [first] = formRows(await state('\n\n'));
  assert.deepEqual(first, { action: undefined, label: '$(info) There is nothing to publish' });
});

test('a text that is not in its format is named by line and column, and nothing can be published', async () => {
  const problem = new FormatError('json-syntax', { line: 3, column: 5 }, ']');
  const rows = formRows(await state('[]', { format: { kind: 'json' }, problem }));
  assert.deepEqual(rows[0], {
    action: 'problem',
    label: '$(error) items.txt: line 3, column 5: “]” may not stand there in JSON',
  });
  assert.ok(rows.every(row => row.action !== 'publish'));
});

test('JSON elements are named by their number and line', async () => {
  const rows = read(await state('["a",\n"b"," "]', { format: { kind: 'json' } }));
  assert.ok(rows.includes('b | element 2, line 2'));
});

test('bodies of any kind are one harmless line', async () => {
  const saved = [
    '{"body":"a\\nb\\u202e$(trash) x"}',
    '{"bodyBase64":"/wD+"}',
    '{"body":""}',
    `{"body":"${'x'.repeat(300)}"}`,
  ];
  const rows = read(await state(saved.join('\n'), { format: { kind: 'messages' } }));
  assert.deepEqual(rows.slice(-4, -1), ['a b$\u2060(trash) x | line 1', 'ff 00 fe | line 2', '(empty) | line 3']);
  assert.match(rows.at(-1) ?? '', /^x{100,}… \| line 4, 300 B$/);
});

test('every format has words', async () => {
  const row = async (format: ItemFormat) => read(await state('[]', { format }))[3];
  assert.equal(await row({ kind: 'json' }), '$(list-flat) One message per element of the JSON array | change');
  assert.equal(
    await row({ kind: 'csv', column: '[]', header: true }),
    '$(list-flat) CSV: column []; the first line has the columns’ names | change',
  );
  assert.equal(
    await row({ kind: 'csv', column: 1, header: false }),
    '$(list-flat) CSV: column 1; there is no line with names | change',
  );
  assert.equal(await row({ kind: 'messages' }), '$(list-flat) Saved messages, with their properties | change');
});
