import type { PublishOutcome } from '../../../broker/index.ts';
import type { SkipReason } from '../../../workload/items.ts';
import type { ItemsSummary } from '../../../workload/itemsSummary.ts';

/** Why the broker has not confirmed a line. */
export type Fate = PublishOutcome['failed'][number]['reason'] | Exclude<SkipReason, 'blank'> | 'unknown' | 'unsent';

/** Lines that follow each other and share a fate. */
export interface NotConfirmed {
  from: number;
  to: number;
  why: Fate;
}

/**
 * @returns every line that is not confirmed, but for blank ones, in order; as ranges, for a broken connection leaves
 * thousands
 */
export function notConfirmed(
  { failed, unknown, unsent }: Pick<PublishOutcome, 'failed' | 'unknown' | 'unsent'>,
  { skippedShown, lastLine }: Pick<ItemsSummary, 'skippedShown' | 'lastLine'>,
): NotConfirmed[] {
  const from = unsent?.from ?? Number.POSITIVE_INFINITY;
  const fates: [number, Fate][] = [
    ...skippedShown.flatMap(({ line, reason }): [number, Fate][] => (reason === 'blank' ? [] : [[line, reason]])),
    ...failed.map(({ line, reason }): [number, Fate] => [line, reason]),
    ...unknown.map((line): [number, Fate] => [line, 'unknown']),
  ];
  const ranges: NotConfirmed[] = [];
  for (const [line, why] of fates.filter(([line]) => line < from).sort(([a], [b]) => a - b)) {
    const last = ranges.at(-1);
    if (last && last.why === why && last.to >= line - 1) last.to = line;
    else ranges.push({ from: line, to: line, why });
  }
  if (from <= lastLine) ranges.push({ from, to: lastLine, why: 'unsent' });
  return ranges;
}
