import { type RunSample, RunSamples } from '../../../model/runSamples.ts';
import { element } from '../../page/element.ts';
import { Timeline } from '../../page/timeline.ts';
import { Words } from '../../page/words.ts';
import type { DashboardTexts, FromPage, Kept, Subject, ToPage } from '../protocol.ts';
import { showEvents, showFindings, showStartUp } from './cards.ts';
import { plotsOf } from './lines.ts';
import { pictureOf } from './picture.ts';
import { themeNow } from './theme.ts';

declare function acquireVsCodeApi(): { postMessage(message: FromPage): void; setState(state: Kept): void };

/** How often (ms) what is known is left with the editor, for the time after its window has been closed. */
const KEEP_EVERY = 10_000;
/** The times (ms) that the charts are wide: all of the run. */
const WIDTH = { shortest: 30_000, longest: Number.POSITIVE_INFINITY };

// A page that was saved has what it shows in itself, and nobody to talk to.
const saved = document.getElementById('saved')?.textContent;
const editor = saved === undefined ? acquireVsCodeApi() : undefined;

/** The page of one run. */
class Dashboard {
  readonly #texts: DashboardTexts;
  readonly #timeline: Timeline<RunSample>;
  readonly #samples = new RunSamples();
  readonly #title = element('h1');
  readonly #place = element('p', 'broker');
  readonly #state = element('p', 'state');
  readonly #status = element('p', 'status');
  readonly #findings = element('div', 'card findings');
  readonly #startUp = element('div', 'card start-up');
  readonly #events = element('div', 'card events');
  #subject: Subject | undefined;
  #end: number | undefined;
  #kept = 0;

  constructor(texts: DashboardTexts) {
    this.#texts = texts;
    document.documentElement.lang = texts.language;
    this.#timeline = new Timeline(new Words(texts), plotsOf(texts), WIDTH);
    const { moment, figures, plots, table } = this.#timeline;
    this.#status.role = 'status';
    this.#findings.ariaLive = 'polite';
    const actions = element('div', 'actions');
    if (editor) actions.append(this.#button(texts.savePicture, () => this.#savePicture()));
    if (editor) actions.append(this.#button(texts.savePage, () => editor.postMessage({ kind: 'page', ...themeNow() })));
    document.body.replaceChildren(
      element(
        'main',
        '',
        element('header', '', this.#title, this.#place, actions),
        element('div', 'standing', this.#state, moment),
        this.#status,
        this.#findings,
        figures.root,
        plots,
        table.root,
        this.#startUp,
        this.#events,
      ),
    );
    this.#timeline.restyle();
  }

  show({ texts, samples, head, findings, startUp, events, now, subject }: ToPage): void {
    if (texts) {
      this.#title.textContent = texts.title;
      this.#place.textContent = texts.place;
    }
    if (head) {
      this.#state.textContent = head.words;
      if (this.#status.textContent !== head.status) this.#status.textContent = head.status;
      this.#end = head.end;
    }
    if (findings) {
      showFindings(this.#findings, this.#texts, findings, editor && (message => editor.postMessage(message)));
    }
    if (startUp) showStartUp(this.#startUp, this.#texts, startUp);
    if (events) showEvents(this.#events, this.#texts, events);
    if (samples) {
      this.#samples.append(samples);
      this.#timeline.table.add(samples);
    }
    if (samples || head) {
      const last = this.#samples.all.at(-1)?.at;
      const ended = this.#end !== undefined && last !== undefined ? Math.max(this.#end, last) : undefined;
      // On a saved page time stands still.
      const end = editor ? ended : (ended ?? now);
      this.#timeline.show(this.#samples.all, now, { end, isOld: end !== undefined });
    }
    if (subject) this.#subject = subject;
    if (samples) this.#keep();
  }

  #keep(): void {
    if (!editor || !this.#subject || performance.now() - this.#kept < KEEP_EVERY) return;
    this.#kept = performance.now();
    editor.setState({ subject: this.#subject, samples: this.#samples.all });
  }

  #savePicture(): void {
    const png = pictureOf({
      title: this.#texts.title,
      lines: [this.#place, this.#state, this.#status].map(part => part.textContent),
      figures: this.#timeline.figures.root,
      plots: this.#timeline.canvases,
      cards: [this.#findings, this.#startUp],
    });
    editor?.postMessage({ kind: 'picture', png });
  }

  #button(label: string, onClick: () => void): HTMLButtonElement {
    const button = element('button', 'secondary', label);
    button.addEventListener('click', onClick);
    return button;
  }
}

let dashboard: Dashboard | undefined;
function show(message: ToPage): void {
  if (message.texts && (message.subject || !dashboard)) dashboard = new Dashboard(message.texts);
  dashboard?.show(message);
}
if (saved === undefined) {
  window.addEventListener('message', ({ data }: MessageEvent<ToPage>) => show(data));
  editor?.postMessage({ kind: 'ready' });
} else show(JSON.parse(saved));
