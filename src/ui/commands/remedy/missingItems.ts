import type { PodItem } from '../../../model/itemReports.ts';
import { isWhole } from '../../../workload/itemReport.ts';

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
