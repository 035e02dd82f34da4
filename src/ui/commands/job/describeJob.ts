import * as vscode from 'vscode';
import type { App } from '../../app.ts';
import { SCHEMES } from '../../ids.ts';
import { showLiveDocument } from '../../liveDocument.ts';
import { subjectUri } from '../../subject.ts';
import { chooseJob, type JobTarget } from './chooseJob.ts';

/** Command: opens the page that says all about a Job. */
export async function describeJob(app: App, target?: JobTarget): Promise<void> {
  const { name, namespace, uid } = await chooseJob(app, target, vscode.l10n.t('Describe which Job?'));
  const { context } = await app.model.cluster.get();
  const title = vscode.l10n.t('Job {0}', name);
  await showLiveDocument(subjectUri(SCHEMES.job, title, { context, namespace, name, uid }));
}
