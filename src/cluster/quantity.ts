/** The suffixes of a Kubernetes quantity. */
const FACTORS = new Map([
  ['', 1],
  ['m', 1e-3],
  ['k', 1e3],
  ['M', 1e6],
  ['G', 1e9],
  ['T', 1e12],
  ['P', 1e15],
  ['E', 1e18],
  ['Ki', 2 ** 10],
  ['Mi', 2 ** 20],
  ['Gi', 2 ** 30],
  ['Ti', 2 ** 40],
  ['Pi', 2 ** 50],
  ['Ei', 2 ** 60],
]);

/** A Kubernetes quantity (`512M`, `1Gi`, `1e9`) as a number; undefined: not one. */
export function quantity(text: string | undefined): number | undefined {
  const found = /^([+-]?\d*\.?\d+(?:[eE][+-]?\d+)?|[+-]?\d+\.)([A-Za-z]*)$/.exec(text ?? '');
  if (!found) return undefined;
  const factor = FACTORS.get(found[2] ?? '');
  return factor === undefined ? undefined : Number(found[1]) * factor;
}
