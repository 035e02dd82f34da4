/** What became of messages in one or several rounds of a fault, beyond what the account of it had said. */
export interface Account {
  /** Confirmed or moved according to the account, and gone. */
  lost: number;
  /** There twice, and nothing had said so. */
  doubled: number;
  /** Every other difference between the account and the truth; a failed round is one. */
  unexplained: number;
}

/** One round of a fault, as the process that ran it tells the one that prints the table. */
export interface Round {
  /** Its number in the list of faults, and the name of the test. */
  fault: number;
  name: string;
  account: Account;
}

export const NOTHING: Account = { lost: 0, doubled: 0, unexplained: 0 };

const MARK = 'fault ';

/** A round as a line of a test's diagnostics. */
export function toDiagnostic(round: Round): string {
  return MARK + JSON.stringify(round);
}

/** The round that a line of diagnostics tells of; undefined: it tells of something else. */
export function ofDiagnostic(message: string): Round | undefined {
  return message.startsWith(MARK) ? (JSON.parse(message.slice(MARK.length)) as Round) : undefined;
}

/** All rounds, summed up by fault and name, as lines for a person. */
export function faultTable(rounds: Round[]): string[] {
  const rows = new Map<string, Round & { rounds: number }>();
  for (const round of rounds) {
    const key = `${round.fault} ${round.name}`;
    const row = rows.get(key) ?? { ...round, account: NOTHING, rounds: 0 };
    const { lost, doubled, unexplained } = row.account;
    const account = {
      lost: lost + round.account.lost,
      doubled: doubled + round.account.doubled,
      unexplained: unexplained + round.account.unexplained,
    };
    rows.set(key, { ...row, account, rounds: row.rounds + 1 });
  }
  const sorted = [...rows.values()].sort((a, b) => a.fault - b.fault || (a.name < b.name ? -1 : 1));
  const cells = sorted.map(({ fault, name, rounds: count, account }) => [
    `${fault}`.padStart(2),
    name,
    ...[count, account.lost, account.doubled, account.unexplained].map(String),
  ]);
  const table = [['', 'fault', 'rounds', 'lost', 'doubled', 'unexplained'], ...cells];
  const widths = table[0]?.map((_, column) => Math.max(...table.map(row => row[column]?.length ?? 0))) ?? [];
  return table.map(row =>
    row
      .map((cell, column) => (column < 2 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  '),
  );
}
