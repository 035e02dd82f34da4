/** The label by which an image says which of its programs does the work for one item, as a JSON list of its argv. */
export const WORKER_LABEL = 'work-queue.worker';

/** Reads the label's value; undefined when it is no list of words with a program first. */
export function readWorkerLabel(value: unknown): string[] | undefined {
  if (typeof value !== 'string') return undefined;
  try {
    const words: unknown = JSON.parse(value);
    const isProgram = Array.isArray(words) && words.every(word => typeof word === 'string') && Boolean(words[0]);
    return isProgram ? words : undefined;
  } catch {
    return undefined;
  }
}

/** Reads a command as a person types it: words with spaces between them, or a JSON list. No shell's rules apply. */
export function parseProgram(text: string): string[] | undefined {
  const command = text.trim();
  if (command.startsWith('[')) return readWorkerLabel(command);
  return command === '' ? undefined : command.split(/\s+/);
}
