import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { type Account, NOTHING, toDiagnostic } from './table.ts';

export { type Account, NOTHING } from './table.ts';

export interface FaultOptions {
  /** A repetition proves nothing more: one round, however many are asked for. */
  once?: boolean;
  /** Takes over 25 s: left out where faults are a part of all tests. */
  long?: boolean;
  /** The most that one round may have of each; default none. */
  allow?: Partial<Account>;
  /** Of a round; default 120,000. */
  timeoutMs?: number;
}

const ROUNDS = Number(process.env.ROUNDS ?? 1);
const LONG = process.env.LONG_FAULTS === '1';

/**
 * A test of a fault, once for each round that is asked for, and its row in the table that is printed at the end.
 * @param number the fault's place in the list: 1 broker killed, 2 cut without a word, 3 alarm, 4 missing queue, 5 full
 *   queue, 6 odd lines, 7 limits of the protocol, 8 refusals, 9 queue of another type, 10 odd addresses, 11 wrong port,
 *   12 queue without a leader, 13 depth changes before the creation, 16 ack too late or queue gone, 17 Pods and nodes lost,
 *   18 API server away or busy, 19 watch broken, 20 POST without an answer, 21 what happens to a tunnel, 22 hostile
 *   manifest, 23 kubeconfig and credentials
 * @param run one round; returns what it counted (nothing: no message had to be accounted for), fails like a test
 */
export function fault(
  number: number,
  name: string,
  options: FaultOptions,
  run: (t: TestContext, round: number) => Promise<Account | undefined>,
): void {
  const { once = false, long = false, allow = {}, timeoutMs = 120_000 } = options;
  const skip = long && !LONG && 'only with the faults alone';
  for (let round = 1; round <= (once ? 1 : ROUNDS); round++) {
    test(round === 1 ? name : `${name} (${round})`, { timeout: timeoutMs, skip }, async t => {
      let account: Account = { ...NOTHING, unexplained: 1 };
      try {
        account = (await run(t, round)) ?? NOTHING;
      } finally {
        t.diagnostic(toDiagnostic({ fault: number, name, account }));
      }
      for (const what of ['lost', 'doubled', 'unexplained'] as const) {
        assert.ok(account[what] <= (allow[what] ?? 0), `${account[what]} ${what}`);
      }
    });
  }
}
