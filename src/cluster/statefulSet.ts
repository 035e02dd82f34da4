import type { CoreV1Event, V1Pod, V1StatefulSet } from '@kubernetes/client-node';
import type { Cluster } from './cluster.ts';
import { ClusterError } from './error.ts';
import { toEventRow } from './events.ts';
import { toPodRow } from './podRow.ts';
import { resourcePath } from './resourcePath.ts';
import { watchUntil } from './until.ts';
import { watch } from './watch.ts';

export interface StatefulSetProgress {
  ready: number;
  wanted: number;
  /** Why it is not ready: ImagePullBackOff, Unschedulable, CrashLoopBackOff, FailedCreate (quota)… */
  reason: string | undefined;
  message: string | undefined;
}

/**
 * Waits until all Pods of a StatefulSet are ready in its latest form; whatever holds them up, it may still go away.
 * @param o.timeoutMs default 300 000
 * @param o.onProgress called when something about it changed
 * @throws ClusterError: `not-ready` when the time is up, with the last reason; `not-found`, `cancelled`
 */
export async function waitForStatefulSet(
  cluster: Cluster,
  o: {
    namespace: string;
    name: string;
    signal: AbortSignal;
    timeoutMs?: number;
    onProgress?: (what: StatefulSetProgress) => void;
  },
): Promise<void> {
  const around = new AbortController();
  let set: V1StatefulSet | undefined;
  let pods: V1Pod[] = [];
  let warnings: CoreV1Event[] = [];
  let last: StatefulSetProgress | undefined;

  const tell = () => {
    if (!set) return;
    const now = progressOf(set, pods, warnings);
    if (JSON.stringify(now) === JSON.stringify(last)) return;
    last = now;
    o.onProgress?.(now);
  };
  const follow = <T extends V1Pod | CoreV1Event>(
    plural: string,
    query: Record<string, string>,
    keep: (items: T[]) => void,
  ) =>
    watch<T>(cluster, {
      path: resourcePath('v1', o.namespace, plural),
      query,
      signal: around.signal,
      onItems(items) {
        keep([...items.values()]);
        tell();
      },
      // These only say why; that the Pods are ready is said by the StatefulSet.
      onState() {},
    });

  try {
    await watchUntil<V1StatefulSet, true>(cluster, {
      path: resourcePath('apps/v1', o.namespace, 'statefulsets'),
      query: { fieldSelector: `metadata.name=${o.name}` },
      signal: o.signal,
      timeoutMs: o.timeoutMs ?? 300_000,
      late: () =>
        new ClusterError('not-ready', [last?.reason, last?.message].filter(Boolean).join(': ') || 'not ready'),
      done([found]) {
        if (!found) throw new ClusterError('not-found', `StatefulSet ${o.name} does not exist`, { status: 404 });
        const isFirst = set === undefined;
        set = found;
        if (isFirst) {
          const labels = Object.entries(found.spec?.selector.matchLabels ?? {}).map(pair => pair.join('='));
          follow<V1Pod>('pods', { labelSelector: labels.join(',') }, items => {
            pods = items;
          });
          follow<CoreV1Event>('events', { fieldSelector: 'type=Warning' }, items => {
            warnings = items;
          });
        }
        tell();
        return isReady(found) || undefined;
      },
    });
  } finally {
    around.abort();
  }
}

function isReady({ metadata, spec, status }: V1StatefulSet): boolean {
  const wanted = spec?.replicas ?? 1;
  return (
    (status?.observedGeneration ?? 0) >= (metadata?.generation ?? 0) &&
    (status?.readyReplicas ?? 0) >= wanted &&
    (status?.updatedReplicas ?? 0) >= wanted
  );
}

function progressOf(set: V1StatefulSet, pods: V1Pod[], warnings: CoreV1Event[]): StatefulSetProgress {
  const wanted = set.spec?.replicas ?? 1;
  const ready = set.status?.readyReplicas ?? 0;
  const unready = pods.filter(
    pod => !pod.status?.conditions?.some(one => one.type === 'Ready' && one.status === 'True'),
  );
  const looks = unready.map(toPodRow);
  // Events name their object by uid: those of an earlier StatefulSet or Pod of the same name don't count.
  const of = (uids: (string | undefined)[]) =>
    warnings
      .filter(event => event.involvedObject.uid !== undefined && uids.includes(event.involvedObject.uid))
      .map(toEventRow)
      .sort((a, b) => b.at - a.at)[0];
  const why =
    looks.find(pod => pod.reason !== undefined && pod.reason !== 'ContainerCreating') ??
    of(unready.map(pod => pod.metadata?.uid)) ??
    (pods.length < wanted ? of([set.metadata?.uid]) : undefined) ??
    looks.find(pod => pod.reason !== undefined);
  return {
    ready,
    wanted,
    reason: ready < wanted ? why?.reason : undefined,
    message: ready < wanted ? why?.message : undefined,
  };
}
