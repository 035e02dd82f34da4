import { openRuns } from './runs.ts';
import { scaleMeter } from './scaleMeter.ts';

// Started as a program of its own: reads all Jobs and Pods as the Jobs view does, and prints what that cost.
const [kubeconfig = '', pods = ''] = process.argv.slice(2);
const { runs, link, close } = openRuns(kubeconfig);
// Loading the code is not what is measured.
await link.api();
const meter = scaleMeter();
const all = Promise.withResolvers<void>();
runs.onDidChange.on(() => {
  if (runs.rows.length > 0) meter.first();
  if (runs.rows.reduce((sum, run) => sum + run.pods.length, 0) < Number(pods)) return;
  meter.all();
  all.resolve();
});
runs.look();
await all.promise;
console.log(JSON.stringify(meter.end()));
close();
