import * as vscode from 'vscode';
import { messages } from '../text.ts';
import type { Outlook } from './outlook.ts';

/** @returns how many completions a run on a queue needs now, as a sum in words, a line a summand */
export function sumLines(queue: string, { queue: look, claims, needed }: Outlook): string[] {
  if (look?.exists === false) return [vscode.l10n.t('Queue {0} does not exist.', queue)];
  if (!needed) return [vscode.l10n.t('How many messages are ready in the queue is not known.')];
  const { ready, claimed } = needed.explanation;
  const owed = claims.map(({ name, completions, succeeded }) => ({
    name,
    completions,
    succeeded,
    left: completions === undefined ? undefined : Math.max(0, completions - succeeded),
  }));
  const endless = owed.find(({ left }) => left === undefined);
  const held = owed.reduce((sum, { left = 0 }) => sum + left, 0) - claimed;
  return [
    vscode.l10n.t('{0} ready in {1}', messages(ready), queue),
    ...(endless
      ? [vscode.l10n.t('− all of them: Job {0} takes messages until the queue is empty', endless.name)]
      : owed.map(({ name, completions = 0, succeeded, left = 0 }) =>
          vscode.l10n.t('− {0} for Job {1}, {2} of {3} done', left, name, succeeded, completions),
        )),
    ...(!endless && held > 0 ? [vscode.l10n.t('+ {0} of these are with its Pods already', held)] : []),
    vscode.l10n.t('= {0} completions for a run now', needed.completions),
  ];
}
