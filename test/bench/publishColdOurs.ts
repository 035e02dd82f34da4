// Started as a program of its own: how long it takes (ms) until the first message is confirmed, loading the code included.
const [url = '', queue = ''] = process.argv.slice(2);
const began = performance.now();
const { publish } = await import('../../src/broker/index.ts');
const { parseBrokerUrl } = await import('../../src/workload/brokerUrl.ts');
const parsed = parseBrokerUrl(url);
if ('problem' in parsed) throw new Error(parsed.problem);
let confirmed = 0;
await publish({
  address: parsed.address,
  purpose: 'benchmark',
  queue,
  items: [{ body: 'apple', line: 1 }],
  runId: 'cold',
  onProgress: progress => {
    if (progress.confirmed === 1) confirmed = performance.now();
  },
});
console.log(confirmed - began);
