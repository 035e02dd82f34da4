import type { Cluster, PodRow } from '../cluster/index.ts';
import { type ItemReport, parseReport } from '../workload/itemReport.ts';
import type { ClusterApi } from './clusterLink.ts';
import { HeadAndTail } from './headAndTail.ts';
import type { KeptLogs } from './keptLogs.ts';
import { hasEnded, hasStarted } from './podAttempt.ts';

/** What a Pod's log says of one item. */
export interface PodItem extends ItemReport {
  pod: string;
  /** Its container still runs, so an outcome that is unknown is yet to come. */
  running: boolean;
}

/** Pods whose logs are read, the newest; and whose items are remembered. */
const PODS_AT_MOST = 200;
const REMEMBERED = 2000;
/** Bytes of a log that are looked through, of its beginning and its end. */
const LOG_BYTES = 256 * 1024;
const AT_ONCE = 6;

/** Which item went to which Pod, as strict workers say in their logs. The logs of ended Pods are read once. */
export class ItemReports {
  readonly #ended = new Map<string, ItemReport[]>();

  /**
   * @param o.pods the Job's; those that are gone are found among the kept logs
   * @returns in the order of the Pods; Pods whose logs cannot be read have none
   */
  async of(o: {
    api: ClusterApi;
    cluster: Cluster;
    kept: KeptLogs;
    jobUid: string;
    namespace: string;
    pods: readonly PodRow[];
    signal: AbortSignal;
  }): Promise<PodItem[]> {
    const there = new Set(o.pods.map(({ uid }) => uid));
    const gone = o.kept.of(o.jobUid).filter(({ podUid, missed }) => !there.has(podUid) && missed === undefined);
    const found: PodItem[] = [];
    for (const log of gone.slice(-PODS_AT_MOST)) {
      // A kept line begins with its time.
      const text = (await o.kept.read(log)).replace(/^\S+ /gm, '');
      found.push(...parseReport(text).map(report => ({ ...report, pod: log.pod, running: false })));
    }
    const pods = o.pods.filter(hasStarted).slice(-PODS_AT_MOST);
    for (let from = 0; from < pods.length && !o.signal.aborted; from += AT_ONCE) {
      const some = await Promise.all(pods.slice(from, from + AT_ONCE).map(pod => this.#ofPod(o, pod)));
      found.push(...some.flat());
    }
    return found;
  }

  async #ofPod(o: Parameters<ItemReports['of']>[0], pod: PodRow): Promise<PodItem[]> {
    const running = !hasEnded(pod, pod.restarts);
    const key = `${pod.uid} ${pod.restarts}`;
    const reports = this.#ended.get(key) ?? (await read(o, pod));
    if (!running && reports) {
      this.#ended.set(key, reports);
      for (const oldest of this.#ended.keys()) if (this.#ended.size > REMEMBERED) this.#ended.delete(oldest);
    }
    return (reports ?? []).map(report => ({ ...report, pod: pod.name, running }));
  }
}

async function read(o: Parameters<ItemReports['of']>[0], pod: PodRow): Promise<ItemReport[] | undefined> {
  const { namespace, signal } = o;
  const text = new HeadAndTail(LOG_BYTES);
  try {
    const [container] = pod.containers;
    for await (const chunk of o.api.readLog(o.cluster, { namespace, pod: pod.name, container, signal }))
      text.push(chunk);
  } catch {
    // Gone meanwhile, or not to be read by this user: the page has the Pod all the same.
    return undefined;
  }
  return signal.aborted ? undefined : parseReport(text.take().bytes.toString());
}
