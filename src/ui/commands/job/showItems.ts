import * as vscode from 'vscode';
import type { App } from '../../app.ts';
import { SCHEMES } from '../../ids.ts';
import { showLiveDocument } from '../../liveDocument.ts';
import { subjectUri } from '../../subject.ts';
import type { JobTarget } from './chooseJob.ts';
import { chooseSubject } from './chooseSubject.ts';

/** Command: opens the document that says which item of a Job went to which Pod, how it went and how long it took. */
export async function showItems(app: App, target?: JobTarget): Promise<void> {
  const subject = await chooseSubject(app, target, vscode.l10n.t('Show the items of which Job?'));
  const title = vscode.l10n.t('Items of {0}', subject.name);
  await showLiveDocument(subjectUri(SCHEMES.items, title, subject));
}
