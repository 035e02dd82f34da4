import * as vscode from 'vscode';
import type { ItemFormat } from '../../../workload/formats.ts';
import type { SkipReason } from '../../../workload/items.ts';
import type { ItemsSummary, ShownItem } from '../../../workload/itemsSummary.ts';
import { label } from '../../label.ts';
import { bytes, items, list, messages } from '../../text.ts';
import { problemWords } from './formatProblem.ts';

/** What a row does when it is chosen; undefined: it only tells. */
export type FormAction = 'publish' | 'problem' | 'queue' | 'broker' | 'format' | 'duplicates';

export interface FormRow {
  action: FormAction | undefined;
  label: string;
  description?: string;
  /** A line with a heading, which cannot be chosen. */
  isHeading?: boolean;
}

/** All that the form shows. */
export interface FormState {
  /** undefined: the clipboard. */
  name: string | undefined;
  format: ItemFormat;
  summary: ItemsSummary;
  isRead: boolean;
  problem: unknown;
  /** Enter was pressed before all was read. */
  isWaiting: boolean;
  leaveOutDuplicates: boolean;
  queue: string;
  /** 'missing': the broker has no such queue; undefined: not known. */
  depth: { ready: number; consumers: number } | 'missing' | undefined;
  broker: string;
  /** Whether there are others to choose from. */
  hasBrokers: boolean;
}

/** @returns how many messages would be sent */
export const toSend = ({ summary, leaveOutDuplicates }: Pick<FormState, 'summary' | 'leaveOutDuplicates'>): number =>
  summary.items - (leaveOutDuplicates ? summary.duplicates : 0);

/** The rows of the form, from the one that publishes to what is left out. */
export function formRows(state: FormState): FormRow[] {
  return [
    first(state),
    heading(vscode.l10n.t('Change')),
    {
      action: 'queue',
      label: vscode.l10n.t('$(inbox) Queue: {0}', label(state.queue)),
      description: depthWords(state),
    },
    ...(state.hasBrokers
      ? [{ action: 'broker' as const, label: vscode.l10n.t('$(server) Broker: {0}', label(state.broker)) }]
      : []),
    { action: 'format', label: `$(list-flat) ${formatWords(state.format)}`, description: vscode.l10n.t('change') },
    ...duplicates(state),
    ...shown(state),
    ...skipped(state),
  ];
}

const heading = (text: string): FormRow => ({ action: undefined, label: text, isHeading: true });

function first(state: FormState): FormRow {
  const { summary, queue, problem, isRead, isWaiting } = state;
  const name = state.name === undefined ? vscode.l10n.t('the clipboard') : label(state.name);
  if (problem !== undefined) {
    return { action: 'problem', label: vscode.l10n.t('$(error) {0}: {1}', name, problemWords(problem)) };
  }
  if (!isRead) {
    return {
      action: 'publish',
      label: isWaiting
        ? vscode.l10n.t('$(loading~spin) Publishing as soon as {0} is read: {1} so far', name, items(summary.items))
        : vscode.l10n.t('$(loading~spin) Reading {0}: {1} so far', name, items(summary.items)),
      description: bytes(summary.bytes),
    };
  }
  const count = toSend(state);
  if (count === 0) return { action: undefined, label: vscode.l10n.t('$(info) There is nothing to publish') };
  return {
    action: 'publish',
    label:
      state.depth === 'missing'
        ? vscode.l10n.t('$(send) Create queue {0} and publish {1} to it', label(queue), messages(count))
        : vscode.l10n.t('$(send) Publish {0} to {1}', messages(count), label(queue)),
    description: bytes(summary.bytes - (state.leaveOutDuplicates ? summary.duplicateBytes : 0)),
  };
}

function depthWords({ depth, broker, hasBrokers }: FormState): string {
  const where = hasBrokers ? [] : [label(broker)];
  if (depth === 'missing') return list([vscode.l10n.t('not on the broker yet'), ...where]);
  if (depth === undefined) return list(where);
  const consumers =
    depth.consumers === 1 ? vscode.l10n.t('1 consumer') : vscode.l10n.t('{0} consumers', depth.consumers);
  return list([vscode.l10n.t('{0} ready', depth.ready), consumers, ...where]);
}

