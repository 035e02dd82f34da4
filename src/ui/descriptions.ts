import * as vscode from 'vscode';
import type { Run } from '../model/runs.ts';
import type { App } from './app.ts';
import type { DocumentSource } from './documents.ts';
import { explain } from './explain.ts';
import { jobDescription } from './jobDescription.ts';
import { clusterOf, type Subject, subjectOf } from './subject.ts';

/** How long (ms) after a change of the run its page is read again: its events come a little later than its numbers. */
const AFTER = 700;

/** Fills the document that describes a Job, and changes it with the Job. */
export const describeJob: DocumentSource = (app, uri, show, signal) => {
  const subject = subjectOf(uri);
  const { runs } = app.model;
  const look = runs.look();
  let seen = '';
  let reading = false;
  let timer: NodeJS.Timeout | undefined;
  const read = async () => {
    timer = undefined;
    reading = true;
    seen = signature(runs.find(subject.uid));
    const text = await page(app, subject, signal);
    show(() => text);
    reading = false;
    later();
  };
  const later = () => {
    if (reading || timer || signal.aborted || signature(runs.find(subject.uid)) === seen) return;
    timer = setTimeout(read, AFTER);
  };
  const listener = runs.onDidChange.on(later);
  signal.addEventListener('abort', () => {
    look.dispose();
    listener.dispose();
    clearTimeout(timer);
  });
  void read();
};

// The moment of a reading is not a change.
const signature = (run: Run | undefined) => JSON.stringify(run, (key, value) => (key === 'at' ? undefined : value));

async function page(app: App, subject: Subject, signal: AbortSignal): Promise<string> {
  try {
    const cluster = await clusterOf(app, subject);
    const api = await app.model.cluster.api();
    const described = await api.describeJob(cluster, { namespace: subject.namespace, name: subject.name, signal });
    if (described.job.uid !== subject.uid) {
      return vscode.l10n.t('Job {0} has been deleted; a Job of the same name has taken its place.', subject.name);
    }
    await app.logs.kept.load();
    const run = app.model.runs.find(subject.uid);
    const { kept, items } = app.logs;
    const { namespace, uid: jobUid } = subject;
    const found = await items.of({ api, cluster, kept, jobUid, namespace, pods: described.pods, signal });
    return jobDescription(described, subject.context, run, Date.now(), kept.of(jobUid), found);
  } catch (error) {
    return explain(error).text;
  }
}
