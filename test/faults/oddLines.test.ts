import assert from 'node:assert/strict';
import { connect, publish } from '../../src/broker/index.ts';
import { parseItems } from '../../src/workload/items.ts';
import { takeAll } from '../integration/broker/inQueue.ts';
import { address, newQueueName, purpose } from '../integration/broker/labBroker.ts';
import { accountOf } from './accountOf.ts';
import { fault } from './fault.ts';

const TOO_LARGE = 'x'.repeat(16 * 2 ** 20 + 1);

fault(
  6,
  'of a text with every kind of odd line, what is an item arrives as it is and the rest is named with its reason',
  { once: true },
  async () => {
    const text = [
      '\uFEFFafter a byte order mark\r\n',
      '\n',
      ' \t \r\n',
      'ended by CR\r',
      ' spaces are kept \n',
      'a lone \uD83D surrogate\n',
      'a lone \uDC07 one\n',
      '\uFEFF a mark inside the list\n',
      `${TOO_LARGE}\n`,
      'nul \0 tab \t escape \u001B[31m\n',
      'é in one, é in two, 🐇\n',
      'a line separator \u2028 within\n',
      '"quoted, with comma"\n',
      'the last without an end',
    ].join('');
    const { items, skipped } = parseItems(text);
    assert.deepEqual(skipped, [
      { line: 2, reason: 'blank' },
      { line: 3, reason: 'blank' },
      { line: 6, reason: 'invalid-unicode' },
      { line: 7, reason: 'invalid-unicode' },
      { line: 9, reason: 'too-large' },
    ]);
    const queue = newQueueName();
    const broker = await connect({ address, purpose });
    await broker.declare(queue);
    await broker.close();
    const outcome = await publish({ address, purpose, queue, items, runId: 'r' });
    const found = await takeAll(address, queue);
    assert.deepEqual(
      found.map(message => message.body),
      [
        'after a byte order mark',
        'ended by CR',
        ' spaces are kept ',
        '\uFEFF a mark inside the list',
        'nul \0 tab \t escape \u001B[31m',
        'é in one, é in two, 🐇',
        'a line separator \u2028 within',
        '"quoted, with comma"',
        'the last without an end',
      ],
    );
    return accountOf(items, 'r', outcome, found);
  },
);

fault(6, 'a line too large among good ones costs none of them', {}, async () => {
  const queue = newQueueName();
  const broker = await connect({ address, purpose });
  await broker.declare(queue);
  await broker.close();
  const lines = Array.from({ length: 3_000 }, (_, i) => ({ body: i === 1_500 ? TOO_LARGE : `item ${i}`, line: i + 1 }));
  const outcome = await publish({ address, purpose, queue, items: lines, runId: 'r' });
  assert.deepEqual(outcome.failed, [{ line: 1_501, reason: 'too-large' }]);
  return accountOf(lines, 'r', outcome, await takeAll(address, queue));
});
