/** When a Pod was made, began to work and ended, in ms of one clock; undefined: it has not, or nobody saw it. */
export interface PodTimes {
  created: number;
  begun: number | undefined;
  finished: number | undefined;
}

/** What a run's nodes and its Job allow. */
export interface RunRoom {
  parallelism: number;
  /** Items that are not done; undefined for a Job that takes until its queue is empty. */
  left: number | undefined;
  /** Pods at work at the same time, at most so far. */
  peak: number;
  /** Pods that no node has room for now. */
  unschedulable: number;
}

/** How many items a Pod should take, and how many Pods the nodes can use. */
export interface Advice {
  /** coarse: one item a Pod is well spent; fine: a Pod should take several. */
  grain: 'coarse' | 'fine';
  /** So many items a Pod keep start-up at a tenth of its time; 1 where one is well spent. */
  itemsPerPod: number;
  /** more: all Pods ran at once, so the nodes may have room for more; full: they have room for `peak`. */
  room: 'more' | 'full' | undefined;
}

export interface StartUp {
  /** Pods whose three times are known. */
  pods: number;
  /** Medians in ms: from being made to working, and from there to the end. */
  startUpMs: number;
  workMs: number;
  /** The part (0 to 1) of a Pod's time that goes into starting. */
  share: number;
  advice: Advice;
}

/** With fewer, one slow pull of the image decides the figure. */
const ENOUGH = 3;
/** A Pod that starts for more of its time than this is too costly for one item; a tenth is what several items aim at. */
const MUCH = 0.25;
const AIM = 0.1;
/** The least work (ms) that is reckoned with: what is shorter cannot be told from nothing. */
const LEAST_WORK = 100;

/**
 * Start-up against work time of a run's Pods. undefined while fewer than three have ended.
 * Source of the rule: the Kubernetes documentation advises one work item a Pod ("coarse") where an item takes long beside
 * the start of a Pod, and several ("fine") where it does not.
 */
export function startUp(pods: readonly PodTimes[], room: RunRoom): StartUp | undefined {
  const known = pods.flatMap(({ created, begun, finished }) =>
    begun === undefined || finished === undefined || begun < created || finished < begun
      ? []
      : { startUp: begun - created, work: finished - begun },
  );
  if (known.length < ENOUGH) return undefined;
  const startUpMs = median(known.map(pod => pod.startUp));
  const workMs = median(known.map(pod => pod.work));
  const share = startUpMs / Math.max(1, startUpMs + workMs);
  return { pods: known.length, startUpMs, workMs, share, advice: adviceOf(startUpMs, workMs, share, room) };
}

function adviceOf(startUpMs: number, workMs: number, share: number, room: RunRoom): Advice {
  const grain = share > MUCH ? 'fine' : 'coarse';
  const aimed = Math.ceil((startUpMs * (1 - AIM)) / AIM / Math.max(LEAST_WORK, workMs));
  // Fewer Pods than may run at once would leave some of them without an item.
  const most = room.left === undefined ? aimed : Math.max(1, Math.ceil(room.left / Math.max(1, room.parallelism)));
  const itemsPerPod = grain === 'coarse' ? 1 : Math.max(2, Math.min(aimed, Math.max(2, most)));
  const { peak, parallelism, unschedulable, left } = room;
  const full = unschedulable > 0 && peak > 0;
  const more = !full && peak >= parallelism && left !== undefined && left > parallelism;
  return { grain, itemsPerPod, room: full ? 'full' : more ? 'more' : undefined };
}

/** @returns the middle value; of an even number of values, the mean of the two in the middle */
function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}
