import type * as vscode from 'vscode';
import { Emitter } from '../model/emitter.ts';
import type { Run } from '../model/runs.ts';
import type { JobState } from '../workload/ledger.ts';

const NAMESPACES = 'jobNamespaces';

/** Which Jobs the Jobs view shows, and from which namespaces besides the cluster's own; the latter are remembered. */
export class JobFilter {
  readonly onDidChange = new Emitter();
  /** Only Jobs in these states; undefined: all. */
  states: readonly JobState[] | undefined;
  readonly #memory: vscode.Memento;

  constructor(memory: vscode.Memento) {
    this.#memory = memory;
  }

  get namespaces(): string[] {
    return this.#memory.get<string[]>(NAMESPACES, []);
  }

  async setNamespaces(namespaces: string[]): Promise<void> {
    await this.#memory.update(NAMESPACES, namespaces);
    this.onDidChange.fire();
  }

  setStates(states: readonly JobState[] | undefined): void {
    this.states = states;
    this.onDidChange.fire();
  }

  /** Those of the runs that are shown. */
  apply(runs: readonly Run[]): readonly Run[] {
    const { states } = this;
    return states ? runs.filter(({ job }) => states.includes(job.state)) : runs;
  }
}
