const LAST_DIGITS = Array.from({ length: 1_000 }, (_, i) => String(i).padStart(3, '0'));

/**
 * The id of the message that a line becomes. V8 keeps the texts of the numbers that were last made into texts, thousands
 * of them: so that it keeps few, the last digits are taken from a table. Else the memory for what is new grows to its
 * limit over a long list.
 */
export function messageIdOf(runId: string, line: number): string {
  if (line < 1_000) return `${runId}/${line}`;
  return `${runId}/${Math.floor(line / 1_000)}${LAST_DIGITS[line % 1_000]}`;
}

/** The line that a message id of this run names; undefined: the message is of another run, or of no run. */
export function lineOf(messageId: unknown, runId: string): number | undefined {
  if (typeof messageId !== 'string' || !messageId.startsWith(`${runId}/`)) return undefined;
  const line = messageId.slice(runId.length + 1);
  return /^\d{1,15}$/.test(line) ? Number(line) : undefined;
}
