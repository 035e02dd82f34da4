import type { Row } from './table.ts';

/** Publishing confirmed lines beside what a user would run instead. */
export async function bench(): Promise<Row[]> {
  throw new Error('not built yet');
}
