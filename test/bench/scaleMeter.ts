import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Scale } from './scale.ts';

/** Measures a program from now: call `first` and `all` when rows are there, and print what `end` returns. */
export function scaleMeter(): { first: () => void; all: () => void; end: () => Scale } {
  globalThis.gc?.();
  const before = process.memoryUsage().heapUsed;
  const pauses = monitorEventLoopDelay({ resolution: 1 });
  pauses.enable();
  const began = performance.now();
  let firstMs = 0;
  let syncMs = 0;
  return {
    first: () => {
      firstMs ||= performance.now() - began;
    },
    all: () => {
      syncMs ||= performance.now() - began;
    },
    end: () => {
      pauses.disable();
      globalThis.gc?.();
      const heapMB = (process.memoryUsage().heapUsed - before) / 2 ** 20;
      return { firstMs, syncMs, pauseMs: pauses.max / 1e6, heapMB };
    },
  };
}
