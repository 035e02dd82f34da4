/** The id of the message that a line becomes. */
export function messageIdOf(runId: string, line: number): string {
  return `${runId}/${line}`;
}

/** The line that a message id of this run names; undefined: the message is of another run, or of no run. */
export function lineOf(messageId: unknown, runId: string): number | undefined {
  if (typeof messageId !== 'string' || !messageId.startsWith(`${runId}/`)) return undefined;
  const line = messageId.slice(runId.length + 1);
  return /^\d{1,15}$/.test(line) ? Number(line) : undefined;
}
