import * as vscode from 'vscode';
import { checkImage, parseImage } from '../workload/image.ts';
import { alwaysPulls, type ImageVerdict, judgeImage } from '../workload/imageVerdict.ts';
import type { App } from './app.ts';
import { imageLabels } from './imageLabels.ts';
import { findImageTool } from './imageTool.ts';
import { knownNodes } from './nodePlatform.ts';
import { list } from './text.ts';

/** The registry is asked for about this long, and the nodes and the local tool beside it. */
const LOOK_MS = 4000;

/**
 * One line to show before a run when its image will keep Pods from starting: it is not in its registry, or not for the
 * nodes' architecture. undefined when nothing is known to be wrong: also for a registry that tells strangers nothing,
 * nodes that the user may not see, no network. Takes a few seconds at most.
 * @throws the signal's reason when it aborts; nothing else
 */
export async function imageWarning(
  app: App,
  o: { image: string; pullPolicy: string | undefined },
  signal: AbortSignal,
): Promise<string | undefined> {
  const { image } = o;
  if (checkImage(image) !== undefined) return undefined;
  const inTime = AbortSignal.any([signal, AbortSignal.timeout(LOOK_MS)]);
  try {
    const { lookInRegistry } = await app.model.cluster.api();
    const [registry, nodes] = await Promise.all([lookInRegistry({ image, signal: inTime }), knownNodes(app, inTime)]);
    const verdict = judgeImage({ image, alwaysPulls: alwaysPulls(image, o.pullPolicy), registry, nodes });
    const warning = verdict && (await words(app, image, verdict, inTime));
    signal.throwIfAborted();
    return warning;
  } catch {
    signal.throwIfAborted();
    return undefined;
  }
}

async function words(app: App, image: string, verdict: ImageVerdict, signal: AbortSignal): Promise<string> {
  const registry = parseImage(image).registry ?? 'docker.io';
  switch (verdict.code) {
    case 'missing':
      return (await isHere(app, image, signal))
        ? vscode.l10n.t('⚠ The image is built on this computer, but {0} does not have it: push it first.', registry)
        : vscode.l10n.t('⚠ {0} does not have this image: build and push it first, or Pods cannot start.', registry);
    case 'only-on-nodes':
      return vscode.l10n.t(
        '⚠ The image is loaded on the nodes, but Pods ask {0} for it first, which does not have it: set imagePullPolicy to IfNotPresent.',
        registry,
      );
    case 'wrong-architecture':
      return verdict.affected === verdict.of
        ? vscode.l10n.t(
            '⚠ The image is for {0}, and the nodes are {1}: it cannot start there. Build and Push builds it for them.',
            list(verdict.image),
            list(verdict.nodes),
          )
        : vscode.l10n.t(
            '⚠ The image is for {0}, and {1} of {2} nodes are {3}: Pods that come there cannot start.',
            list(verdict.image),
            verdict.affected,
            verdict.of,
            list(verdict.nodes),
          );
  }
}

async function isHere(app: App, image: string, signal: AbortSignal): Promise<boolean> {
  try {
    return (await imageLabels(image, await findImageTool(app.settings), signal)) !== undefined;
  } catch {
    return false;
  }
}
