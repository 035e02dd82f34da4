/** Lets one loop sleep until something has changed; what changes while it is awake is not lost. */
export class Wake {
  #changed = false;
  #resolve: (() => void) | undefined;

  notify(): void {
    this.#changed = true;
    this.#resolve?.();
  }

  /** Returns when notify() has been called since the last wait, or after `timeoutMs` when that is given. */
  async wait(timeoutMs: number | undefined): Promise<void> {
    if (!this.#changed) {
      let timer: NodeJS.Timeout | undefined;
      await new Promise<void>(resolve => {
        this.#resolve = resolve;
        if (timeoutMs !== undefined) timer = setTimeout(resolve, timeoutMs);
      });
      clearTimeout(timer);
      this.#resolve = undefined;
    }
    this.#changed = false;
  }
}
