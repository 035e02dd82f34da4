import { Emitter } from '../model/emitter.ts';
import type { QueueKnown } from '../model/queues.ts';

export type SortKey = 'name' | 'ready' | 'unacked' | 'consumers';

/** Which queues the Queues view shows, and in what order. */
export class QueueOrder {
  readonly onDidChange = new Emitter();
  filter = '';
  sort: SortKey = 'name';

  set(change: { filter?: string; sort?: SortKey }): void {
    this.filter = change.filter ?? this.filter;
    this.sort = change.sort ?? this.sort;
    this.onDidChange.fire();
  }

  /**
   * The queues in this order; those whose figure is unknown stand last.
   * @param queues in the order of their names
   */
  apply(queues: readonly QueueKnown[]): readonly QueueKnown[] {
    const text = this.filter.toLowerCase();
    const { sort } = this;
    const shown = text === '' ? queues : queues.filter(({ name }) => name.toLowerCase().includes(text));
    return sort === 'name' ? shown : shown.toSorted((a, b) => (b[sort] ?? -1) - (a[sort] ?? -1));
  }
}
