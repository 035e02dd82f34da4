import { publishCold } from './publishCold.ts';
import { publishMemory } from './publishMemory.ts';
import { publishRates } from './publishRates.ts';
import type { Row } from './table.ts';
import { bench as tunnel } from './tunnel.ts';

/** Everything about publishing: rates, the first message, memory, and the way through a tunnel. */
export async function bench(): Promise<Row[]> {
  return [
    ...(await publishRates('classic')),
    ...(await publishRates('quorum')),
    ...(await publishCold()),
    ...(await publishMemory()),
    ...(await tunnel()),
  ];
}
