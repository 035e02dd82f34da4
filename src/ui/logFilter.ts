/** Which lines of a log are shown. */
export interface LogFilter {
  /** A part of the line, upper and lower case the same; between slashes a regular expression: `/warn|error/`. */
  text: string;
  pods: 'all' | 'failed' | { uid: string; name: string };
}

export const SHOW_ALL: LogFilter = { text: '', pods: 'all' };

/** @returns whether a line is shown; undefined where the text is a regular expression that cannot be read */
export function lineFilter(text: string): ((line: string) => boolean) | undefined {
  const [, pattern, flags] = /^\/(.+)\/([ims]*)$/.exec(text) ?? [];
  if (pattern === undefined) {
    const wanted = text.toLowerCase();
    return line => line.toLowerCase().includes(wanted);
  }
  try {
    const expression = new RegExp(pattern, flags);
    return line => expression.test(line);
  } catch {
    return undefined;
  }
}
