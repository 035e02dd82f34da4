/** The kubelet's words, sent as if they were a log, for a container that it has removed; a line of a log has its time. */
const LOST = /^unable to retrieve container logs for \S+\s*$/;
const BEGINNING = 'unable to retrieve container logs for ';
const LONGEST = 500;

/** @param text all that came of a log that was asked for with timestamps */
export const isLostLog = (text: string): boolean => text.length < LONGEST && LOST.test(text);

/** @param text what has come of it so far */
export const mayBeLostLog = (text: string): boolean =>
  text.length < LONGEST &&
  (BEGINNING.startsWith(text) || (text.startsWith(BEGINNING) && /^\S*\s*$/.test(text.slice(BEGINNING.length))));
