import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { type KeptSource, Publications } from '../../../model/publications.ts';
import type { App } from '../../app.ts';
import { label } from '../../label.ts';
import { UserError } from '../../userError.ts';
import type { QueueRow } from '../../views/queues.ts';
import type { QueueChoice } from './chooseQueue.ts';
import { declareQueue } from './createQueue.ts';
import { toSend } from './previewRows.ts';
import { askPlan, type Plan } from './publishPlan.ts';
import { type Published, runPublication } from './publishRun.ts';
import type { ItemSource, TextSource } from './source.ts';
import { FileSource } from './sourceFile.ts';

interface PublishSource {
  /** A queue of the Queues view, which is then the one. */
  row?: QueueRow | undefined;
  /** Whether it may be published there at all; throws where not. */
  check?: (choice: QueueChoice) => Promise<void>;
  /** false: only what has gone wrong is told. */
  tellSuccess?: boolean;
}

/** Shows what is there to be published, and publishes it as the person wants it. */
export async function publishSource(
  app: App,
  source: TextSource | FileSource,
  { row, check, tellSuccess }: PublishSource = {},
): Promise<Published> {
  const plan = await askPlan(app, source, row);
  await check?.(plan.choice);
  const { place, queue } = plan.choice;
  if (plan.isMissing) await declareQueue(place, queue);
  if (await hasChanged(source)) {
    throw new UserError(
      vscode.l10n.t(
        '{0} was changed after the preview, so nothing was sent. Look at it again, and publish.',
        label(source.name),
      ),
      { warning: true },
    );
  }
  const runId = randomBytes(5).toString('hex');
  const { display } = await place.link.get();
  return runPublication(app, {
    publication: {
      runId,
      name: source.name,
      source: await keep(app, source, plan, runId),
      format: plan.look.format,
      leaveOutDuplicates: plan.leaveOutDuplicates,
      items: toSend({ summary: plan.look.summary, leaveOutDuplicates: plan.leaveOutDuplicates }),
      lastLine: plan.look.summary.lastLine,
      place: place.id,
      broker: display,
      queue,
      startedAt: Date.now(),
      process: undefined,
      cancelled: false,
      journal: undefined,
    },
    source,
    summary: plan.look.summary,
    place,
    hasChanged: () => hasChanged(source),
    tellSuccess,
  });
}

/** A file is found again by its path; what was only in the editor or in the clipboard is copied. */
async function keep(app: App, source: TextSource | FileSource, { look }: Plan, runId: string): Promise<KeptSource> {
  if (source instanceof FileSource) return { kind: 'file', path: source.path, sha256: look.sha256 };
  const copy = await new Publications(app.storageDir).keepCopy(runId, source.text());
  return { kind: 'copy', ...copy, document: source.document?.toString(), lines: source.lines };
}

const hasChanged = async (source: ItemSource) => source instanceof FileSource && (await source.hasChanged());
