/** What a watch can keep: every Kubernetes object. */
export interface Watched {
  metadata?: { uid?: string; resourceVersion?: string; managedFields?: unknown };
}

const COALESCE_MS = 100;

/** The items of a watch by uid; tells of changes at most once in 100 ms, never after the signal aborted. */
export class ItemStore<T extends Watched> {
  #items = new Map<string, T>();
  readonly #tell: (items: ReadonlyMap<string, T>) => void;
  #timer: NodeJS.Timeout | undefined;
  #told = false;

  constructor(tell: (items: ReadonlyMap<string, T>) => void, signal: AbortSignal) {
    this.#tell = tell;
    signal.addEventListener('abort', () => clearTimeout(this.#timer), { once: true });
  }

  /** A new list: what it does not name is gone. */
  replace(items: readonly T[]): void {
    this.#items = new Map(items.map(item => [uidOf(item), slim(item)]));
    if (this.#told) this.#changed();
    else this.#tellNow();
  }

  set(item: T): void {
    this.#items.set(uidOf(item), slim(item));
    this.#changed();
  }

  remove(item: T): void {
    if (this.#items.delete(uidOf(item))) this.#changed();
  }

  #changed(): void {
    this.#timer ??= setTimeout(() => this.#tellNow(), COALESCE_MS);
  }

  #tellNow(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#told = true;
    // A copy: the receiver may keep it and compare it with the next one.
    this.#tell(new Map(this.#items));
  }
}

function uidOf(item: Watched): string {
  return item.metadata?.uid ?? '';
}

/** Who changed which field is often half of an object and never looked at. */
function slim<T extends Watched>(item: T): T {
  if (item.metadata) delete item.metadata.managedFields;
  return item;
}
