import * as vscode from 'vscode';
import type { JobDescription } from '../cluster/index.ts';
import type { ItemAccount } from '../model/itemReports.ts';
import type { KeptLog } from '../model/keptLogs.ts';
import { columns } from './columns.ts';
import { itemsSection } from './itemsPage.ts';
import { goneRows, jobDescription, section } from './jobDescription.ts';
import { plainPage, plainText } from './plainText.ts';
import type { Subject } from './subject.ts';
import { clock } from './text.ts';

/**
 * A Job that has been deleted, as a page of text: what is left to know of it.
 * @param o.replaced a Job of the same name has come
 * @param o.last the Job as it was last seen
 */
export function goneDescription(
  { name, namespace, context }: Pick<Subject, 'name' | 'namespace' | 'context'>,
  o: { replaced: boolean; last: JobDescription | undefined; kept: readonly KeptLog[]; items: ItemAccount },
  now = Date.now(),
): string {
  const { replaced, last, kept, items } = o;
  const title = replaced
    ? vscode.l10n.t('Job {0} has been deleted; a Job of the same name has taken its place.', name)
    : vscode.l10n.t('Job {0} has been deleted.', name);
  if (last) {
    const page = jobDescription({ ...last, pods: [] }, context, undefined, now, kept, items);
    return plainText(`${title} ${vscode.l10n.t('This is what was last seen of it.')}\n\n${page}`);
  }
  const at = kept.at(-1)?.keptAt;
  const facts = [
    [`  ${vscode.l10n.t('Context')}`, context],
    [`  ${vscode.l10n.t('Namespace')}`, namespace],
    ...(at === undefined ? [] : [[`  ${vscode.l10n.t('Last seen')}`, clock(at, now)]]),
  ];
  return plainPage([
    [title, ...columns(facts)],
    section(vscode.l10n.t('Items'), itemsSection(items)),
    section(vscode.l10n.t('Pods that are gone'), columns(goneRows([], kept))),
    kept.length === 0 ? [vscode.l10n.t('No log of it is kept on this computer.')] : [],
  ]);
}
