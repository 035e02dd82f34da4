import { type ItemReport, isWhole } from './itemReport.ts';

/** An item that failed and, as far as the logs say, was not done afterwards. */
export interface FailedItem {
  /** Its body, or the beginning of it. */
  item: string;
  /** Whether `item` is the whole body, byte for byte. */
  whole: boolean;
  /** How often an item of this text failed. */
  failures: number;
}

/**
 * The items of a run that failed for good, in the order of their first failure. A message goes back to its queue when
 * its work fails, so the same item may be reported by several Pods: it counts as done when it was begun anew after
 * its last failure and done. Of a body that is cut nobody can tell whether it was the same.
 */
export function failedItems(reports: readonly ItemReport[]): FailedItem[] {
  const found: FailedItem[] = [];
  for (const [item, of] of Map.groupBy(reports, ({ item }) => item)) {
    const failed = of.filter(({ outcome }) => outcome === 'failed');
    if (failed.length === 0) continue;
    const whole = isWhole(item);
    const last = latest(failed);
    const doneSince = of.some(({ outcome, at }) => outcome === 'done' && isAfter(at, last));
    if (!(whole && doneSince)) found.push({ item, whole, failures: failed.length });
  }
  return found;
}

// Where a time is missing, an item that was done is not said to have failed.
const isAfter = (at: number | undefined, last: number | undefined) =>
  at === undefined || last === undefined || at >= last;

const latest = (reports: readonly ItemReport[]) =>
  reports.reduce<number | undefined>(
    (last, { at }) => (at === undefined || last === undefined ? undefined : Math.max(last, at)),
    0,
  );
