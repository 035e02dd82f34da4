import type { JobDescription } from '../cluster/index.ts';
import type { Run } from '../model/runs.ts';
import type { App } from './app.ts';
import type { DocumentSource } from './documents.ts';
import { explain } from './explain.ts';
import { goneDescription } from './goneDescription.ts';
import { itemsOf } from './itemsOf.ts';
import { itemsPage } from './itemsPage.ts';
import { jobDescription } from './jobDescription.ts';
import { clusterOf, type Subject, subjectOf } from './subject.ts';

/** How long (ms) after a change of the run its page is read again: its events come a little later than its numbers. */
const AFTER = 700;

/** Fills the document that describes a Job, and changes it with the Job. */
export const describeJob: DocumentSource = (app, uri, show, signal) => {
  const last: Last = {};
  followRun(app, subjectOf(uri), { page: subject => descriptionOf(app, subject, last, signal), show, signal });
};

/** Fills the document that says which item of a Job went to which Pod, and changes it with the Job. */
export const showItems: DocumentSource = (app, uri, show, signal) => {
  const page = async (subject: Subject) => itemsPage(subject.name, await itemsOf(app, subject, signal));
  followRun(app, subjectOf(uri), { page, show, signal });
};

function followRun(
  app: App,
  subject: Subject,
  o: { page: (subject: Subject) => Promise<string>; show: (text: () => string) => void; signal: AbortSignal },
): void {
  const { show, signal } = o;
  const { runs } = app.model;
  const look = runs.look();
  let seen = '';
  let reading = false;
  let timer: NodeJS.Timeout | undefined;
  const read = async () => {
    timer = undefined;
    reading = true;
    seen = signature(runs.find(subject.uid));
    const text = await o.page(subject).catch(error => `${explain(error).text}\n`);
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
}

// The moment of a reading is not a change.
const signature = (run: Run | undefined) => JSON.stringify(run, (key, value) => (key === 'at' ? undefined : value));

/** The Job as it was last seen by an open document. */
interface Last {
  described?: JobDescription;
}

async function descriptionOf(app: App, subject: Subject, last: Last, signal: AbortSignal): Promise<string> {
  const cluster = await clusterOf(app, subject);
  const api = await app.model.cluster.api();
  const { namespace, name, uid, context } = subject;
  const described = await api.describeJob(cluster, { namespace, name, signal }).catch(error => {
    if (isNotFound(error)) return undefined;
    throw error;
  });
  const found = await itemsOf(app, subject, signal, described?.pods);
  const kept = app.logs.kept.of(uid);
  if (described?.job.uid === uid) {
    last.described = described;
    return jobDescription(described, context, app.model.runs.find(uid), Date.now(), kept, found);
  }
  return goneDescription(subject, { replaced: described !== undefined, last: last.described, kept, items: found });
}

/** Errors of parts that are loaded late are known by name. */
const isNotFound = (error: unknown) =>
  error instanceof Error && error.name === 'ClusterError' && 'code' in error && error.code === 'not-found';
