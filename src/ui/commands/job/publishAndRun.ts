import * as vscode from 'vscode';
import type { App } from '../../app.ts';
import { UserError } from '../../userError.ts';
import { activeSource } from '../queue/publishLines.ts';
import { publishSource } from '../queue/publishSource.ts';
import { type ChosenJob, chooseManifest } from './chooseManifest.ts';
import { createRun } from './createRun.ts';
import { newRunId } from './runJob.ts';
import { fromManifest } from './runSource.ts';

/**
 * Command: the selected lines become messages, and the manifest of their queue is run for as many as the broker has
 * confirmed. What was not published whole ends with its account, and makes no Job.
 */
export async function publishAndRun(app: App): Promise<void> {
  let chosen: ChosenJob | undefined;
  const published = await publishSource(app, await activeSource(), {
    // Before anything is sent: messages without a Job to take them are not what was asked for.
    check: async ({ place, queue }) => {
      const { main } = app.model.brokers;
      if (place !== main) {
        throw new UserError(
          vscode.l10n.t('Jobs of this workspace take their messages from {0}, not from {1}.', main.label, place.label),
          { warning: true },
        );
      }
      chosen = await chooseManifest(app, { queue });
    },
    tellSuccess: false,
  });
  if (!chosen || !published.isWhole) return;
  const run = newRunId();
  await createRun(app, { ...fromManifest(chosen, run), confirmed: published.confirmed }, run);
}
