/** A Job's name becomes a label of its Pods, so it is a DNS label at most (Kubernetes: 63 characters). */
const NAME_AT_MOST = 63;

/** @returns a name that is not taken: the name itself, or `name-2`, `name-3`, … shortened where it would be too long */
export function freeName(name: string, taken: ReadonlySet<string>): string {
  if (!taken.has(name)) return name;
  for (let n = 2; ; n++) {
    const candidate = nameWithEnd(name, `-${n}`);
    if (!taken.has(candidate)) return candidate;
  }
}

/** @returns the name with an ending, shortened where both would be too long */
export const nameWithEnd = (name: string, end: string): string =>
  name.slice(0, NAME_AT_MOST - end.length).replace(/[-.]+$/, '') + end;