/** @returns how a source is cut into messages */
export function formatWords(format: ItemFormat): string {
  switch (format.kind) {
    case 'lines':
      return vscode.l10n.t('One message per line');
    case 'json':
      return vscode.l10n.t('One message per element of the JSON array');
    case 'csv': {
      const column = typeof format.column === 'number' ? format.column : label(format.column);
      return format.header
        ? vscode.l10n.t('CSV: column {0}; the first line has the columns’ names', column)
        : vscode.l10n.t('CSV: column {0}; there is no line with names', column);
    }
    case 'messages':
      return vscode.l10n.t('Saved messages, with their properties');
  }
}

function duplicates({ summary, leaveOutDuplicates }: FormState): FormRow[] {
  const { duplicates: count, duplicatesComplete } = summary;
  if (count === 0 && duplicatesComplete) return [];
  const description = duplicatesComplete
    ? vscode.l10n.t('of equal items, the first is sent')
    : vscode.l10n.t('there may be more: only the first million different items are compared, and none over 1 MiB');
  if (count === 0) return [{ action: undefined, label: vscode.l10n.t('$(info) No duplicates found'), description }];
  const label = leaveOutDuplicates
    ? count === 1
      ? vscode.l10n.t('$(check) 1 duplicate is left out')
      : vscode.l10n.t('$(check) {0} duplicates are left out', count)
    : count === 1
      ? vscode.l10n.t('$(circle-large-outline) Leave out 1 duplicate')
      : vscode.l10n.t('$(circle-large-outline) Leave out {0} duplicates', count);
  return [{ action: 'duplicates', label, description }];
}

function shown({ summary, format, isRead, problem }: FormState): FormRow[] {
  if (summary.items === 0) return [];
  const last = isRead && problem === undefined ? summary.last : [];
  const between = summary.items - summary.first.length - last.length;
  const row = (item: ShownItem): FormRow => ({
    action: undefined,
    label: bodyWords(item),
    description: list([
      format.kind === 'json'
        ? vscode.l10n.t('element {0}, line {1}', item.line, item.textLine)
        : vscode.l10n.t('line {0}', item.line),
      ...(item.bytes > 200 ? [bytes(item.bytes)] : []),
    ]),
  });
  return [
    heading(
      list([
        items(summary.items),
        bytes(summary.bytes),
        ...(summary.duplicates > 0 ? [vscode.l10n.t('{0} of them duplicates', summary.duplicates)] : []),
      ]),
    ),
    ...summary.first.map(row),
    ...(between > 0 && last.length > 0
      ? [{ action: undefined, label: '…', description: vscode.l10n.t('{0} in between', items(between)) }]
      : []),
    ...last.map(row),
  ];
}

function bodyWords({ text, bytes: length }: ShownItem): string {
  if (typeof text === 'string') return label(text, 120) || vscode.l10n.t('(empty)');
  const hex = [...text.subarray(0, 16)].map(byte => byte.toString(16).padStart(2, '0')).join(' ');
  return length > 16 ? `${hex} …` : hex;
}

function skipped({ summary, format }: FormState): FormRow[] {
  const total = [...summary.skipped.values()].reduce((sum, count) => sum + count, 0);
  if (total === 0) return [];
  const counts = [...summary.skipped].map(([reason, count]) => `${count} ${skipWords(reason)}`);
  // Blank lines are everywhere, and nobody misses one: where they are is not worth a row.
  const unfit = summary.skippedShown.filter(({ reason }) => reason !== 'blank').slice(0, 20);
  return [
    heading(vscode.l10n.t('Left out: {0}', list(counts))),
    ...unfit.map(
      (one): FormRow => ({
        action: undefined,
        label:
          format.kind === 'json'
            ? vscode.l10n.t('$(warning) Element {0}, line {1}: {2}', one.line, one.textLine, skipWords(one.reason))
            : vscode.l10n.t('$(warning) Line {0}: {1}', one.line, skipWords(one.reason)),
      }),
    ),
  ];
}

/** @returns why something is left out: "blank", "larger than 16 MiB" */
export function skipWords(reason: SkipReason): string {
  switch (reason) {
    case 'blank':
      return vscode.l10n.t('blank');
    case 'too-large':
      return vscode.l10n.t('larger than the 16 MiB that the broker takes');
    case 'invalid-unicode':
      return vscode.l10n.t('not valid text in UTF-8');
    case 'no-field':
      return vscode.l10n.t('without that column');
    case 'not-a-message':
      return vscode.l10n.t('not a saved message');
  }
}
