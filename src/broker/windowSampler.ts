import type { MessageWindow } from './window.ts';

/** A broker that answers seldom is judged by what it has answered by then. */
const LONGEST_MS = 3_000;

/** Measures the confirms between two moments, for the window to learn from, while nothing but the window holds back. */
export class WindowSampler {
  readonly #window: MessageWindow;
  #confirmed = 0;
  #held = false;
  #startedAt = 0;

  constructor(window: MessageWindow) {
    this.#window = window;
  }

  /** The window has held messages back. */
  held(): void {
    this.#held = true;
  }

  answered(count: number): void {
    this.#confirmed += count;
  }

  /** Something else has held messages back: what was measured tells nothing about the window. */
  restart(): void {
    this.#confirmed = 0;
    this.#held = false;
    this.#startedAt = performance.now();
  }

  /** Hands a complete sample to the window. */
  sample(): void {
    if (!this.#held || this.#confirmed === 0) return;
    const ms = performance.now() - this.#startedAt;
    if (this.#confirmed < this.#window.sampleOf && ms < LONGEST_MS) return;
    this.#window.note({ confirmed: this.#confirmed, ms });
    this.restart();
  }
}
