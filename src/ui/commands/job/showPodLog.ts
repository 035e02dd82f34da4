import * as vscode from 'vscode';
import type { PodRow } from '../../../cluster/index.ts';
import type { App } from '../../app.ts';
import { showEnd, showLiveDocument } from '../../liveDocument.ts';
import { LOG_SCHEME } from '../../podLogs.ts';
import { subjectUri } from '../../subject.ts';
import { choosePod, type PodTarget } from './chooseJob.ts';

/** Command: opens a Pod's log and follows it while it is open. */
export async function showPodLog(app: App, target?: PodTarget): Promise<void> {
  const pod = await choosePod(app, target, vscode.l10n.t('Show the log of which Pod?'));
  const container = await chooseContainer(pod);
  const { context, namespace } = await app.model.cluster.get();
  const title = pod.containers.length > 1 ? `${pod.name}.${container}.log` : `${pod.name}.log`;
  const { name, uid, jobUid = '' } = pod;
  const uri = subjectUri(LOG_SCHEME, title, { context, namespace, name, uid, jobUid, container });
  showEnd(await showLiveDocument(uri));
}

async function chooseContainer({ name, containers }: PodRow): Promise<string> {
  const [only = ''] = containers;
  if (containers.length < 2) return only;
  const title = vscode.l10n.t('Which container of {0}?', name);
  const picked = await vscode.window.showQuickPick(containers, { title });
  if (picked === undefined) throw new vscode.CancellationError();
  return picked;
}
