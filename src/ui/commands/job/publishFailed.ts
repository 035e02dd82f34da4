import { randomBytes } from 'node:crypto';
import type { JobRow } from '../../../cluster/index.ts';
import { Publications } from '../../../model/publications.ts';
import { ItemsSummary } from '../../../workload/itemsSummary.ts';
import type { Returned } from '../../../workload/putBack.ts';
import { readItems } from '../../../workload/readItems.ts';
import type { App } from '../../app.ts';
import { runPublication } from '../queue/publishRun.ts';
import type { QueueNow } from '../queue/queueNow.ts';
import { TextSource } from '../queue/source.ts';
import { itemFile } from './failedFile.ts';

/**
 * Publishes items again, as often as messages of theirs are gone, and tells the outcome.
 * @throws BrokerError when nothing was sent
 */
export async function publishFailed(
  app: App,
  o: { job: Pick<JobRow, 'name'>; now: QueueNow; gone: Returned['gone'] },
): Promise<void> {
  const { job, now, gone } = o;
  const { place, queue, connected } = now;
  const format = { kind: 'messages' } as const;
  const { text } = itemFile(
    gone.flatMap(item => Array(item.copies).fill(item)),
    format.kind,
  );
  const name = `${job.name}.failed.jsonl`;
  const source = new TextSource([text], { origin: 'editor', name, document: undefined, lines: undefined });
  const summary = new ItemsSummary();
  for await (const found of readItems(source.text(), format)) summary.add(found);
  const runId = randomBytes(5).toString('hex');
  const copy = await new Publications(app.storageDir).keepCopy(runId, source.text());
  await runPublication(app, {
    publication: {
      runId,
      name,
      source: { kind: 'copy', ...copy, document: undefined, lines: undefined },
      format,
      leaveOutDuplicates: false,
      items: summary.items,
      lastLine: summary.lastLine,
      place: place.id,
      broker: connected.display,
      queue,
      startedAt: Date.now(),
      process: undefined,
      cancelled: false,
      journal: undefined,
    },
    source,
    summary,
    place,
    hasChanged: async () => false,
  });
}
