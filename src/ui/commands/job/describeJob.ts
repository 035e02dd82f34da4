import * as vscode from 'vscode';
import type { App } from '../../app.ts';
import { SCHEMES } from '../../ids.ts';
import { showLiveDocument } from '../../liveDocument.ts';
import { subjectUri } from '../../subject.ts';
import type { JobTarget } from './chooseJob.ts';
import { chooseSubject } from './chooseSubject.ts';

/** Command: opens the page that says all about a Job, also about one that is deleted. */
export async function describeJob(app: App, target?: JobTarget): Promise<void> {
  const subject = await chooseSubject(app, target, vscode.l10n.t('Describe which Job?'));
  const title = vscode.l10n.t('Job {0}', subject.name);
  await showLiveDocument(subjectUri(SCHEMES.job, title, subject));
}
