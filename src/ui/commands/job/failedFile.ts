import type { FailedItem } from '../../../workload/failedItems.ts';
import { formatSaved, parseSaved } from '../../../workload/savedMessage.ts';
import { lineOf, type SaveFormat } from '../queue/savedFile.ts';

/** Whether some items cannot be told from others, or from a saved message, as lines of text. */
export const needsMessages = (failed: readonly FailedItem[]): boolean =>
  failed.some(({ item }) => lineOf(Buffer.from(item)) === undefined || parseSaved(item) !== undefined);

/**
 * @param whole items whose bodies are known whole
 * @returns the text of a file that Publish File reads as these items, and those that are no line of text
 */
export function itemFile(
  whole: readonly FailedItem[],
  format: SaveFormat,
): { text: string; written: number; unfit: FailedItem[] } {
  const unfit: FailedItem[] = [];
  const lines: string[] = [];
  for (const failed of whole) {
    const body = Buffer.from(failed.item);
    const line = format === 'messages' ? formatSaved({ body, fields: {} }) : lineOf(body);
    if (line === undefined) unfit.push(failed);
    else lines.push(`${line}\n`);
  }
  return { text: lines.join(''), written: lines.length, unfit };
}
