import { cpus, release, totalmem } from 'node:os';

/** One measurement of ours beside what a user would run instead, in the same unit and the same run. */
export interface Row {
  row: string;
  ours: number;
  unit: string;
  /** Which way is better; a ratio above 1 always means that ours is. */
  better: 'higher' | 'lower';
  beside?: Record<string, number>;
  /** How ours compares in the same round, where that was measured: steadier than two medians. */
  paired?: Record<string, number>;
  /** What could not be measured here, by name, and why. */
  absent?: Record<string, string>;
  /** The worst value of ours that is accepted. */
  limit?: number;
  /** The lowest ratio that is accepted, by name. */
  ratioLimit?: Record<string, number>;
}

/** How ours compares with each of the others: above 1, ours is better. */
export function ratios(row: Row): Record<string, number> {
  const entries = Object.entries(row.beside ?? {}).map(([name, other]) => {
    const ratio = row.paired?.[name] ?? betterBy(row.better, row.ours, other);
    return [name, Number(ratio.toFixed(3))] as const;
  });
  return Object.fromEntries(entries);
}

/** How many times better ours is. */
export function betterBy(better: Row['better'], ours: number, other: number): number {
  return better === 'higher' ? ours / other : other / ours;
}

/** Whether a row is within its limits; one without any always is. */
export function keepsLimits(row: Row): boolean {
  return missed(row).length === 0;
}

/** Of an odd number of values, one that was measured. */
export function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** The machine in a line: a number means nothing without it. */
export function machine(): string {
  const cores = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  return `${cores.length} x ${cores[0]?.model ?? 'unknown'}, ${memory} GiB, Linux ${release()}, Node ${process.versions.node}`;
}

/** What `--json FILE` holds. */
export function toJson(name: string, rows: Row[]): string {
  const out = rows.map(({ paired: _, ...row }) => ({ ...row, beside: row.beside ?? {}, ratio: ratios(row) }));
  return `${JSON.stringify({ name, machine: machine(), rows: out }, undefined, 2)}\n`;
}

/** The rows for a person to read, ratios first. */
export function toTable(rows: Row[]): string {
  const lines = rows.flatMap(row => [
    ...Object.entries(ratios(row)).map(([name, ratio]) => [
      `${ratio < 10 ? ratio.toFixed(2) : figure(ratio)} x`,
      name,
      row.row,
      `${figure(row.ours)} against ${figure(row.beside?.[name] ?? Number.NaN)} ${row.unit}`,
    ]),
    ...(row.beside ? [] : [['', '', row.row, `${figure(row.ours)} ${row.unit}`]]),
    ...Object.entries(row.absent ?? {}).map(([name, why]) => ['-', name, row.row, why]),
    ...missed(row).map(words => ['MISSED', '', row.row, words]),
  ]);
  const widths = [0, 1, 2].map(column => Math.max(...lines.map(line => line[column]?.length ?? 0)));
  return lines
    .map(line =>
      line.map((cell, column) => (column === 0 ? cell.padStart(widths[0] ?? 0) : cell.padEnd(widths[column] ?? 0))),
    )
    .map(cells => cells.join('  ').trimEnd())
    .join('\n');
}

function missed(row: Row): string[] {
  const out: string[] = [];
  const { limit, ours, unit } = row;
  if (limit !== undefined && !(row.better === 'higher' ? ours >= limit : ours <= limit)) {
    out.push(`the limit is ${figure(limit)} ${unit}`);
  }
  for (const [name, least] of Object.entries(row.ratioLimit ?? {})) {
    if (!((ratios(row)[name] ?? 0) >= least)) out.push(`at least ${least} x of ${name} is wanted`);
  }
  return out;
}

function figure(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString('en-US') : String(Number(value.toFixed(1)));
}
