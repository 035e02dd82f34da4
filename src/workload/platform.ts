/** What matters of a node for an image. */
export interface NodeLook {
  name: string;
  /** As status.nodeInfo says: linux, amd64. */
  os: string;
  architecture: string;
  /** The names of the images that it holds already; a kubelet reports its 50 largest. */
  images: string[];
}

/**
 * The platform to build an image for, so that the nodes can run it; undefined when that is the builder's own, or when
 * the nodes are not known.
 * @param local the builder's architecture as Go calls it: amd64, arm64
 */
export function platformFor(nodes: readonly NodeLook[], local: string): string | undefined {
  const counts = new Map<string, number>();
  for (const { os, architecture } of nodes) {
    const platform = `${os}/${architecture}`;
    counts.set(platform, (counts.get(platform) ?? 0) + 1);
  }
  if (counts.size === 0 || counts.has(`linux/${local}`)) return undefined;
  return [...counts].toSorted(([, a], [, b]) => b - a)[0]?.[0];
}

/** Go's name, which images and nodes use, of an architecture that Node.js names. */
export function goArchitecture(nodeName: string): string {
  return { x64: 'amd64', ia32: '386' }[nodeName] ?? nodeName;
}
