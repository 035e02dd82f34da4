import { Emitter } from '../model/emitter.ts';
import { ItemReports } from '../model/itemReports.ts';
import { KeptLogs } from '../model/keptLogs.ts';
import { LogKeeper } from '../model/logKeeper.ts';
import type { Model } from '../model/model.ts';
import { type LogFilter, SHOW_ALL } from './logFilter.ts';

/** What the logs' documents and commands share: the logs on the disk, and which lines of a document are shown. */
export class Logs {
  readonly kept: KeptLogs;
  readonly items = new ItemReports();
  /** Fires with the address of the document whose filter has changed. */
  readonly onDidFilter = new Emitter<string>();
  readonly #keeper: LogKeeper;
  readonly #filters = new Map<string, LogFilter>();

  constructor(model: Model, storageDir: string) {
    this.kept = new KeptLogs(storageDir);
    this.#keeper = new LogKeeper(model.runs, model.cluster, this.kept);
  }

  /** @param document its address as text */
  filterOf(document: string): LogFilter {
    return this.#filters.get(document) ?? SHOW_ALL;
  }

  filter(document: string, filter: LogFilter): void {
    this.#filters.set(document, filter);
    this.onDidFilter.fire(document);
  }

  /** The document is closed. */
  forget(document: string): void {
    this.#filters.delete(document);
  }

  dispose(): void {
    this.#keeper.dispose();
  }
}
