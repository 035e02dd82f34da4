/** Where the lab's steps tell how far they are, one line at a time. */
export type Report = (line: string) => void;

const SAY_EVERY_MS = 10_000;
/** Shorter steps need no line of their own at the end. */
const WORTH_SAYING_MS = 1_000;

/**
 * Does a step and tells about it while it lasts: every ten seconds, and how long it took.
 * @param howFar more words for the lines in between, such as "63 of 900 packages"
 */
export async function timed<T>(
  report: Report,
  what: string,
  work: () => Promise<T>,
  howFar: () => string = () => 'still at it',
): Promise<T> {
  const start = Date.now();
  const seconds = () => `${((Date.now() - start) / 1000).toFixed(1)} s`;
  const timer = setInterval(() => report(`${what}: ${howFar()}, ${seconds()}`), SAY_EVERY_MS);
  try {
    const result = await work();
    if (Date.now() - start >= WORTH_SAYING_MS) report(`${what}: done in ${seconds()}`);
    return result;
  } finally {
    clearInterval(timer);
  }
}
