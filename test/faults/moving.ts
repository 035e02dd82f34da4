import { transfer } from '../../src/broker/index.ts';
import { parseBrokerUrl } from '../../src/workload/brokerUrl.ts';

/** A process of its own that moves messages, to be killed: [broker URL, from, to]. Tells how many have moved. */
const [url = '', from = '', to = ''] = process.argv.slice(2);
const parsed = parseBrokerUrl(url);
if ('problem' in parsed) throw new Error(parsed.problem);
const onProgress = ({ done }: { done: number }) => void process.send?.(done);
await transfer({ address: parsed.address, purpose: 'to be killed', from, to: { queue: to }, keep: false, onProgress });
