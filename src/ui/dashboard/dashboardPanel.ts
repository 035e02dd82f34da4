import * as vscode from 'vscode';
import type { Ending } from '../../model/emitter.ts';
import type { Model } from '../../model/model.ts';
import type { RunSampler } from '../../model/runSampler.ts';
import { remediesOf } from '../../workload/remediesOf.ts';
import { startUp } from '../../workload/startup.ts';
import { explain } from '../explain.ts';
import { label } from '../label.ts';
import { remedyAction } from '../remedies.ts';
import { clock } from '../text.ts';
import { webviewPage } from '../webviewPage.ts';
import { dashboardTexts, eventsCard, findingCards, headWords, startUpCard } from './dashboardWords.ts';
import { readMessage } from './fromPage.ts';
import type { EventsCard, FromPage, Head, Subject, ToPage } from './protocol.ts';
import { RunEvents } from './runEvents.ts';
import { savePage, savePicture } from './save.ts';

/** How often (ms) the page is told what has changed, at most; durations go on by themselves. */
const EVERY = 1000;

/** One run's page. It listens while it can be seen, and sends what has changed. */
export class DashboardPanel implements Ending {
  readonly #panel: vscode.WebviewPanel;
  readonly #model: Model;
  readonly #dist: vscode.Uri;
  readonly #subject: Subject;
  readonly #sampler: RunSampler;
  readonly #events: RunEvents;
  #eventsCard: EventsCard = { rows: [], note: '' };
  #head: Head = { words: '', status: '', end: undefined };
  #queue: string | undefined;
  #look: Ending | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** Its page lives only while it can be seen, and says so when it has been loaded. */
  #loaded = false;
  /** What the page has, part by part. */
  #sent = new Map<string, string>();

  constructor(
    panel: vscode.WebviewPanel,
    model: Model,
    extensionUri: vscode.Uri,
    subject: Subject,
    sampler: RunSampler,
  ) {
    this.#panel = panel;
    this.#model = model;
    this.#dist = vscode.Uri.joinPath(extensionUri, 'dist');
    this.#subject = subject;
    this.#sampler = sampler;
    this.#events = new RunEvents(
      model,
      () => model.runs.find(subject.uid),
      events => {
        this.#eventsCard = events instanceof Error ? { rows: [], note: explain(events).text } : eventsCard(events);
        this.#sendChanges();
      },
    );
    const sampled = sampler.onDidSample.on(samples => this.#send({ samples }));
    panel.title = vscode.l10n.t('Dashboard of {0}', label(subject.name, 60));
    panel.iconPath = new vscode.ThemeIcon('dashboard');
    panel.webview.options = { enableScripts: true, localResourceRoots: [this.#dist] };
    panel.webview.onDidReceiveMessage((message: unknown) => void this.#onMessage(readMessage(message)));
    panel.onDidChangeViewState(() => this.#onVisible());
    panel.onDidDispose(() => {
      sampled.dispose();
      this.dispose();
    });
    panel.webview.html = webviewPage(panel.webview, this.#dist, 'dashboard');
    this.#onVisible();
  }

  reveal(): void {
    this.#panel.reveal();
  }

  dispose(): void {
    this.#events.dispose();
    this.#sleep();
  }

  #onVisible(): void {
    if (!this.#panel.visible) {
      this.#loaded = false;
      this.#sleep();
    } else if (!this.#look) {
      const { runs, queues, cluster } = this.#model;
      const endings = [
        runs.look(),
        queues.look(() => [runs.find(this.#subject.uid)?.job.queue ?? []].flat()),
        runs.onDidChange.on(() => this.#events.look()),
        cluster.onDidChange.on(() => this.#sendChanges()),
      ];
      this.#look = {
        dispose: () => {
          for (const ending of endings) ending.dispose();
        },
      };
      this.#timer = setInterval(() => this.#sendChanges(), EVERY);
      this.#events.look();
    }
  }

  #sleep(): void {
    this.#look?.dispose();
    this.#look = undefined;
    clearInterval(this.#timer);
  }

  #send(message: Omit<ToPage, 'now'>): void {
    if (this.#loaded) void this.#panel.webview.postMessage({ ...message, now: Date.now() } satisfies ToPage);
  }

  #sendChanges(): void {
    if (!this.#loaded) return;
    const changes: Omit<ToPage, 'now'> = {};
    for (const [name, part] of Object.entries(this.#parts())) {
      const text = JSON.stringify(part);
      if (this.#sent.get(name) === text) continue;
      this.#sent.set(name, text);
      Object.assign(changes, { [name]: part });
    }
    if (Object.keys(changes).length > 0) this.#send(changes);
  }

  #parts(): Omit<ToPage, 'now'> {
    const { runs, cluster } = this.#model;
    const run = runs.find(this.#subject.uid);
    if (!run) {
      const status =
        cluster.state.kind === 'live'
          ? vscode.l10n.t('That Job is not there any more.')
          : vscode.l10n.t('Connecting to the cluster…');
      return { head: { ...this.#head, status } };
    }
    const { state } = cluster;
    const status =
      state.kind === 'away' ? vscode.l10n.t('Cluster away since {0}, trying again', clock(state.since)) : '';
    this.#head = { words: headWords(run), status, end: run.job.finished };
    this.#queue = run.job.queue;
    const room = this.#sampler.room(run);
    return {
      texts: dashboardTexts(this.#subject, this.#queue),
      head: this.#head,
      findings: findingCards(run),
      startUp: startUpCard(startUp(this.#sampler.podTimes, room), room),
      events: this.#eventsCard,
    };
  }

  /** Everything, for a page that begins anew. */
  #everything(): Omit<ToPage, 'now'> {
    return {
      texts: dashboardTexts(this.#subject, this.#queue),
      subject: this.#subject,
      samples: this.#sampler.samples,
      ...this.#parts(),
    };
  }

  async #onMessage(message: FromPage | undefined): Promise<void> {
    switch (message?.kind) {
      case 'ready': {
        this.#loaded = true;
        const everything = this.#everything();
        this.#sent = new Map(Object.entries(everything).map(([name, part]) => [name, JSON.stringify(part)]));
        return this.#send(everything);
      }
      case 'remedy': {
        const run = this.#model.runs.find(this.#subject.uid);
        const finding = run?.findings.find(({ code }) => code === message.code);
        const remedy = finding && remediesOf(finding).find(({ action }) => action === message.action);
        const action = remedy && remedyAction(remedy, { job: run?.job.uid, queue: run?.job.queue });
        if (action) await vscode.commands.executeCommand(action.command, ...(action.args ?? []));
        return;
      }
      case 'picture':
        return savePicture(this.#subject.name, message.png);
      case 'page':
        return savePage(this.#subject.name, this.#dist, message, { ...this.#everything(), now: Date.now() });
    }
  }
}
