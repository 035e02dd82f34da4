import * as vscode from 'vscode';
import type { LogSource } from '../model/keptLogs.ts';
import { type FedSource, LogFeed, type LogFeedOptions } from '../model/logFeed.ts';
import { hasFailed } from '../model/podAttempt.ts';
import type { App } from './app.ts';
import type { DocumentSource } from './documents.ts';
import { explain } from './explain.ts';
import { LogLines } from './logLines.ts';
import { logPage } from './logPage.ts';
import { clusterOf, subjectOf } from './subject.ts';
import { podWords } from './text.ts';

/** How long (ms) a log may be silent until its document says so. */
const SILENCE = 700;

/** Fills the document that shows the log of a Pod, or of all Pods of a Job, and follows it. */
export const followLog: DocumentSource = async (app, uri, show, signal) => {
  const subject = subjectOf(uri);
  const document = uri.toString();
  const { runs, cluster } = app.model;
  const { kept } = app.logs;
  const isJob = subject.jobUid === undefined;
  const jobUid = subject.jobUid ?? subject.uid;
  const lines = new LogLines({ cut: leftOut => vscode.l10n.t('… ({0} more characters in this line)', leftOut) });
  const failed = (source: LogSource) => isOfFailed(app, jobUid, source);
  const look = runs.look();
  let feed: LogFeed | undefined;
  let isSilent = false;
  const page = () =>
    logPage({
      merged: isJob ? subject.name : undefined,
      lines: lines.lines,
      linesLeftOut: lines.leftOut,
      sources: feed?.sources ?? [],
      podsLeftOut: feed?.leftOut ?? 0,
      filter: app.logs.filterOf(document),
      failed,
      end: endWords(app, { jobUid, podUid: isJob ? undefined : subject.uid, sources: feed?.sources ?? [], isSilent }),
    });
  const say = () => show(page);
  const silence = setTimeout(() => {
    isSilent = true;
    say();
  }, SILENCE);
  const filtered = app.logs.onDidFilter.on(changed => {
    if (changed === document) say();
  });
  signal.addEventListener('abort', () => {
    clearTimeout(silence);
    filtered.dispose();
    look.dispose();
    app.logs.forget(document);
  });
  try {
    await kept.load();
    const api = await cluster.api();
    if (signal.aborted) return;
    const options: LogFeedOptions = {
      api,
      cluster: () => clusterOf(app, subject),
      runs,
      kept,
      scope: {
        jobUid,
        namespace: subject.namespace,
        podUid: isJob ? undefined : subject.uid,
        container: subject.container,
        previous: subject.previous === true,
      },
      onPart: (source, part, live) => {
        lines.push(source, part, live);
        say();
      },
      onReopen: source => lines.reopen(source),
      onState: () => {
        for (const { source, state } of feed?.sources ?? []) if (isOver(state)) lines.end(source);
        say();
      },
      signal,
    };
    feed = new LogFeed(options);
  } catch (error) {
    show(() => `${explain(error).text}\n`);
  }
};

const isOver = ({ kind }: FedSource['state']) => kind !== 'waiting' && kind !== 'reading';

/** @returns whether the container that wrote the log has failed at the end of it */
function isOfFailed(app: App, jobUid: string, source: LogSource): boolean {
  const pod = app.model.runs.find(jobUid)?.pods.find(({ uid }) => uid === source.podUid);
  if (pod) return pod.restarts > source.attempt || hasFailed(pod);
  return app.logs.kept
    .of(jobUid)
    .some(
      log =>
        log.podUid === source.podUid &&
        log.attempt === source.attempt &&
        (log.phase === 'failed' || (log.exitCode ?? 0) !== 0),
    );
}

function endWords(
  app: App,
  o: { jobUid: string; podUid: string | undefined; sources: readonly FedSource[]; isSilent: boolean },
): string | undefined {
  const { jobUid, podUid, sources, isSilent } = o;
  const run = app.model.runs.find(jobUid);
  const pod = run?.pods.find(({ uid }) => uid === podUid);
  if (sources.length === 0) {
    if (!isSilent) return undefined;
    if (pod) return `${vscode.l10n.t('nothing written yet')} (${podWords(pod)})`;
    return run ? vscode.l10n.t('no Pod has written anything yet') : vscode.l10n.t('there is no log (any more)');
  }
  if (sources.every(({ state }) => isOver(state))) {
    if (pod) return `${pod.name}: ${podWords(pod)}`;
    const isGoingOn = podUid === undefined && run?.job.state === 'running';
    return isGoingOn ? undefined : vscode.l10n.t('the log ends here');
  }
  return undefined;
}
