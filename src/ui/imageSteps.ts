import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildCommand, type ImageTool, loadCommands, pushCommand } from '../workload/imageCommands.ts';
import type { LocalCluster } from '../workload/localCluster.ts';

export const IMAGE_ACTIONS = ['build', 'push', 'load', 'build-and-push', 'build-and-load'] as const;
export type ImageAction = (typeof IMAGE_ACTIONS)[number];

/** One program of the chain. */
export interface ImageStep {
  kind: 'build' | 'push' | 'load';
  argv: string[];
  /** A file that it writes or reads, and that goes with the chain's end. */
  archive?: string;
}

/** @returns the programs of an action, one after the other; loading needs the cluster. Throws RangeError as imageCommands does. */
export function imageSteps(o: {
  action: ImageAction;
  tool: ImageTool;
  image: string;
  context: string;
  dockerfile?: string | undefined;
  platform?: string | undefined;
  cluster?: LocalCluster | undefined;
}): ImageStep[] {
  const { action, tool, image, cluster } = o;
  const steps: ImageStep[] = [];
  if (action.startsWith('build')) steps.push({ kind: 'build', argv: buildCommand(o) });
  if (action.endsWith('push')) steps.push({ kind: 'push', argv: pushCommand(image, tool) });
  if (action.endsWith('load') && cluster) {
    const archive = join(tmpdir(), `image-${randomBytes(8).toString('hex')}.tar`);
    for (const argv of loadCommands({ tool, image, cluster, archive })) steps.push({ kind: 'load', argv, archive });
  }
  return steps;
}
