import { openCluster } from '../../src/cluster/index.ts';

const AT_ONCE = 16;
const started = '2026-01-01T00:00:00Z';

/** A Job as this workflow has it, suspended: nothing but what is measured happens with it. */
export function suspendedJob(name: string) {
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name },
    spec: { suspend: true, completions: 10, parallelism: 10, template: { spec: podSpec() } },
  };
}

function podSpec() {
  const resources = { requests: { cpu: '100m', memory: '64Mi' }, limits: { cpu: '1', memory: '256Mi' } };
  const secret = { secretKeyRef: { name: 'rabbitmq-broker', key: 'url' } };
  const env = [
    { name: 'QUEUE', value: 'job1' },
    { name: 'BROKER_URL', valueFrom: secret },
  ];
  return {
    restartPolicy: 'Never',
    containers: [{ name: 'c', image: 'registry.example.com/team/job:1', env, resources }],
  };
}

const statusOf = (i: number) => {
  const state =
    i % 10 < 7
      ? { terminated: { exitCode: 0, reason: 'Completed', startedAt: started, finishedAt: started } }
      : { running: { startedAt: started } };
  return {
    phase: 'terminated' in state ? 'Succeeded' : 'Running',
    startTime: started,
    podIP: '10.0.0.1',
    conditions: ['PodScheduled', 'Initialized', 'ContainersReady', 'Ready'].map(type => ({ type, status: 'True' })),
    containerStatuses: [
      {
        name: 'c',
        image: 'registry.example.com/team/job:1',
        imageID: 'sha256:0',
        ready: false,
        restartCount: 0,
        state,
      },
    ],
  };
};

/** Fills the namespace `default` of an API server without controllers with Jobs, each with so many Pods. */
export async function makeJobs(kubeconfig: string, jobs: number, podsEach: number): Promise<void> {
  const cluster = openCluster({ kubeconfig, namespace: 'default' });
  try {
    const names = Array.from({ length: jobs }, (_, i) => `job-${i}`);
    await inParallel(names, async name => {
      const job = await cluster.request<{ metadata: { uid: string } }>({
        method: 'POST',
        path: '/apis/batch/v1/namespaces/default/jobs',
        body: suspendedJob(name),
      });
      const labels = {
        'batch.kubernetes.io/job-name': name,
        'batch.kubernetes.io/controller-uid': job.metadata.uid,
      };
      for (let i = 0; i < podsEach; i++) {
        const pod = `${name}-${i}`;
        const path = '/api/v1/namespaces/default/pods';
        await cluster.request({ method: 'POST', path, body: { metadata: { name: pod, labels }, spec: podSpec() } });
        await setPodStatus(cluster, pod, statusOf(i));
      }
    });
  } finally {
    cluster.close();
  }
}

/** Writes a Pod's status as its kubelet would. */
export async function setPodStatus(
  cluster: Pick<ReturnType<typeof openCluster>, 'request'>,
  pod: string,
  status: object,
): Promise<void> {
  await cluster.request({
    method: 'PATCH',
    path: `/api/v1/namespaces/default/pods/${pod}/status`,
    contentType: 'application/merge-patch+json',
    body: { status },
  });
}

/** Does the work for each, some at a time. */
export async function inParallel<T>(all: T[], work: (one: T) => Promise<void>): Promise<void> {
  const left = all.values();
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (const one of left) await work(one);
    }),
  );
}
