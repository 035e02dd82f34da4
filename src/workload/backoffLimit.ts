/** Kubernetes' own number, for the whole Job. */
export const DEFAULT_BACKOFF_LIMIT = 6;

/** A run is large when its Pods are so many that failures of a few are to be expected. */
const LARGE = 100;

/** How many failed Pods a run should bear: one in ten, and never fewer than Kubernetes gives to each Job. */
export function fittingBackoffLimit(completions: number): number {
  return Math.max(DEFAULT_BACKOFF_LIMIT, Math.ceil(completions / 10));
}

/** Would a large run end before one Pod in twenty has failed? */
export function isBackoffLimitLow(limit: number, completions: number): boolean {
  return completions >= LARGE && limit * 20 < completions;
}
