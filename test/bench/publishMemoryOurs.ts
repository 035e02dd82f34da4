import { createReadStream } from 'node:fs';
import { publish } from '../../src/broker/index.ts';
import { parseBrokerUrl } from '../../src/workload/brokerUrl.ts';
import type { Item } from '../../src/workload/message.ts';
import { readItems } from '../../src/workload/readItems.ts';
import { watchMemory } from './watchMemory.ts';

// Started as a program of its own: publishes a file as the extension does, and prints by how many MB it grew.
const [url = '', queue = '', file = ''] = process.argv.slice(2);
const parsed = parseBrokerUrl(url);
if ('problem' in parsed) throw new Error(parsed.problem);

async function* items(): AsyncGenerator<Item> {
  for await (const { item } of readItems(createReadStream(file, 'utf8'), { kind: 'lines' })) if (item) yield item;
}

const grown = watchMemory();
const outcome = await publish({
  address: parsed.address,
  purpose: 'benchmark',
  queue,
  items: items(),
  runId: 'memory',
});
if (outcome.ended !== 'done' || outcome.failed.length > 0) throw new Error(`ended ${outcome.ended}`);
console.log(grown());
