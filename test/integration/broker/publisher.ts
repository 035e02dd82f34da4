import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { type Journal, publish } from '../../../src/broker/index.ts';
import type { BrokerAddress } from '../../../src/workload/brokerUrl.ts';

/** What a publisher that can be killed is told, as JSON in its first argument. */
export interface Order {
  address: BrokerAddress;
  queue: string;
  lines: number;
  /** Where the journal is kept. */
  file: string;
  resume: boolean;
}

/** The lines of an order: every third one is blank in its file. */
export function* itemsOf(lines: number): Generator<{ body: string; line: number }> {
  for (let line = 1; line <= lines; line++) if (line % 3 !== 0) yield { body: `item ${line}`, line };
}

/** Publishes as an editor does that keeps a journal; prints the outcome. */
async function main(order: Order): Promise<void> {
  const { file, queue, address } = order;
  const outcome = await publish({
    address,
    queue,
    purpose: 'publisher to be killed',
    runId: 'r',
    items: itemsOf(order.lines),
    ...(order.resume ? { resume: JSON.parse(readFileSync(file, 'utf8')) as Journal } : {}),
    onJournal(journal) {
      writeFileSync(`${file}.new`, JSON.stringify(journal));
      renameSync(`${file}.new`, file);
      process.stdout.write('+');
    },
  });
  console.log(`\n${JSON.stringify(outcome)}`);
}

const [, script, order] = process.argv;
if (order !== undefined && script?.endsWith('publisher.ts')) await main(JSON.parse(order) as Order);
