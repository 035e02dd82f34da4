import * as vscode from 'vscode';
import type { Model } from '../../model/model.ts';
import { PAGES } from '../ids.ts';
import type { DashboardPages } from './dashboardPages.ts';
import type { Subject } from './protocol.ts';

/** The pages of runs; what draws and samples them is loaded when a run is active or a page is opened. */
export class Dashboards implements vscode.Disposable {
  readonly #load: () => Promise<DashboardPages>;
  readonly #endings: { dispose(): void }[];
  #pages: Promise<DashboardPages> | undefined;

  constructor(model: Model, extensionUri: vscode.Uri) {
    this.#load = async () => {
      const part = await import('./dashboardPages.ts');
      return new part.DashboardPages(model, extensionUri);
    };
    const { runs } = model;
    this.#endings = [
      vscode.window.registerWebviewPanelSerializer(PAGES.dashboard, {
        deserializeWebviewPanel: async (panel, state) => (await this.#all()).restore(panel, state),
      }),
      runs.onDidChange.on(() => {
        if (runs.rows.some(({ job }) => job.state === 'running' && job.queue !== undefined)) void this.#all();
      }),
    ];
  }

  /** Opens the page of a run beside, or brings it to the front. */
  async open(subject: Subject): Promise<void> {
    (await this.#all()).open(subject);
  }

  dispose(): void {
    for (const ending of this.#endings) ending.dispose();
    void this.#pages?.then(pages => pages.dispose());
  }

  #all(): Promise<DashboardPages> {
    this.#pages ??= this.#load();
    return this.#pages;
  }
}
