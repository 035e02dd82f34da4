import * as vscode from 'vscode';
import type { ItemFormat } from '../../../workload/formats.ts';
import { readBatches } from '../../../workload/readItems.ts';
import { explain } from '../../explain.ts';
import type { NotConfirmed } from './outcomeAccount.ts';
import type { ItemSource } from './source.ts';
import { FileSource } from './sourceFile.ts';

/** More cursors make the editor slow. */
const RANGES_AT_MOST = 1_000;

/** @returns whether the lines can be selected in an editor */
export const canSelect = (source: ItemSource, lines: NotConfirmed[]): boolean =>
  source.document !== undefined &&
  // Of a copy nobody knows whether the document still has these lines.
  (!(source instanceof FileSource) || source.path === source.document.fsPath) &&
  lines.length > 0 &&
  lines.length <= RANGES_AT_MOST;

/** Selects the lines of what is not confirmed in an editor, so that they can be looked at, and published again. */
export async function selectLines(source: ItemSource, format: ItemFormat, lines: NotConfirmed[]): Promise<void> {
  if (!source.document) return;
  try {
    const editor = await vscode.window.showTextDocument(source.document);
    if (await isAnotherText(source, editor.document)) {
      const text = vscode.l10n.t('The text was changed since: its lines are not those that were published.');
      void vscode.window.showWarningMessage(text);
      return;
    }
    const ranges = await textRanges(source, format, lines);
    editor.selections = ranges.map(({ from, to }) => {
      const { range } = editor.document.lineAt(to - 1);
      return new vscode.Selection(new vscode.Position(from - 1, 0), range.end);
    });
    const [first] = editor.selections;
    if (first) editor.revealRange(first, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
  } catch (error) {
    void vscode.window.showErrorMessage(explain(error).text);
  }
}

async function isAnotherText(source: ItemSource, document: vscode.TextDocument): Promise<boolean> {
  if (source instanceof FileSource) return document.isDirty || (await source.hasChanged());
  return source.version !== document.version;
}

/** The lines of the text that items begin on; in a JSON array these are other numbers than the items'. */
async function textRanges(
  source: ItemSource,
  format: ItemFormat,
  lines: NotConfirmed[],
): Promise<{ from: number; to: number }[]> {
  if (format.kind !== 'json') return lines;
  const ranges: { from: number; to: number }[] = [];
  let index = 0;
  for await (const batch of readBatches(source.text(), format, { lines: source.lines })) {
    for (const { item, skipped, textLine } of batch) {
      const number = (item ?? skipped)?.line ?? 0;
      while ((lines[index]?.to ?? Number.POSITIVE_INFINITY) < number) index++;
      if (number < (lines[index]?.from ?? Number.POSITIVE_INFINITY)) continue;
      const last = ranges.at(-1);
      if (last && textLine <= last.to + 1) last.to = textLine;
      else if (ranges.length < RANGES_AT_MOST) ranges.push({ from: textLine, to: textLine });
    }
  }
  return ranges;
}
