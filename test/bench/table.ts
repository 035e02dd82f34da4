import { cpus, release, totalmem } from 'node:os';

/** One measurement of ours beside what a user would run instead, in the same unit and the same run. */
export interface Row {
  row: string;
  ours: number;
  unit: string;
  /** Which way is better; a ratio above 1 always means that ours is. */
  better: 'higher' | 'lower';
  beside?: Record<string, number>;
  /** What could not be measured here, by name, and why. */
  absent?: Record<string, string>;
  /** The worst value that is still accepted. */
  limit?: number;
}

/** How ours compares with each of the others: above 1, ours is better. */
export function ratios(row: Row): Record<string, number> {
  const entries = Object.entries(row.beside ?? {}).map(([name, other]) => {
    const ratio = row.better === 'higher' ? row.ours / other : other / row.ours;
    return [name, Number(ratio.toFixed(3))] as const;
  });
  return Object.fromEntries(entries);
}

/** Whether the row keeps its limit; one without a limit always does. */
export function withinLimit(row: Row): boolean {
  if (row.limit === undefined) return true;
  return row.better === 'higher' ? row.ours >= row.limit : row.ours <= row.limit;
}

/** The machine in a line: a number means nothing without it. */
export function machine(): string {
  const cores = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  return `${cores.length} x ${cores[0]?.model ?? 'unknown'}, ${memory} GiB, Linux ${release()}, Node ${process.versions.node}`;
}

/** What `--json FILE` holds. */
export function toJson(name: string, rows: Row[]): string {
  const out = rows.map(row => ({ ...row, beside: row.beside ?? {}, ratio: ratios(row) }));
  return `${JSON.stringify({ name, machine: machine(), rows: out }, undefined, 2)}\n`;
}

/** The rows for a person to read, ratios first. */
export function toTable(rows: Row[]): string {
  const cells = rows.flatMap(row => {
    const compared = Object.entries(row.beside ?? {}).map(([name, other]) => [
      `${ratios(row)[name]?.toFixed(2)} x`,
      row.row,
      `ours ${figure(row.ours)} ${row.unit}`,
      `${name} ${figure(other)} ${row.unit}`,
    ]);
    const alone = compared.length === 0 ? [['', row.row, `ours ${figure(row.ours)} ${row.unit}`, '']] : [];
    const absent = Object.entries(row.absent ?? {}).map(([name, why]) => ['-', row.row, '', `${name}: ${why}`]);
    const limit =
      row.limit === undefined
        ? []
        : [[withinLimit(row) ? 'ok' : 'MISSED', row.row, `limit ${figure(row.limit)} ${row.unit}`, '']];
    return [...compared, ...alone, ...absent, ...limit];
  });
  const widths = [0, 1, 2, 3].map(column => Math.max(0, ...cells.map(line => line[column]?.length ?? 0)));
  return cells
    .map(line =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function figure(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString('en-US') : value.toFixed(2);
}
