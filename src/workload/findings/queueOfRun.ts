import type { Finding, Remedy } from '../findings.ts';
import type { RunLook, Stranger } from '../ledger.ts';
import { recentStretch } from '../looks.ts';

/** What two looks say of the queue of a running Job. */
export function queueOfRun(looks: readonly RunLook[]): Finding[] {
  const stretch = recentStretch(looks);
  const now = stretch?.at(-1);
  if (!stretch || !now || !stretch.every(look => look.job.state === 'running' && look.job.active > 0)) return [];
  return [
    ...queueMissing(stretch, now),
    ...depthUnknown(stretch, now),
    ...foreignConsumers(stretch, now),
    ...notConsuming(stretch, now),
  ];
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

/**
 * More consumers than this Job has Pods. Where the broker's own list tells whose they are, those of other runs here are
 * none; where it does not, they are more than parallelism allows, beside the Pods that are going.
 */
function foreignConsumers(stretch: RunLook[], { job, witness }: RunLook): Finding[] {
  const strangers = witness?.strangers;
  const more = Math.min(
    ...stretch.map(look => (look.queue?.consumers ?? 0) - podsThere(look, strangers !== undefined)),
  );
  if (more <= 0 || strangers?.length === 0) return [];
  if (!strangers && stretch.some(look => look.otherRuns > 0)) return [];
  const consumers = Math.min(...stretch.map(look => look.queue?.consumers ?? 0));
  const proof: Finding['proof'] = { consumers, active: job.active, parallelism: job.parallelism };
  Object.assign(proof, proofOf(strangers));
  return [{ code: 'foreign-consumers', severity: 'worth-knowing', proof, remedies: [] }];
}

/** The most of the Job's Pods that may be consumers. */
function podsThere({ job, pods }: RunLook, areKnown: boolean): number {
  const going = pods.filter(pod => pod.terminating).length;
  if (!areKnown) return job.parallelism + going;
  return Math.max(job.active + going, pods.filter(pod => pod.phase === 'waiting' || pod.phase === 'running').length);
}

/** Which connection takes the messages: the first, and how many there are. */
export function proofOf(strangers: readonly Stranger[] = []): Finding['proof'] {
  const [first] = strangers;
  if (!first) return {};
  const { connection, name, user } = first;
  return { others: strangers.length, connection, ...(name && { name }), ...(user && { user }) };
}

/**
 * A queue was deleted under the Pods and is there again: they wait on the old one for ever, as amqp-consume does not
 * learn of it. Its messages stay.
 */
function notConsuming(stretch: RunLook[], { job, queue }: RunLook): Finding[] {
  const running = ({ pods }: RunLook) => pods.filter(pod => pod.phase === 'running').map(pod => pod.name);
  const [first] = stretch;
  const same = first && running(first).join();
  const stuck = stretch.every(
    look =>
      look.queueWasMissing &&
      look.queue?.consumers === 0 &&
      (look.queue.ready ?? 0) > 0 &&
      running(look).length >= look.job.active &&
      running(look).join() === same,
  );
  if (!stuck || queue?.ready === undefined) return [];
  const proof = { active: job.active, ready: queue.ready, consumers: 0, succeeded: job.succeeded };
  const remedies: Remedy[] = [{ action: 'delete-job', numbers: { succeeded: job.succeeded, active: job.active } }];
  return [{ code: 'pods-not-consuming', severity: 'has-gone-wrong', proof, remedies }];
}
