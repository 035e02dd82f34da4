import type { Cluster, PodRow } from '../cluster/index.ts';
import { type ItemReport, parseReport } from '../workload/itemReport.ts';
import { isLostLog } from '../workload/lostLog.ts';
import type { ClusterApi } from './clusterLink.ts';
import { HeadAndTail } from './headAndTail.ts';
import { type KeptLogs, keyOf } from './keptLogs.ts';
import { hasEnded, hasStarted } from './podAttempt.ts';

/** What a Pod's log says of one item. */
export interface PodItem extends ItemReport {
  pod: string;
  /** Its container still runs, so an outcome that is unknown is yet to come. */
  running: boolean;
}

/** The items of a Job, and what of its logs they were read from; each start of a container has a log. */
export interface ItemAccount {
  /** In the order of the Pods. */
  items: PodItem[];
  /** Logs that were read. */
  logs: number;
  /** Of those, the logs of ended containers that say nothing of an item. */
  silent: number;
  /** Of those, logs of which only the beginning and the end were looked through. */
  cut: number;
  /** Logs that are lost, or cannot be read by this user. */
  lost: number;
  /** Logs that were not looked at, as there are newer ones. */
  older: number;
}

interface Read {
  reports: ItemReport[];
  cut: boolean;
}

interface Options {
  api: ClusterApi;
  cluster: Cluster;
  kept: KeptLogs;
  jobUid: string;
  namespace: string;
  /** The Job's, the oldest first; those that are gone are found among the kept logs. */
  pods: readonly PodRow[];
  signal: AbortSignal;
}

/** One log that can be asked for. */
interface Asked {
  pod: string;
  running: boolean;
  read: () => Promise<Read | undefined>;
}

/** Logs that are read, the newest; and whose items are remembered. */
export const LOGS_AT_MOST = 200;
const REMEMBERED = 2000;
/** Bytes of a log that are looked through, of its beginning and its end. */
export const LOG_BYTES = 256 * 1024;
const AT_ONCE = 6;

/** Which item went to which Pod, as strict workers say in their logs. The logs of ended containers are read once. */
export class ItemReports {
  readonly #ended = new Map<string, Read>();

  /** Reads the logs of a Job's Pods, also of earlier starts of their containers and of Pods that are gone. */
  async of(o: Options): Promise<ItemAccount> {
    const { asked, lost } = this.#asked(o);
    const newest = asked.slice(-LOGS_AT_MOST);
    const account: ItemAccount = {
      items: [],
      logs: 0,
      silent: 0,
      cut: 0,
      lost,
      older: asked.length - newest.length,
    };
    for (let from = 0; from < newest.length && !o.signal.aborted; from += AT_ONCE) {
      const some = newest.slice(from, from + AT_ONCE);
      const found = await Promise.all(some.map(({ read }) => read()));
      for (const [index, { pod, running }] of some.entries()) {
        const log = found[index];
        if (!log) {
          account.lost++;
          continue;
        }
        account.logs++;
        if (log.cut) account.cut++;
        if (log.reports.length === 0 && !running) account.silent++;
        account.items.push(...log.reports.map(report => ({ ...report, pod, running })));
      }
    }
    return account;
  }

  #asked(o: Options): { asked: Asked[]; lost: number } {
    const there = new Map(o.pods.map(pod => [pod.uid, pod]));
    const isOver = ({ podUid, attempt }: { podUid: string; attempt: number }) =>
      attempt < (there.get(podUid)?.restarts ?? Number.POSITIVE_INFINITY);
    const keptLogs = o.kept.of(o.jobUid).filter(isOver);
    const asked: Asked[] = keptLogs
      .filter(({ missed }) => missed === undefined)
      .map(log => ({
        pod: log.pod,
        running: false,
        read: () =>
          this.#once(`kept ${keyOf(log)}`, async () => ({
            reports: parseReport(await o.kept.read(log)),
            cut: log.leftOut > 0,
          })),
      }));
    let lost = keptLogs.length - asked.length;
    for (const pod of o.pods.filter(hasStarted)) {
      const { uid, restarts, name } = pod;
      const keptOfIt = keptLogs.filter(({ podUid }) => podUid === uid);
      const hasLast = keptOfIt.some(({ attempt }) => attempt === restarts - 1);
      const previous = restarts > 0 && !hasLast;
      // The cluster has the log of the last start only; a Pod of several containers counts the starts of all of them.
      if (pod.containers.length === 1) lost += Math.max(0, restarts - keptOfIt.length - (previous ? 1 : 0));
      if (previous) asked.push({ pod: name, running: false, read: () => this.#ofPod(o, pod, true) });
      asked.push({
        pod: name,
        running: !hasEnded(pod, restarts),
        read: () => this.#ofPod(o, pod, false),
      });
    }
    return { asked, lost };
  }

  async #ofPod(o: Options, pod: PodRow, previous: boolean): Promise<Read | undefined> {
    const attempt = pod.restarts - (previous ? 1 : 0);
    // A container that waits to be started again may just be about to begin that log.
    const isOver = previous || (pod.phase !== 'waiting' && hasEnded(pod, attempt));
    return this.#once(`${pod.uid} ${attempt}`, () => read(o, pod, previous), isOver);
  }

  async #once(key: string, read: () => Promise<Read | undefined>, isOver = true): Promise<Read | undefined> {
    const known = this.#ended.get(key);
    if (known) return known;
    const found = await read();
    if (found && isOver) {
      this.#ended.set(key, found);
      for (const oldest of this.#ended.keys()) if (this.#ended.size > REMEMBERED) this.#ended.delete(oldest);
    }
    return found;
  }
}

async function read(o: Options, pod: PodRow, previous: boolean): Promise<Read | undefined> {
  const { namespace, signal } = o;
  const text = new HeadAndTail(LOG_BYTES);
  try {
    const [container] = pod.containers;
    const options = { namespace, pod: pod.name, container, previous: previous || undefined, timestamps: true, signal };
    for await (const chunk of o.api.readLog(o.cluster, options)) text.push(chunk);
  } catch {
    // Gone meanwhile, or not to be read by this user: it is counted.
    return undefined;
  }
  const { bytes, leftOut } = text.take();
  const log = bytes.toString();
  return signal.aborted || isLostLog(log) ? undefined : { reports: parseReport(log), cut: leftOut > 0 };
}
