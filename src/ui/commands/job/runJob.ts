import { randomBytes } from 'node:crypto';
import type { App } from '../../app.ts';
import { chooseManifest, type RunTarget } from './chooseManifest.ts';
import { createRun } from './createRun.ts';
import { fromManifest } from './runSource.ts';

/**
 * Command: creates the Job of a manifest with as many completions as its queue has messages for it at that moment.
 * @param target the manifest's file, or the queue of a Job that has ended; the palette gives neither
 * @param index which of the file's Jobs
 */
export async function runJob(app: App, target?: RunTarget, index?: unknown): Promise<void> {
  const chosen = await chooseManifest(app, target, typeof index === 'number' ? index : undefined);
  const run = newRunId();
  await createRun(app, fromManifest(chosen, run), run);
}

/** @returns what tells one run from every other */
export const newRunId = (): string => randomBytes(4).toString('hex');
