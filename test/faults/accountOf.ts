import type { PublishOutcome } from '../../src/broker/index.ts';
import type { Found } from '../integration/broker/inQueue.ts';
import type { Account } from './table.ts';

export interface Line {
  body: string;
  line: number;
}

/**
 * Holds what a publication says of each line against what is in the queue.
 * @param runId of the publication; its messages are known by `runId/line`
 */
export function accountOf(lines: Line[], runId: string, outcome: PublishOutcome, found: Found[]): Account {
  const failed = new Set(outcome.failed.map(failure => failure.line));
  const unknown = new Set(outcome.unknown);
  const from = outcome.unsent?.from ?? Number.POSITIVE_INFINITY;
  const there = new Map<string, Found[]>();
  for (const message of found) there.set(message.id, [...(there.get(message.id) ?? []), message]);
  const account = { lost: 0, doubled: 0, unexplained: 0 };
  let confirmed = 0;
  for (const { body, line } of lines) {
    const messages = there.get(`${runId}/${line}`) ?? [];
    there.delete(`${runId}/${line}`);
    account.doubled += Math.max(0, messages.length - 1);
    if (messages.some(message => message.body !== body)) account.unexplained++;
    if (line >= from || failed.has(line)) account.unexplained += messages.length;
    else if (!unknown.has(line)) {
      confirmed++;
      if (messages.length === 0) account.lost++;
    }
  }
  account.unexplained += Math.abs(confirmed - outcome.confirmed) + [...there.values()].flat().length;
  return account;
}
