import * as vscode from 'vscode';
import { wayTo } from '../../../model/connected.ts';
import type { PodItem } from '../../../model/itemReports.ts';
import type { App } from '../../app.ts';
import { withProgress } from '../../command.ts';
import { itemsOf } from '../../itemsOf.ts';
import { label } from '../../label.ts';
import { placeWords, whereOf } from '../../production.ts';
import { items } from '../../text.ts';
import { UserError } from '../../userError.ts';
import { chooseJob, type JobTarget } from '../job/chooseJob.ts';
import { newRunId } from '../job/runJob.ts';
import { missingItems } from './missingItems.ts';

/**
 * Command: publishes again what Pods of a waiting Job had acknowledged and were not counted for, so that the Job ends.
 * Only where it is known exactly: which Pods they were, and what their logs say of their items.
 */
export async function addMissing(app: App, target?: JobTarget): Promise<void> {
  const title = vscode.l10n.t('Add the missing items of which Job back?');
  const job = await chooseJob(app, target, title, ({ state, queue }) => state === 'running' && queue !== undefined);
  const finding = app.model.runs.find(job.uid)?.findings.find(({ code }) => code === 'waiting-on-empty-queue');
  const pods = finding?.cause === 'acked-without-success' ? String(finding.proof.pod ?? '') : '';
  const { namespace, name, uid } = job;
  const { context } = await app.model.cluster.get();
  const { items: reports } = await withProgress(vscode.l10n.t('Reading the logs of Job {0}', name), signal =>
    itemsOf(app, { context, namespace, name, uid }, signal),
  );
  const found = missingItems(reports, pods === '' ? [] : pods.split(', '));
  if (found === undefined) {
    throw new UserError(
      vscode.l10n.t(
        'Which items Job {0} misses cannot be told exactly: the log of a Pod does not say it, or not the whole item. Nothing was published.',
        name,
      ),
      { warning: true },
    );
  }
  const queue = job.queue ?? '';
  const place = app.model.brokers.main;
  const publish = vscode.l10n.t('Publish');
  const answer = await vscode.window.showWarningMessage(
    vscode.l10n.t('Publish {0} to {1} again?', items(found.length), label(queue)),
    { modal: true, detail: [...details(found), '', ...placeWords(await whereOf(app, place))].join('\n') },
    publish,
  );
  if (answer !== publish) throw new vscode.CancellationError();
  const connected = await place.link.get();
  const api = await place.link.api();
  const hold = place.link.hold();
  const outcome = await withProgress(
    vscode.l10n.t('Publishing {0} to {1}', items(found.length), label(queue)),
    signal =>
      api.publish({
        ...wayTo(connected),
        purpose: 'missing items',
        queue,
        items: found.map(({ item }, index) => ({ body: item, line: index + 1 })),
        runId: newRunId(),
        signal,
      }),
  ).finally(() => hold.dispose());
  place.queues.notePublished(queue, outcome.confirmed);
  await place.queues.refresh();
  if (outcome.error) throw outcome.error;
  void vscode.window.showInformationMessage(
    vscode.l10n.t('{0} confirmed {1} of {2}.', label(queue), outcome.confirmed, items(found.length)),
  );
}

function details(found: readonly PodItem[]): string[] {
  return [
    ...found.map(({ pod, item }) => vscode.l10n.t('– {0} (Pod {1})', label(item, 80), pod)),
    vscode.l10n.t('They were acknowledged once and may have been worked on already: the work is then done twice.'),
    vscode.l10n.t('Headers and properties are in no log: only the bodies are published.'),
  ];
}
