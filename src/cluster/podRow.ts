import type { V1ContainerStatus, V1Pod } from '@kubernetes/client-node';
import type { PodLook } from '../workload/ledger.ts';
import { timeOf } from './time.ts';

/** A Pod in the words of this product. Times in ms since 1970. */
export interface PodRow extends PodLook {
  uid: string;
  jobUid: string | undefined;
  containers: string[];
  created: number;
  started: number | undefined;
  finished: number | undefined;
  ip: string | undefined;
  node: string | undefined;
  message: string | undefined;
}

/** Reads a Pod as the API server sends it (dates as text). */
export function toPodRow(pod: V1Pod): PodRow {
  const { metadata = {}, spec, status = {} } = pod;
  const containers = status.containerStatuses ?? [];
  const why = reasonOf(pod);
  const owner = metadata.ownerReferences?.find(one => one.controller && one.kind === 'Job');
  const ended = containers.map(one => timeOf(one.state?.terminated?.finishedAt));
  return {
    uid: metadata.uid ?? '',
    name: metadata.name ?? '',
    jobUid: owner?.uid ?? metadata.labels?.['batch.kubernetes.io/controller-uid'],
    phase: phaseOf(pod),
    reason: why.reason || undefined,
    message: why.message || undefined,
    exitCode: exitCodeOf(containers),
    restarts: containers.reduce((sum, one) => sum + one.restartCount, 0),
    terminating: metadata.deletionTimestamp !== undefined,
    containers: spec?.containers.map(one => one.name) ?? [],
    created: timeOf(metadata.creationTimestamp) ?? 0,
    started: timeOf(status.startTime),
    finished: ended.every(time => time !== undefined) && ended.length > 0 ? Math.max(...ended) : undefined,
    ip: status.podIP || undefined,
    node: spec?.nodeName || undefined,
  };
}

function phaseOf(pod: V1Pod): PodRow['phase'] {
  switch (pod.status?.phase) {
    case 'Succeeded':
      return 'succeeded';
    case 'Failed':
      return 'failed';
    case 'Running':
      // Kubernetes calls a Pod between two restarts Running, too; it is not.
      return pod.status.containerStatuses?.some(one => one.state?.running) === false ? 'waiting' : 'running';
    default:
      return 'waiting';
  }
}

function reasonOf(pod: V1Pod): { reason?: string; message?: string } {
  const { status } = pod;
  if (status?.reason) return status;
  const containers = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])];
  const waiting = containers.map(one => one.state?.waiting).find(one => one?.reason);
  // PodInitializing says only that an init container, which comes first here, is not done.
  if (waiting && waiting.reason !== 'ContainerCreating' && waiting.reason !== 'PodInitializing') {
    const last = containers.find(one => one.lastState?.terminated)?.lastState?.terminated;
    return { reason: waiting.reason, message: last?.message ?? waiting.message };
  }
  const failed = containers.map(one => one.state?.terminated).find(one => one && one.exitCode !== 0);
  if (failed) return { reason: failed.reason, message: failed.message };
  const scheduled = status?.conditions?.find(one => one.type === 'PodScheduled');
  if (scheduled?.status === 'False') return scheduled;
  return waiting ?? {};
}

function exitCodeOf(containers: V1ContainerStatus[]): number | undefined {
  const codes = containers
    .map(one => (one.state?.terminated ?? one.lastState?.terminated)?.exitCode)
    .filter(code => code !== undefined);
  return codes.find(code => code !== 0) ?? codes[0];
}
