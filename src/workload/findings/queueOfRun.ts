import type { Finding, Remedy } from '../findings.ts';
import type { RunLook } from '../ledger.ts';
import { recentStretch } from '../looks.ts';

/** What two looks say of the queue of a running Job. */
export function queueOfRun(looks: readonly RunLook[]): Finding[] {
  const stretch = recentStretch(looks);
  const now = stretch?.at(-1);
  if (!stretch || !now || !stretch.every(look => look.job.state === 'running' && look.job.active > 0)) return [];
  return [...queueMissing(stretch, now), ...depthUnknown(stretch, now), ...foreignConsumers(stretch, now)];
}

/** A Pod that waited on a queue that was deleted waits for ever; one that starts fails. */
function queueMissing(stretch: RunLook[], { job }: RunLook): Finding[] {
  if (!stretch.every(look => look.queue?.exists === false)) return [];
  const proof = { active: job.active, succeeded: job.succeeded };
  const remedies: Remedy[] = [
    { action: 'delete-job', numbers: { succeeded: job.succeeded, active: job.active } },
    { action: 'create-queue', numbers: {} },
  ];
  return [{ code: 'queue-missing', severity: 'has-gone-wrong', proof, remedies }];
}

/** Said only where it matters: without the figure nobody can tell whether the Pods wait for nothing. */
function depthUnknown(stretch: RunLook[], { job }: RunLook): Finding[] {
  const unknown = (look: RunLook) => {
    if (look.queue?.exists === false) return undefined;
    if (look.queue?.ready === undefined) return 'ready';
    return look.queue.ready === 0 && look.queue.unacked === undefined ? 'unacked' : undefined;
  };
  const figure = stretch[0] && unknown(stretch[0]);
  const owed = (job.completions ?? 0) - job.succeeded;
  if (!figure || owed <= 0 || !stretch.every(look => unknown(look) === figure)) return [];
  const proof = { unknown: figure, owed, active: job.active };
  return [{ code: 'depth-unknown', severity: 'worth-knowing', proof, remedies: [] }];
}

/** More consumers than this Job can have Pods: parallelism is their limit, beside those that are going. */
function foreignConsumers(stretch: RunLook[], { job }: RunLook): Finding[] {
  const pods = Math.max(...stretch.map(look => look.job.parallelism + look.pods.filter(p => p.terminating).length));
  const consumers = Math.min(...stretch.map(look => look.queue?.consumers ?? 0));
  if (consumers <= pods || stretch.some(look => look.otherRuns > 0)) return [];
  const proof = { consumers, active: job.active, parallelism: job.parallelism };
  return [{ code: 'foreign-consumers', severity: 'worth-knowing', proof, remedies: [] }];
}
