import { plainText } from './plainText.ts';

/**
 * Text that comes from a broker (a queue's name, a piece of a body, a header) as one harmless line: without control
 * characters and direction changes, its blanks made one. The editor makes `[text](command:…)` in a message a link that
 * runs a command, and `$(name)` in a list an icon: a word joiner (U+2060), which is not seen, keeps it from doing so.
 * @param most characters; what is longer ends with an ellipsis
 */
export function label(text: string, most = 300): string {
  // A line of a log may be cut anywhere, but here nothing beyond what is shown need be looked at.
  const line = plainText(text.slice(0, most * 4))
    .replace(/\s+/g, ' ')
    .trim();
  const characters = [...line];
  const short = characters.length > most ? `${characters.slice(0, most - 1).join('')}…` : line;
  return short.replace(/[\]$](?=\()/g, found => `${found}\u2060`);
}
