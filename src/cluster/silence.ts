const LOOK_MS = 5_000;

/** Looks whether a connection still says something. */
export interface SilenceWatch {
  /** A byte has come. */
  heard(): void;
  stop(): void;
}

/**
 * Calls when nothing was heard for so long, or when the computer has slept: by the clock on the wall, as timers stand
 * still meanwhile, and after a sleep hardly any connection lives, though nobody says so.
 * @param silenceMs the longest silence
 * @param onDead called once, with what was noticed
 */
export function watchSilence(silenceMs: number, onDead: (why: 'silent' | 'slept') => void): SilenceWatch {
  const lookMs = Math.min(LOOK_MS, silenceMs);
  let heardAt = Date.now();
  let lookedAt = heardAt;
  const timer = setInterval(() => {
    const now = Date.now();
    const late = now - lookedAt - lookMs;
    lookedAt = now;
    if (late < LOOK_MS && now - heardAt < silenceMs) return;
    clearInterval(timer);
    onDead(late < LOOK_MS ? 'silent' : 'slept');
  }, lookMs);
  return {
    heard() {
      heardAt = Date.now();
    },
    stop: () => clearInterval(timer),
  };
}
