import '../editorStub.ts';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BrokerError, type Journal, type PublishOutcome } from '../../../../src/broker/index.ts';
import type { Publication } from '../../../../src/model/publications.ts';
import { notConfirmed } from '../../../../src/ui/commands/queue/outcomeAccount.ts';
import { ItemsSummary } from '../../../../src/workload/itemsSummary.ts';
import { readItems } from '../../../../src/workload/readItems.ts';
import { publication } from '../../model/publication.ts';

const { outcomeSentences, outcomeDocument, unfinishedDocument } = await import(
  '../../../../src/ui/commands/queue/outcomeWords.ts'
);

const journal: Journal = {
  runId: 'run1',
  queue: 'job1',
  depthBefore: 0,
  confirmed: 8,
  confirmedUpTo: 8,
  sentUpTo: 8,
  failed: [],
};
const good: PublishOutcome = {
  ended: 'done',
  confirmed: 8,
  failed: [],
  unknown: [],
  unsent: undefined,
  reconnected: 0,
  maybeDoubled: 0,
  lostByBroker: 0,
  unseen: 0,
  journal,
};
const EIGHT = 'a\nb\nc\nd\ne\nf\ng\nh\n';

async function ended(
  outcome: Partial<PublishOutcome>,
  o: { text?: string; hasChanged?: boolean } & Partial<Publication> = {},
) {
  const { text = EIGHT, hasChanged = false, ...more } = o;
  const of = publication(more);
  const summary = new ItemsSummary();
  for await (const found of readItems([text], of.format)) summary.add(found);
  return { publication: of, outcome: { ...good, ...outcome }, summary, hasChanged };
}

const said = async (...args: Parameters<typeof ended>) => outcomeSentences(await ended(...args));

const ENDINGS: [string, Parameters<typeof ended>, string][] = [
  ['all confirmed', [{}], 'job1 confirmed 8 of 8 messages.'],
  [
    'blank lines and duplicates left out',
    [{ confirmed: 2 }, { text: 'a\n\nb\na\n', items: 2, leaveOutDuplicates: true }],
    'job1 confirmed 2 of 2 messages. Blank lines left out: 1. Duplicates left out: 1.',
  ],
  [
    'cancelled',
    [{ ended: 'cancelled', confirmed: 3, unsent: { from: 4 } }],
    'job1 confirmed 3 of 8 messages. You cancelled the rest. Not confirmed: lines 4 to 8 (not sent).',
  ],
  [
    'the connection lost for good, with answers missing',
    [
      {
        ended: 'connection-lost',
        confirmed: 3,
        unknown: [4, 5],
        unsent: { from: 6 },
        error: new BrokerError('closed', 'ECONNRESET'),
      },
    ],
    'job1 confirmed 3 of 8 messages. Not confirmed: lines 4 to 5 (sent, but the broker’s answer never came: it may be there); lines 6 to 8 (not sent). The connection to the broker was lost: ECONNRESET',
  ],
  [
    'lost and found again, nothing twice',
    [{ reconnected: 1 }],
    'job1 confirmed 8 of 8 messages. The connection was lost once on the way. What had arrived was found out before anything was sent again: nothing is there twice.',
  ],
  [
    'lost twice while consumers were at work',
    [{ reconnected: 2, maybeDoubled: 40 }],
    'job1 confirmed 8 of 8 messages. The connection was lost 2 times on the way. Up to 40 messages may be there twice: nobody could tell whether they had arrived, so they were sent again.',
  ],
  [
    'confirmed messages lost by the broker',
    [{ reconnected: 1, lostByBroker: 5 }],
    'job1 confirmed 8 of 8 messages. The connection was lost once on the way. The broker has lost 5 messages that it had confirmed: they were not in the queue any more when it came back.',
  ],
  [
    'confirmed messages that could not be looked for',
    [
      {
        ended: 'connection-lost',
        confirmed: 3,
        unseen: 3,
        unsent: { from: 4 },
        error: new BrokerError('closed', 'EOF'),
      },
    ],
    'job1 confirmed 3 of 8 messages. Whether the 3 messages confirmed are still there could not be found out, as the broker was not reached again. Not confirmed: lines 4 to 8 (not sent). The connection to the broker was lost: EOF',
  ],
  [
    'refused by the broker',
    [{ ended: 'refused', confirmed: 0, unsent: { from: 1 }, error: new BrokerError('no-permission', 'write to job1') }],
    'job1 confirmed 0 of 8 messages. Not confirmed: lines 1 to 8 (not sent). The broker’s user may not do that: write to job1',
  ],
  [
    'a source that could not be read to its end',
    [{ ended: 'source-failed', confirmed: 3, unsent: { from: 4 }, error: new BrokerError('other', 'EIO: i/o error') }],
    'job1 confirmed 3 of 8 messages. Not confirmed: lines 4 to 8 (not sent). The rest could not be read, or its account not be kept: EIO: i/o error',
  ],
  [
    'lines that were not taken, for every reason',
    [
      {
        confirmed: 4,
        failed: [
          { line: 1, reason: 'unroutable' },
          { line: 2, reason: 'nacked' },
          { line: 3, reason: 'nacked' },
          { line: 5, reason: 'invalid-fields' },
        ],
      },
    ],
    'job1 confirmed 4 of 8 messages. Not confirmed: line 1 (returned: the queue was not there); lines 2 to 3 (refused by the broker (the queue may be full)); line 5 (its properties cannot be sent).',
  ],
  [
    'more fates than a message has room for',
    [{ confirmed: 4, failed: [1, 3, 5, 7].map(line => ({ line, reason: 'nacked' as const })) }],
    'job1 confirmed 4 of 8 messages. Not confirmed: line 1 (refused by the broker (the queue may be full)); line 3 (refused by the broker (the queue may be full)); line 5 (refused by the broker (the queue may be full)); ….',
  ],
  [
    'lines that are no messages',
    [{ confirmed: 1 }, { text: 'a\n\ud83d\n', items: 1 }],
    'job1 confirmed 1 of 1 message. Not confirmed: line 2 (left out: not valid text in UTF-8).',
  ],
  [
    'elements of a JSON array',
    [
      { confirmed: 1, failed: [{ line: 2, reason: 'nacked' }] },
      { text: '["a","b"]', items: 2, format: { kind: 'json' } },
    ],
    'job1 confirmed 1 of 2 messages. Not confirmed: element 2 (refused by the broker (the queue may be full)).',
  ],
  [
    'a file that changed meanwhile',
    [{}, { hasChanged: true }],
    'job1 confirmed 8 of 8 messages. items.txt was changed while it was being published: some messages may not be what the preview showed.',
  ],
];
for (const [name, args, words] of ENDINGS) test(`${name}`, async () => assert.equal(await said(...args), words));

