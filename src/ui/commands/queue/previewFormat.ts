import * as vscode from 'vscode';
import { type CsvLook, lookAtCsv } from '../../../workload/csvLook.ts';
import { csvFormat, type ItemFormat } from '../../../workload/formats.ts';
import { label } from '../../label.ts';
import type { ItemSource } from './source.ts';

/** Asks how a source is cut into messages. @returns undefined: as before */
export async function askFormat(source: ItemSource, now: ItemFormat): Promise<ItemFormat | undefined> {
  const choices: { label: string; description?: string; format: ItemFormat['kind'] }[] = [
    { format: 'lines', label: vscode.l10n.t('One message per line') },
    {
      format: 'json',
      label: vscode.l10n.t('One message per element of a JSON array'),
      description: vscode.l10n.t('a text is its text, anything else its JSON in one line'),
    },
    { format: 'csv', label: vscode.l10n.t('One column of a CSV table…') },
    {
      format: 'messages',
      label: vscode.l10n.t('Saved messages'),
      description: vscode.l10n.t('as Save Messages to File writes them, with their properties'),
    },
  ];
  const chosen = await vscode.window.showQuickPick(
    choices.map(choice => (choice.format === now.kind ? { ...choice, label: `$(check) ${choice.label}` } : choice)),
    {
      title: vscode.l10n.t('Format'),
      placeHolder: vscode.l10n.t('How the text is cut into messages'),
      ignoreFocusOut: true,
    },
  );
  if (!chosen) return undefined;
  if (chosen.format !== 'csv') return { kind: chosen.format };
  return askColumn(await source.head(), now.kind === 'csv' ? now : undefined);
}

async function askColumn(
  head: string,
  now: { header: boolean; separator?: string } | undefined,
): Promise<ItemFormat | undefined> {
  let look = lookAtCsv(head, { ...now });
  for (;;) {
    const chosen = await vscode.window.showQuickPick(columnRows(look), {
      title: vscode.l10n.t('Column of the CSV Table'),
      placeHolder: vscode.l10n.t('Which column has the items'),
      ignoreFocusOut: true,
    });
    if (!chosen) return undefined;
    if ('column' in chosen) return csvFormat(look, chosen.column);
    if ('header' in chosen) look = lookAtCsv(head, { separator: look.separator, header: chosen.header });
    else if ('separator' in chosen) look = lookAtCsv(head, { separator: chosen.separator });
  }
}

type ColumnRow = vscode.QuickPickItem & ({ column: number } | { header: boolean } | { separator: string } | object);

function columnRows(look: CsvLook): ColumnRow[] {
  const others = [',', ';', '\t'].filter(separator => separator !== look.separator);
  return [
    ...look.columns.map(({ name, sample }, i) => ({
      label: name === undefined ? vscode.l10n.t('Column {0}', i + 1) : label(name) || vscode.l10n.t('(empty)'),
      description: sample === undefined ? undefined : label(sample, 80),
      column: i + 1,
    })),
    { label: '', kind: vscode.QuickPickItemKind.Separator },
    look.header
      ? { label: vscode.l10n.t('$(check) The first line has the columns’ names'), header: false }
      : { label: vscode.l10n.t('$(circle-large-outline) The first line has the columns’ names'), header: true },
    ...others.map(separator => ({
      label: vscode.l10n.t('$(split-horizontal) Columns are separated by {0}', separatorWords(separator)),
      description: vscode.l10n.t('now by {0}', separatorWords(look.separator)),
      separator,
    })),
  ];
}

function separatorWords(separator: string): string {
  if (separator === '\t') return vscode.l10n.t('tabs');
  return separator === ';' ? vscode.l10n.t('semicolons') : vscode.l10n.t('commas');
}
