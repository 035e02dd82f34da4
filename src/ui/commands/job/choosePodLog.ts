import * as vscode from 'vscode';
import type { PodRow } from '../../../cluster/index.ts';
import type { App } from '../../app.ts';
import { pickOne } from '../../pickOne.ts';
import type { Subject } from '../../subject.ts';
import { podWords } from '../../text.ts';
import { UserError } from '../../userError.ts';
import { chooseJob, type PodTarget } from './chooseJob.ts';

/** A Pod whose log can be opened. */
export interface PodLog {
  /** What the document's tab says, without its ending. */
  title: string;
  subject: Subject;
  restarts: number;
}

interface Choice {
  name: string;
  uid: string;
  jobUid: string;
  context: string;
  namespace: string;
  containers: string[];
  restarts: number;
}

/**
 * @returns the log of the row's Pod, or of one picked among those of a picked Job: Pods that are gone and whose logs are
 * kept are there too; of several containers one is asked for
 * @throws UserError when there is none; CancellationError; ClusterError
 */
export async function choosePodLog(app: App, target: PodTarget | undefined, title: string): Promise<PodLog> {
  await app.logs.kept.load();
  const { context } = await app.model.cluster.get();
  const choice = target?.kind === 'pod' ? ofRow(app, target, context) : await ofJob(app, context, title);
  const container = await chooseContainer(choice);
  const { name, uid, jobUid, namespace, restarts } = choice;
  return {
    title: choice.containers.length > 1 ? `${name}.${container}` : name,
    subject: { context, namespace, name, uid, jobUid, container },
    restarts,
  };
}

function ofRow(app: App, { uid, jobUid }: PodTarget, context: string): Choice {
  const run = app.model.runs.find(jobUid);
  const pod = run?.pods.find(pod => pod.uid === uid);
  if (run && pod) return ofPod(pod, { jobUid, context, namespace: run.job.namespace });
  const gone = ofKept(app, jobUid).find(choice => choice.uid === uid);
  if (!gone) throw new UserError(vscode.l10n.t('That Pod is not there any more.'), { warning: true });
  return gone;
}

async function ofJob(app: App, context: string, title: string): Promise<Choice> {
  const job = await chooseJob(app, undefined, title);
  const { listPods } = await app.model.cluster.api();
  const { namespace, uid: jobUid } = job;
  const listed = await listPods(await app.model.cluster.get(), { namespace, job: job.name });
  const there = listed.filter(pod => pod.jobUid === jobUid);
  const uids = new Set(there.map(({ uid }) => uid));
  const items = [
    ...there.map(pod => ({
      label: pod.name,
      description: podWords(pod),
      entry: ofPod(pod, { jobUid, context, namespace }),
    })),
    ...ofKept(app, jobUid)
      .filter(({ uid }) => !uids.has(uid))
      .map(entry => ({ label: entry.name, description: vscode.l10n.t('gone; its log is kept'), entry })),
  ];
  if (items.length === 0) {
    throw new UserError(vscode.l10n.t('Job {0} has no Pods now.', job.name), { warning: true });
  }
  return (await pickOne(items, { title, matchOnDescription: true })).entry;
}

function ofPod(pod: PodRow, of: Pick<Choice, 'jobUid' | 'context' | 'namespace'>): Choice {
  const { name, uid, containers, restarts } = pod;
  return { name, uid, containers, restarts, ...of };
}

function ofKept(app: App, jobUid: string): Choice[] {
  const logs = app.logs.kept.of(jobUid).filter(({ missed }) => missed === undefined);
  return [...Map.groupBy(logs, ({ podUid }) => podUid).values()].flatMap(of => {
    const [first] = of;
    if (!first) return [];
    const { pod, podUid, context, namespace } = first;
    const containers = [...new Set(of.map(({ container }) => container))];
    const restarts = Math.max(...of.map(({ attempt }) => attempt));
    return [{ name: pod, uid: podUid, jobUid, context, namespace, containers, restarts }];
  });
}

async function chooseContainer({ name, containers }: Choice): Promise<string> {
  const [only = ''] = containers;
  if (containers.length < 2) return only;
  const title = vscode.l10n.t('Which container of {0}?', name);
  const items = containers.map(label => ({ label }));
  return (await pickOne(items, { title })).label;
}
