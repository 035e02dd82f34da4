import { publish } from '../../src/broker/index.ts';
import { fileBytes } from '../../src/model/fileBytes.ts';
import { parseBrokerUrl } from '../../src/workload/brokerUrl.ts';
import { ItemStream } from '../../src/workload/itemStream.ts';
import { readBatches } from '../../src/workload/readItems.ts';
import { textOf } from '../../src/workload/sourceText.ts';
import { watchMemory } from './watchMemory.ts';

// Started as a program of its own: publishes a file as the extension does, and prints by how many MB it grew.
const [url = '', queue = '', file = ''] = process.argv.slice(2);
const parsed = parseBrokerUrl(url);
if ('problem' in parsed) throw new Error(parsed.problem);

const batches = readBatches(textOf(fileBytes(file)), { kind: 'lines' });
const grown = watchMemory();
const outcome = await publish({
  address: parsed.address,
  purpose: 'benchmark',
  queue,
  items: new ItemStream(batches, { leaveOutDuplicates: false }),
  runId: 'memory',
});
if (outcome.ended !== 'done' || outcome.failed.length > 0) throw new Error(`ended ${outcome.ended}`);
console.log(grown());
