import type { PodItem } from '../../../model/itemReports.ts';

/** Characters of an item that a worker reports: a longer one is not whole. */
const REPORTED = 200;

/**
 * The items that Pods had when they ended badly.
 * @param pods the names of those that had acknowledged theirs and were not counted
 * @returns one for each Pod; undefined where one of them is not known whole
 */
export function missingItems(reports: readonly PodItem[], pods: readonly string[]): PodItem[] | undefined {
  const found = pods.map(name => reports.findLast(({ pod }) => pod === name));
  const whole = found.filter(report => report !== undefined).filter(({ item }) => isWhole(item));
  return pods.length > 0 && whole.length === pods.length ? whole : undefined;
}

/** Bytes that are no text come with U+FFFD in their place. */
const isWhole = (item: string) => [...item].length < REPORTED && !item.includes('\uFFFD') && item.isWellFormed();
