import assert from 'node:assert/strict';
import { test } from 'node:test';
import { itemFile, needsMessages } from '../../../../src/ui/commands/job/failedFile.ts';
import { guessFormat } from '../../../../src/workload/formats.ts';
import { readItems } from '../../../../src/workload/readItems.ts';

const whole = (...texts: string[]) => texts.map(item => ({ item, whole: true, failures: 1 }));

async function published(name: string, text: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { item } of readItems([text], guessFormat(name, text))) if (item) found.push(String(item.body));
  return found;
}

test('failed items that are lines are saved as lines, others as .jsonl, and published they are the same again', async () => {
  for (const texts of [
    ['apple', 'fig é'],
    ['two\nlines', 'fig', ''],
    ['{"body":"x"}', 'fig'],
  ]) {
    const messages = needsMessages(whole(...texts));
    const { text, written } = itemFile(whole(...texts), messages ? 'messages' : 'lines');
    assert.equal(written, texts.length);
    assert.deepEqual(await published(messages ? 'job.failed.jsonl' : 'job.failed.txt', text), texts);
  }
});

test('what is no line is left out of a file of lines and named', () => {
  const { text, written, unfit } = itemFile(whole('two\nlines', 'fig'), 'lines');
  assert.deepEqual([text, written, unfit.map(({ item }) => item)], ['fig\n', 1, ['two\nlines']]);
});
