import * as vscode from 'vscode';
import type { PodRow } from '../../cluster/index.ts';
import { Emitter } from '../../model/emitter.ts';
import type { Run } from '../../model/runs.ts';
import type { App } from '../app.ts';
import { COMMANDS, VIEWS } from '../ids.ts';
import { stateWord } from '../jobWords.ts';
import { list } from '../text.ts';
import {
  findingRowItem,
  goneItem,
  gonePodItem,
  gonePods,
  jobItem,
  namespaceItem,
  PHASES,
  podItem,
  podsItem,
} from './jobItems.ts';
import { awayNote, CHILDREN_AT_MOST, createView, moreNote, type Note, noteItem } from './tree.ts';

interface NamespaceRow {
  kind: 'namespace';
  namespace: string;
}
interface JobRowRef {
  kind: 'job';
  uid: string;
}
interface PodsRow {
  kind: 'pods';
  phase: PodRow['phase'];
  jobUid: string;
}
interface PodRowRef {
  kind: 'pod';
  uid: string;
  jobUid: string;
}
/** The Pods that are gone and whose logs are kept. */
interface GoneRow {
  kind: 'gone';
  jobUid: string;
}
interface FindingRef {
  kind: 'finding';
  index: number;
  jobUid: string;
}
type Row = NamespaceRow | JobRowRef | PodsRow | PodRowRef | GoneRow | FindingRef | Note;

/** How often (ms) the durations of active Jobs are drawn anew while the view can be seen. */
const TICK = 10_000;

/** The Jobs view: runs first; below a Job what is wrong with it, and its Pods by how they stand. */
export function showJobs(app: App): vscode.Disposable {
  const { runs, cluster } = app.model;
  const ticked = new Emitter();
  return createView<Row>({
    id: VIEWS.jobs,
    model: app.model,
    changes: [runs.onDidChange, cluster.onDidChange, app.jobFilter.onDidChange, app.logs.kept.onDidChange, ticked],
    look: () => {
      const look = runs.look();
      void app.logs.kept.load();
      const ticking = setInterval(() => {
        if (runs.rows.some(({ job }) => job.state === 'running')) ticked.fire();
      }, TICK);
      return {
        dispose: () => {
          clearInterval(ticking);
          look.dispose();
        },
      };
    },
    children: row => children(app, row),
    item: row => item(app, row),
    badge: () => badge(app),
    message: () => message(app),
  });
}

function badge(app: App): vscode.ViewBadge | undefined {
  const wrong = app.model.runs.rows.filter(run => run.job.state === 'running' && hasTrouble(run)).length;
  return wrong === 0 ? undefined : { value: wrong, tooltip: vscode.l10n.t('Runs that need a look: {0}', wrong) };
}

const hasTrouble = (run: Run) => run.findings.some(finding => finding.severity !== 'worth-knowing');

function message(app: App): string | undefined {
  const { states } = app.jobFilter;
  if (!states) return undefined;
  const all = app.model.runs.rows;
  const shown = app.jobFilter.apply(all).length;
  return vscode.l10n.t('{0} of {1} Jobs: {2}', shown, all.length, list(states.map(stateWord)));
}

function children(app: App, row: Row | undefined): Row[] {
  const { runs, cluster } = app.model;
  switch (row?.kind) {
    case undefined:
      return [
        ...awayNote(cluster.state, 'cluster'),
        ...(runs.namespaces.length > 1
          ? runs.namespaces.map(({ namespace }): Row => ({ kind: 'namespace', namespace }))
          : jobRows(app, runs.rows, 'jobs')),
      ];
    case 'namespace': {
      const { namespace } = row;
      const inside = runs.rows.filter(({ job }) => job.namespace === namespace);
      return jobRows(app, inside, `jobs/${namespace}`);
    }
    case 'job':
      return below(app, runs.find(row.uid));
    case 'pods': {
      const { phase, jobUid } = row;
      const pods = runs.find(jobUid)?.pods.filter(pod => pod.phase === phase) ?? [];
      const shown = pods.slice(0, CHILDREN_AT_MOST).map(({ uid }): Row => ({ kind: 'pod', uid, jobUid }));
      return [...shown, ...moreNote(`pods/${jobUid}/${phase}`, pods.length - shown.length)];
    }
    case 'gone': {
      const { jobUid } = row;
      const run = runs.find(jobUid);
      const gone = run ? gonePods(app.logs.kept.of(jobUid), run) : [];
      const shown = gone.slice(0, CHILDREN_AT_MOST).map(({ podUid: uid }): Row => ({ kind: 'pod', uid, jobUid }));
      return [...shown, ...moreNote(`gone/${jobUid}`, gone.length - shown.length)];
    }
    default:
      return [];
  }
}

function jobRows(app: App, runs: readonly Run[], id: string): Row[] {
  const found = app.jobFilter.apply(runs);
  const shown = found.slice(0, CHILDREN_AT_MOST).map(({ job }): Row => ({ kind: 'job', uid: job.uid }));
  const more = moreNote(id, found.length - shown.length).map(note => ({
    ...note,
    description: vscode.l10n.t('filter to see them'),
    command: { title: vscode.l10n.t('Filter Jobs'), command: COMMANDS.filterJobs },
  }));
  return [...shown, ...more];
}

function below(app: App, run: Run | undefined): Row[] {
  if (!run) return [];
  const jobUid = run.job.uid;
  const phases = PHASES.filter(phase => run.pods.some(pod => pod.phase === phase));
  return [
    ...run.findings.map((_finding, index): Row => ({ kind: 'finding', index, jobUid })),
    ...phases.map((phase): Row => ({ kind: 'pods', phase, jobUid })),
    ...(gonePods(app.logs.kept.of(jobUid), run).length > 0 ? [{ kind: 'gone', jobUid } satisfies Row] : []),
  ];
}

function item(app: App, row: Row): vscode.TreeItem {
  const { runs, cluster } = app.model;
  if (row.kind === 'note') return noteItem(row);
  if (row.kind === 'namespace') {
    const [main] = runs.namespaces;
    const found = runs.namespaces.find(({ namespace }) => namespace === row.namespace);
    const count = runs.rows.filter(({ job }) => job.namespace === row.namespace).length;
    return namespaceItem(row.namespace, found?.state, count, found === main);
  }
  const run = runs.find(row.kind === 'job' ? row.uid : row.jobUid);
  // Between two drawings the Job may have gone.
  if (!run) return new vscode.TreeItem('');
  switch (row.kind) {
    case 'job':
      return jobItem(run, cluster.state.kind === 'away');
    case 'pods':
      return podsItem(run, row.phase);
    case 'gone':
      return goneItem(run, gonePods(app.logs.kept.of(row.jobUid), run).length);
    case 'finding': {
      const finding = run.findings[row.index];
      return finding ? findingRowItem(run, finding) : new vscode.TreeItem('');
    }
    case 'pod': {
      const pod = run.pods.find(pod => pod.uid === row.uid);
      if (pod) return podItem(pod, run);
      const gone = gonePods(app.logs.kept.of(row.jobUid), run).find(({ podUid }) => podUid === row.uid);
      return gone ? gonePodItem(gone) : new vscode.TreeItem('');
    }
  }
}
