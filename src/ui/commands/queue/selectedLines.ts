import type { LineRange } from '../../../workload/readItems.ts';

/** As the editor counts: from 0. */
interface Place {
  line: number;
  character: number;
}

/**
 * @returns the lines that are selected, each once and in the order of the file, whatever the order of the cursors;
 * undefined: nothing is
 */
export function selectedLines(
  selections: readonly { isEmpty: boolean; start: Place; end: Place }[],
): LineRange[] | undefined {
  const chosen = selections
    .filter(selection => !selection.isEmpty)
    .map(({ start, end }) => {
      // A selection that ends before the first character of a line does not have that line.
      const last = end.character === 0 && end.line > start.line ? end.line - 1 : end.line;
      return { first: start.line + 1, last: last + 1 };
    })
    .sort((a, b) => a.first - b.first);
  if (chosen.length === 0) return undefined;
  const ranges: LineRange[] = [];
  for (const { first, last } of chosen) {
    const before = ranges.at(-1);
    const end = before ? before.from + before.count : 0;
    if (before && first <= end) before.count = Math.max(before.count, last - before.from + 1);
    else ranges.push({ from: first, count: last - first + 1 });
  }
  return ranges;
}
