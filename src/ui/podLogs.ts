import * as vscode from 'vscode';
import type { ClusterErrorCode, PodRow } from '../cluster/index.ts';
import type { App } from './app.ts';
import { explain } from './explain.ts';
import { registerLiveDocuments } from './liveDocument.ts';
import { LogText } from './logText.ts';
import { clusterOf, type Subject, subjectOf } from './subject.ts';
import { podWords } from './text.ts';

export const LOG_SCHEME = 'work-queue-log';

/** How long (ms) a log may be silent until its document says so. */
const SILENCE = 700;
/** How long (ms) at most until a log that could not be read, or was cut off, is asked for again. */
const AGAIN = 5000;
const WORTH_ANOTHER_TRY: readonly ClusterErrorCode[] = ['not-ready', 'unreachable', 'timeout', 'throttled', 'server'];

/** Serves the documents that show a Pod's log and follow it while they are open. */
export function registerPodLogs(app: App): vscode.Disposable {
  return registerLiveDocuments(
    LOG_SCHEME,
    (uri, show, signal) => {
      void follow(app, subjectOf(uri), show, signal);
    },
    { follow: true },
  );
}

async function follow(
  app: App,
  subject: Subject,
  show: (text: () => string) => void,
  signal: AbortSignal,
): Promise<void> {
  const log = new LogText({ cut: leftOut => vscode.l10n.t('… ({0} more characters in this line)', leftOut) });
  const say = (note?: string) => show(() => page(log, note));
  const look = app.model.runs.look();
  let restarts = 0;
  try {
    for (let again = false; !signal.aborted; again = true) {
      const before = restarts;
      restarts = pod(app, subject)?.restarts ?? before;
      let begun = false;
      const error = await read(app, subject, signal, chunk => {
        if (chunk === '') return log.text === '' ? say(vscode.l10n.t('nothing written yet')) : undefined;
        // What comes again is the same log from its beginning, unless the container was started anew meanwhile.
        if (again && !begun && restarts === before) log.clear();
        if (again && !begun && restarts > before) log.push(rule(vscode.l10n.t('the container was started again')));
        begun = true;
        log.push(chunk);
        say();
      });
      if (signal.aborted) return;
      log.end();
      if (error) {
        say(explain(error.cause).text);
        if (!error.again) return;
        await until(app, signal, () => error.code === 'not-ready' && pod(app, subject)?.phase === 'running');
      } else {
        say();
        await until(app, signal, () => isOver(pod(app, subject)) || (pod(app, subject)?.restarts ?? 0) > restarts);
        const now = pod(app, subject);
        if (isOver(now)) return say(now ? `${now.name}: ${podWords(now)}` : vscode.l10n.t('the log ends here'));
      }
    }
  } finally {
    look.dispose();
  }
}

/** Reads the log to its end; an empty chunk says that it is open and silent. */
async function read(app: App, subject: Subject, signal: AbortSignal, onChunk: (chunk: string) => void) {
  const { readLog, ClusterError } = await app.model.cluster.api();
  const silence = setTimeout(() => onChunk(''), SILENCE);
  try {
    const { namespace, name, container } = subject;
    const cluster = await clusterOf(app, subject);
    for await (const chunk of readLog(cluster, { namespace, pod: name, container, follow: true, signal })) {
      clearTimeout(silence);
      onChunk(chunk);
    }
    return undefined;
  } catch (cause) {
    const code = cause instanceof ClusterError ? cause.code : undefined;
    return { cause, code, again: code !== undefined && WORTH_ANOTHER_TRY.includes(code) };
  } finally {
    clearTimeout(silence);
  }
}

function pod(app: App, { jobUid, uid }: Subject): PodRow | undefined {
  return app.model.runs.find(jobUid ?? '')?.pods.find(pod => pod.uid === uid);
}

const isOver = (pod: PodRow | undefined) => pod === undefined || pod.phase === 'succeeded' || pod.phase === 'failed';

/** Waits until something is so, for 5 s at most. */
function until(app: App, signal: AbortSignal, isSo: () => boolean): Promise<void> {
  if (isSo() || signal.aborted) return Promise.resolve();
  return new Promise(resolve => {
    const end = () => {
      clearTimeout(timer);
      listener.dispose();
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, AGAIN);
    const listener = app.model.runs.onDidChange.on(() => {
      if (isSo()) end();
    });
    signal.addEventListener('abort', end);
  });
}

const rule = (words: string) => `— ${words} —\n`;

function page(log: LogText, note: string | undefined): string {
  const leftOut =
    log.leftOut > 0 ? rule(vscode.l10n.t('the first {0} characters of this log are left out', log.leftOut)) : '';
  const open = log.text !== '' && !log.text.endsWith('\n') && note !== undefined ? '\n' : '';
  return leftOut + log.text + open + (note === undefined ? '' : rule(note));
}
