import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { keepsLimits, machine, type Row, toJson, toTable } from './table.ts';

/** Measures what is named, or everything. Exit code 1: a row misses its limit; 2: no such benchmark. */
const BENCHES: Record<string, () => Promise<{ bench: () => Promise<Row[]> }>> = {
  publish: () => import('./publish.ts'),
  tunnel: () => import('./tunnel.ts'),
  queues: () => import('./queues.ts'),
  run: () => import('./run.ts'),
  watch: () => import('./watch.ts'),
  scale: () => import('./scale.ts'),
  'end-to-end': () => import('./endToEnd.ts'),
  dashboard: () => import('./dashboard.ts'),
  activation: () => import('./activation.ts'),
};

const { positionals, values } = parseArgs({ allowPositionals: true, options: { json: { type: 'string' } } });
// The tunnel's rows are a part of publish.
const names = positionals.length > 0 ? positionals : Object.keys(BENCHES).filter(name => name !== 'tunnel');
const unknown = names.filter(name => !Object.hasOwn(BENCHES, name));
if (unknown.length > 0) {
  console.error(`no benchmark ${unknown.join(', ')}; there are: ${Object.keys(BENCHES).join(', ')}`);
  process.exit(2);
}

const rows: Row[] = [];
for (const name of names) {
  console.log(`measuring ${name}…`);
  rows.push(...((await (await BENCHES[name]?.())?.bench()) ?? []));
}
console.log(`\n${toTable(rows)}\n\n${machine()}`);
if (values.json !== undefined) writeFileSync(values.json, toJson(names.join('+'), rows));
process.exit(rows.every(keepsLimits) ? 0 : 1);
