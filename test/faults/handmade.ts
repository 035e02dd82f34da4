import { randomBytes } from 'node:crypto';
import type { TestContext } from 'node:test';
import { type Cluster, openCluster } from '../../src/cluster/index.ts';

/** Jobs and Pods of a namespace of an API server without controllers: they are what is written here. */
export interface Handmade {
  /** Past every fault. */
  cluster: Cluster;
  namespace: string;
  jobs: string[];
  pods: string[];
  /** Creates a Job. @returns its name */
  addJob(): Promise<string>;
  /** Creates a running Pod of a Job, on NODE. @returns its name */
  addPod(job: string): Promise<string>;
  /** Deletes a Pod. @param graceSeconds 0: it is gone at once, as when the kubelet has ended it or its node was given up */
  dropPod(pod: string, graceSeconds: number): Promise<void>;
  setPodStatus(pod: string, status: object): Promise<void>;
  setJobStatus(job: string, status: object): Promise<void>;
  /** One of each kind of change: Jobs and Pods come, change and go. */
  change(): Promise<void>;
}

/** The node of all Pods. No kubelet is behind it: a Pod that is deleted ends when the test says so. */
export const NODE = 'handmade-node';

const container = { name: 'c', image: 'worker' };
const started = '2026-01-01T00:00:00Z';
const pod = (state: object) => ({
  containerStatuses: [{ ...container, imageID: '', ready: false, restartCount: 0, state }],
});

/** A namespace of its own with two Jobs, each of two Pods. Past the ways that are tested, it goes straight there. */
export async function handmade(t: TestContext, kubeconfig: string): Promise<Handmade> {
  const namespace = `fault-${randomBytes(4).toString('hex')}`;
  const cluster = openCluster({ kubeconfig, namespace });
  t.after(() => cluster.close());
  const jobsPath = `/apis/batch/v1/namespaces/${namespace}/jobs`;
  const podsPath = `/api/v1/namespaces/${namespace}/pods`;
  const uids = new Map<string, string>();
  const jobs: string[] = [];
  const pods: string[] = [];
  let made = 0;

  const create = async (path: string, metadata: { name: string; labels?: object }, spec: object) => {
    const body = { metadata, spec };
    const { metadata: given } = await cluster.request<{ metadata: { uid: string } }>({ method: 'POST', path, body });
    uids.set(metadata.name, given.uid);
  };
  const setStatus = async (path: string, status: object) => {
    const contentType = 'application/merge-patch+json';
    await cluster.request({ method: 'PATCH', path: `${path}/status`, contentType, body: { status } });
  };
  const drop = async (path: string, gracePeriodSeconds: number) => {
    const body = { gracePeriodSeconds, propagationPolicy: 'Background' };
    await cluster.request({ method: 'DELETE', path, body });
  };
  const all: Handmade = {
    cluster,
    namespace,
    jobs,
    pods,
    async addJob() {
      const name = `job-${made++}`;
      await create(jobsPath, { name }, { template: { spec: { restartPolicy: 'Never', containers: [container] } } });
      jobs.push(name);
      return name;
    },
    async addPod(job) {
      const name = `pod-${made++}`;
      const labels = {
        'batch.kubernetes.io/job-name': job,
        'batch.kubernetes.io/controller-uid': uids.get(job),
      };
      await create(podsPath, { name, labels }, { nodeName: NODE, restartPolicy: 'Never', containers: [container] });
      await all.setPodStatus(name, {
        phase: 'Running',
        startTime: started,
        ...pod({ running: { startedAt: started } }),
      });
      pods.push(name);
      return name;
    },
    dropPod: (name, graceSeconds) => drop(`${podsPath}/${name}`, graceSeconds),
    setPodStatus: (name, status) => setStatus(`${podsPath}/${name}`, status),
    setJobStatus: (name, status) => setStatus(`${jobsPath}/${name}`, status),
    async change() {
      const [first, second] = pods.splice(0, 2);
      const job = await all.addJob();
      await Promise.all([all.addPod(job), all.addPod(job)]);
      await all.setJobStatus(job, { active: 2, startTime: started });
      if (first !== undefined) {
        await all.setPodStatus(first, { phase: 'Failed', ...pod({ terminated: { exitCode: 3, reason: 'Error' } }) });
      }
      if (second !== undefined) await all.dropPod(second, 0);
      const oldest = jobs.shift();
      if (oldest !== undefined) await drop(`${jobsPath}/${oldest}`, 0);
    },
  };
  await cluster.request({ method: 'POST', path: '/api/v1/namespaces', body: { metadata: { name: namespace } } });
  for (let i = 0; i < 2; i++) {
    const job = await all.addJob();
    await all.addPod(job);
    await all.addPod(job);
  }
  return all;
}