test('lines that follow each other with one fate are one range; unsent ones reach to the last line', async () => {
  const { summary } = await ended({}, { text: `${EIGHT}\n\n` });
  const ranges = notConfirmed(
    {
      failed: [
        { line: 2, reason: 'nacked' },
        { line: 1, reason: 'nacked' },
      ],
      unknown: [3, 5, 4],
      unsent: { from: 7 },
    },
    summary,
  );
  assert.deepEqual(ranges, [
    { from: 1, to: 2, why: 'nacked' },
    { from: 3, to: 5, why: 'unknown' },
    { from: 7, to: 10, why: 'unsent' },
  ]);
});

test('the account as a document has where, when and every line that is not confirmed', async () => {
  const text = outcomeDocument(
    await ended({ ended: 'cancelled', confirmed: 2, failed: [{ line: 1, reason: 'nacked' }], unsent: { from: 4 } }),
  );
  assert.match(
    text,
    /^Publication of items\.txt to queue job1\nBroker: amqp:\/\/guest@broker:5672\nBegun: \d\d:\d\d:\d\d\n/,
  );
  assert.match(text, /\nConfirmed by the broker: 2 of 8 messages\n/);
  assert.match(
    text,
    /\nNot confirmed:\nline 1: refused by the broker \(the queue may be full\)\nlines 4 to 8: not sent\n$/,
  );
});

test('the account of what was cut off tells known, open and unsent lines', () => {
  const cut = publication({
    journal: { ...journal, confirmed: 2, confirmedUpTo: 3, sentUpTo: 6, failed: [{ line: 2, reason: 'nacked' }] },
  });
  assert.deepEqual(unfinishedDocument(cut).split('\n').slice(5, -1), [
    'Confirmed by the broker: 2 of 8 messages',
    'line 2: refused by the broker (the queue may be full)',
    'Up to line 3: all is known',
    'lines 4 to 6: may have been sent; going on looks for them in the queue first',
    'lines 7 to 8: not sent',
  ]);
});

test('a journal that permits more lines than there are names only those', () => {
  const cut = publication({ journal: { ...journal, confirmed: 3, confirmedUpTo: 3, sentUpTo: 4096 } });
  assert.deepEqual(unfinishedDocument(cut).split('\n').slice(-2, -1), [
    'lines 4 to 8: may have been sent; going on looks for them in the queue first',
  ]);
});

test('one that was cut off before its first entry has sent nothing', () => {
  assert.deepEqual(unfinishedDocument(publication()).split('\n').slice(5, -1), [
    'Confirmed by the broker: 0 of 8 messages',
    'lines 1 to 8: not sent',
  ]);
});
