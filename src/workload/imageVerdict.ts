import { fullName } from './image.ts';
import type { NodeLook } from './platform.ts';

/** What a registry answers about an image. `unknown`: it does not say, or it could not be asked. */
export type RegistryLook =
  | { kind: 'found'; digest: string | undefined; platforms: string[] | undefined }
  | { kind: 'missing' }
  | { kind: 'unknown' };

/** What will keep Pods from running an image. */
export type ImageVerdict =
  | { code: 'missing' }
  /** It is on the nodes, but each Pod asks the registry for it first, in vain. */
  | { code: 'only-on-nodes' }
  /** Nodes that cannot run it, of those that Pods may come to. */
  | { code: 'wrong-architecture'; image: string[]; nodes: string[]; affected: number; of: number };

/**
 * Judges before a run; undefined when nothing is known to be wrong.
 * @param o.alwaysPulls the container's imagePullPolicy is Always, written or by default
 * @param o.nodes those that Pods may come to; empty when unknown
 */
export function judgeImage(o: {
  image: string;
  alwaysPulls: boolean;
  registry: RegistryLook;
  nodes: readonly NodeLook[];
}): ImageVerdict | undefined {
  const { registry, nodes } = o;
  if (registry.kind === 'unknown') return undefined;
  if (registry.kind === 'missing') {
    const name = fullName(o.image);
    const onNodes = nodes.length > 0 && nodes.every(node => node.images.includes(name));
    if (!onNodes) return { code: 'missing' };
    return o.alwaysPulls ? { code: 'only-on-nodes' } : undefined;
  }
  const { platforms } = registry;
  if (platforms === undefined || platforms.length === 0) return undefined;
  const unable = nodes.filter(node => !platforms.includes(`${node.os}/${node.architecture}`));
  if (unable.length === 0) return undefined;
  const needed = [...new Set(unable.map(node => `${node.os}/${node.architecture}`))];
  return {
    code: 'wrong-architecture',
    image: platforms,
    nodes: needed,
    affected: unable.length,
    of: nodes.length,
  };
}

/** Does each Pod ask the registry? Kubernetes' rule: Always unless told otherwise for :latest and no tag, else not. */
export function alwaysPulls(image: string, policy: string | undefined): boolean {
  if (policy !== undefined) return policy === 'Always';
  return fullName(image).endsWith(':latest');
}
