import * as vscode from 'vscode';
import type { Ending } from '../../model/emitter.ts';
import type { LinkState } from '../../model/link.ts';
import type { Queues } from '../../model/queues.ts';
import { type Claim, completionsFor } from '../../workload/completions.ts';
import type { QueueLook } from '../../workload/ledger.ts';
import type { App } from '../app.ts';
import { type Manifests, reading } from './manifests.ts';

/** What is known now for a run on a queue. */
export interface Outlook {
  broker: LinkState;
  /** undefined: not known (yet). */
  queue: QueueLook | undefined;
  /** What the active Jobs on the queue still take. */
  claims: (Claim & { name: string })[];
  /** What a run would need now; undefined: not known. */
  needed: ReturnType<typeof completionsFor> | undefined;
}

/** How long (ms) changes are gathered before the editor shows them. */
const GATHER = 250;

/** What the queues of the visible manifests hold, kept fresh only while a manifest is visible. */
export class Outlooks implements vscode.Disposable {
  readonly #app: App;
  readonly #manifests: Manifests;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.#changed.event;
  readonly #endings: Ending[];
  #looks: Ending[] = [];
  #gathering: NodeJS.Timeout | undefined;

  constructor(app: App, manifests: Manifests) {
    this.#app = app;
    this.#manifests = manifests;
    const { queues, runs, broker } = app.model;
    this.#endings = [
      this.#changed,
      queues.onDidChange.on(() => this.#gather()),
      runs.onDidChange.on(() => this.#gather()),
      broker.onDidChange.on(() => this.#gather()),
      vscode.window.onDidChangeVisibleTextEditors(() => this.#onVisible()),
      manifests.onDidChange(() => this.#onVisible()),
    ];
    this.#onVisible();
  }

  /** @returns what is known now for a run on the queue */
  of(queue: string): Outlook {
    const { model } = this.#app;
    const look = lookAt(model.queues, queue);
    const claims = model.runs.claims(queue);
    const live = model.broker.state.kind === 'live';
    return {
      broker: model.broker.state,
      queue: live ? look : undefined,
      claims,
      needed:
        live && look?.exists && look.ready !== undefined
          ? completionsFor({ ready: look.ready, claims, unacked: look.unacked })
          : undefined,
    };
  }

  dispose(): void {
    clearTimeout(this.#gathering);
    for (const ending of [...this.#looks, ...this.#endings]) ending.dispose();
  }

  #onVisible(): void {
    const { queues, runs, broker } = this.#app.model;
    if (this.#manifests.visible.length === 0) {
      for (const look of this.#looks) look.dispose();
      this.#looks = [];
      return;
    }
    if (this.#looks.length === 0) this.#looks = [queues.look(() => this.#names), runs.look()];
    const unknown = this.#names.some(name => !lookAt(queues, name));
    if (unknown && broker.state.kind === 'live') void queues.refresh();
    this.#gather();
  }

  get #names(): string[] {
    return this.#manifests.visible
      .flatMap(document => reading(document)?.jobs ?? [])
      .flatMap(job => job.queue?.value ?? []);
  }

  #gather(): void {
    this.#gathering ??= setTimeout(() => {
      this.#gathering = undefined;
      this.#changed.fire();
    }, GATHER);
  }
}

function lookAt(queues: Queues, name: string): QueueLook | undefined {
  const known = queues.find(name);
  if (known) return { exists: true, ready: known.ready, unacked: known.unacked, consumers: known.consumers };
  if (!queues.isMissing(name)) return undefined;
  return { exists: false, ready: undefined, unacked: undefined, consumers: undefined };
}
