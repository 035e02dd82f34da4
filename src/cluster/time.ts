/** A Kubernetes time, RFC 3339 text or Date, as ms since 1970; undefined when absent or no time. */
export function timeOf(time: Date | string | null | undefined): number | undefined {
  if (time === undefined || time === null) return undefined;
  const ms = new Date(time).getTime();
  return Number.isNaN(ms) ? undefined : ms;
}
