import { SHAPE_ANNOTATION } from '../workload/workerImage.ts';
import type { Cluster } from './cluster.ts';
import { ClusterError } from './error.ts';
import type { JobReference } from './patchJob.ts';
import { resourcePath } from './resourcePath.ts';
import { BEFORE_STOP } from './stopJob.ts';

type Fields = Record<string, unknown>;

/** Set by the API server on a Job and its template, from the Job's own name and uid. */
const GENERATED_LABELS = [
  'controller-uid',
  'job-name',
  'batch.kubernetes.io/controller-uid',
  'batch.kubernetes.io/job-name',
];

/**
 * Reads a Job of the cluster as the manifest that would make one like it: what the server or a run has added is left out.
 * @throws ClusterError `not-found`; `conflict` when the name is another Job's now
 */
export async function readJobAgain(cluster: Cluster, o: JobReference & { signal?: AbortSignal }): Promise<Fields> {
  const { namespace, name, uid, signal } = o;
  const job = await cluster.request<Fields>({ path: resourcePath('batch/v1', namespace, 'jobs', name), signal });
  if (record(job.metadata).uid !== uid) {
    throw new ClusterError('conflict', `jobs.batch "${name}" has another uid`, { status: 409 });
  }
  return asManifest(job);
}

/** @returns the manifest behind a Job as the server stores it; the Job is unchanged */
export function asManifest(job: Fields): Fields {
  const metadata = record(job.metadata);
  const annotations = record(metadata.annotations);
  const spec = { ...record(job.spec), ...beforeStop(annotations[BEFORE_STOP]) };
  const template = record(spec.template);
  const ofTemplate = record(template.metadata);
  const isManual = spec.manualSelector === true;
  // Where neither completions nor parallelism was given, the server has put 1 for both.
  const isFilledIn = annotations[SHAPE_ANNOTATION] === 'many-items' && spec.completions === 1 && spec.parallelism === 1;
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name: metadata.name,
      namespace: metadata.namespace,
      labels: without(record(metadata.labels), isGeneratedLabel),
      annotations: without(annotations, isOfRun),
    },
    spec: {
      ...without(
        spec,
        key => key === 'suspend' || (key === 'selector' && !isManual) || (key === 'completions' && isFilledIn),
      ),
      template: {
        ...template,
        metadata: {
          ...without(ofTemplate, key => key === 'creationTimestamp'),
          labels: without(record(ofTemplate.labels), key => !isManual && isGeneratedLabel(key)),
        },
      },
    },
  };
}

const isGeneratedLabel = (key: string) => GENERATED_LABELS.includes(key);

/** The shape of the worker is the manifest's; the ledger is the run's. */
function isOfRun(key: string): boolean {
  const isOurs = key.startsWith('work-queue.vscode/') && key !== SHAPE_ANNOTATION;
  return isOurs || key.startsWith('batch.kubernetes.io/') || key === 'kubectl.kubernetes.io/last-applied-configuration';
}

function beforeStop(text: unknown): Fields {
  if (typeof text !== 'string') return {};
  try {
    const { parallelism, backoffLimit, activeDeadlineSeconds } = record(JSON.parse(text));
    // What JSON leaves out is taken out again: the deadline that ended the Job must not end the next one.
    return { parallelism, backoffLimit, activeDeadlineSeconds };
  } catch {
    return {};
  }
}

const without = (of: Fields, isLeftOut: (key: string) => boolean): Fields =>
  Object.fromEntries(Object.entries(of).filter(([key]) => !isLeftOut(key)));

function record(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}
