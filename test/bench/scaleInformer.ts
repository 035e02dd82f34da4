import { BatchV1Api, CoreV1Api, KubeConfig, makeInformer } from '@kubernetes/client-node';
import { scaleMeter } from './scaleMeter.ts';

// Started as a program of its own: reads all Jobs and Pods by client-node's informers, and prints what that cost.
const [kubeconfig = '', pods = ''] = process.argv.slice(2);
const config = new KubeConfig();
config.loadFromFile(kubeconfig);
const namespace = 'default';
const jobsOf = config.makeApiClient(BatchV1Api);
const podsOf = config.makeApiClient(CoreV1Api);
const meter = scaleMeter();
const jobInformer = makeInformer(config, `/apis/batch/v1/namespaces/${namespace}/jobs`, () =>
  jobsOf.listNamespacedJob({ namespace }),
);
const podInformer = makeInformer(config, `/api/v1/namespaces/${namespace}/pods`, () =>
  podsOf.listNamespacedPod({ namespace }),
);
const all = Promise.withResolvers<void>();
let seen = 0;
jobInformer.on('add', () => meter.first());
podInformer.on('add', () => {
  if (++seen === Number(pods)) all.resolve();
});
await Promise.all([jobInformer.start(), podInformer.start()]);
await all.promise;
meter.all();
console.log(JSON.stringify(meter.end()));
process.exit(0);
