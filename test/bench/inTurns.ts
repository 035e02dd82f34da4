import { betterBy, median, type Row } from './table.ts';

/** Does the work once and returns its figure. */
export type Contestant = () => Promise<number>;

/**
 * Has ours and others take turns, each round in another order, so that a machine that grows slower or faster meanwhile
 * does so for all.
 * @param rounds odd, so that there is a median that was measured
 * @param warm whether what each does first is not counted, because it pays for compiling the code
 */
export async function inTurns(
  better: Row['better'],
  rounds: number,
  ours: Contestant,
  others: Record<string, Contestant>,
  warm = true,
): Promise<Pick<Row, 'better' | 'ours' | 'beside' | 'paired'>> {
  const contestants = { ours, ...others };
  const figures: Record<string, number[]> = {};
  if (warm) for (const contestant of Object.values(contestants)) await contestant();
  for (let round = 0; round < rounds; round++) {
    const entries = Object.entries(contestants);
    const order = round % 2 === 0 ? entries : entries.reverse();
    for (const [name, contestant] of order) {
      const done = figures[name] ?? [];
      figures[name] = [...done, await contestant()];
    }
  }
  const of = (name: string) => figures[name] ?? [];
  const names = Object.keys(others);
  const pairs = (name: string) => of('ours').map((own, i) => betterBy(better, own, of(name)[i] ?? Number.NaN));
  return {
    better,
    ours: median(of('ours')),
    beside: Object.fromEntries(names.map(name => [name, median(of(name))])),
    paired: Object.fromEntries(names.map(name => [name, median(pairs(name))])),
  };
}
