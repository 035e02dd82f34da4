import * as vscode from 'vscode';
import type { Ending } from '../../model/emitter.ts';
import type { Model } from '../../model/model.ts';
import { RunSampler } from '../../model/runSampler.ts';
import { PAGES } from '../ids.ts';
import { DashboardPanel } from './dashboardPanel.ts';
import { readKept } from './fromPage.ts';
import type { Subject } from './protocol.ts';

/** Runs that are sampled besides those whose pages are open. */
const SAMPLED_AT_MOST = 20;

/** The open pages of runs, and the samples of those that are active, so that a page opened later has their past. */
export class DashboardPages implements Ending {
  readonly #model: Model;
  readonly #extensionUri: vscode.Uri;
  readonly #panels = new Map<string, DashboardPanel>();
  readonly #samplers = new Map<string, RunSampler>();
  readonly #listener: Ending;

  constructor(model: Model, extensionUri: vscode.Uri) {
    this.#model = model;
    this.#extensionUri = extensionUri;
    this.#listener = model.runs.onDidChange.on(() => this.#sampleActive());
    this.#sampleActive();
  }

  open(subject: Subject): void {
    const open = this.#panels.get(subject.uid);
    if (open) {
      open.reveal();
      return;
    }
    const panel = vscode.window.createWebviewPanel(PAGES.dashboard, subject.name, vscode.ViewColumn.Beside);
    this.#show(panel, subject, this.#samplerOf(subject.uid));
  }

  /** Goes on with the page of a window that was closed. @param state what the page left with the editor */
  restore(panel: vscode.WebviewPanel, state: unknown): void {
    const kept = readKept(state);
    if (!kept) {
      panel.dispose();
      return;
    }
    const sampler = this.#samplerOf(kept.subject.uid);
    sampler.restore(kept.samples);
    this.#show(panel, kept.subject, sampler);
  }

  dispose(): void {
    this.#listener.dispose();
    for (const sampler of this.#samplers.values()) sampler.dispose();
  }

  #show(panel: vscode.WebviewPanel, subject: Subject, sampler: RunSampler): void {
    const dashboard = new DashboardPanel(panel, this.#model, this.#extensionUri, subject, sampler);
    this.#panels.set(subject.uid, dashboard);
    panel.onDidDispose(() => this.#panels.delete(subject.uid));
  }

  #samplerOf(uid: string): RunSampler {
    const known = this.#samplers.get(uid);
    if (known) return known;
    const made = new RunSampler(this.#model.runs, uid);
    this.#samplers.set(uid, made);
    return made;
  }

  #sampleActive(): void {
    const { runs } = this.#model;
    for (const { job } of runs.rows) {
      if (this.#samplers.size >= SAMPLED_AT_MOST) break;
      if (job.state === 'running' && job.queue !== undefined) this.#samplerOf(job.uid);
    }
    if (this.#samplers.size < SAMPLED_AT_MOST) return;
    for (const [uid, sampler] of this.#samplers) {
      if (this.#panels.has(uid) || runs.find(uid)?.job.state === 'running') continue;
      sampler.dispose();
      this.#samplers.delete(uid);
    }
  }
}
