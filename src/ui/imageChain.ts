import { rm } from 'node:fs/promises';
import * as vscode from 'vscode';
import type { ImageTool } from '../workload/imageCommands.ts';
import { type LocalCluster, localCluster } from '../workload/localCluster.ts';
import type { App } from './app.ts';
import { type ImageFailure, imageFailure } from './imageFailure.ts';
import { type ImageStep, imageSteps } from './imageSteps.ts';
import { findImageTool } from './imageTool.ts';
import { currentLocalCluster, nodePlatform } from './nodePlatform.ts';
import { isMissing, runProgram } from './programs.ts';
import type { ImageTask } from './tasks.ts';
import { UserError } from './userError.ts';

/** How a chain ended that ended well. */
export interface ImageMade {
  tool: ImageTool;
  /** The cluster that the image was loaded into. */
  cluster: LocalCluster | undefined;
  /** What the last program printed. */
  output: string;
}

/**
 * Builds, pushes, loads: the programs of a task's definition, one after the other, and nothing more when one fails.
 * @param o.write takes a line for the terminal, @param o.onStep is told what begins
 * @throws UserError when a program fails, or is not there; the signal's reason when it aborts
 */
export async function runImageChain(
  app: App,
  o: {
    workspace: vscode.WorkspaceFolder;
    definition: ImageTask;
    write: (line: string) => void;
    onStep: (step: ImageStep) => void;
    signal: AbortSignal;
  },
): Promise<ImageMade> {
  const { definition, signal, write } = o;
  const { action, image, context = '.', dockerfile } = definition;
  const tool = definition.tool ?? (await findImageTool(app.settings));
  const cluster = action.endsWith('load') ? await clusterToLoad(app, definition) : undefined;
  const platform = action.startsWith('build') ? (definition.platform ?? (await nodePlatform(app, signal))) : undefined;
  const steps = imageSteps({ action, tool, image, context, dockerfile, platform, cluster });
  const folder = vscode.Uri.joinPath(o.workspace.uri, context);
  let output = '';
  try {
    for (const step of steps) {
      o.onStep(step);
      write(`> ${step.argv.join(' ')}`);
      output = await runStep(step, { ...o, about: { step, tool, image, platform, cluster, folder } });
    }
  } finally {
    for (const archive of new Set(steps.flatMap(step => step.archive ?? []))) await rm(archive, { force: true });
  }
  return { tool, cluster, output };
}

async function runStep(
  { argv }: ImageStep,
  o: {
    workspace: vscode.WorkspaceFolder;
    write: (line: string) => void;
    signal: AbortSignal;
    about: Omit<ImageFailure, 'ended'>;
  },
): Promise<string> {
  const { signal, write, about } = o;
  try {
    const ended = await runProgram({ argv, cwd: o.workspace.uri.fsPath, write, signal });
    if (ended.exitCode !== 0) throw imageFailure({ ...about, ended });
    return ended.output;
  } catch (error) {
    throw isMissing(error) ? imageFailure({ ...about, ended: 'no-program' }) : error;
  }
}

async function clusterToLoad(app: App, { cluster }: ImageTask): Promise<LocalCluster> {
  // A name in tasks.json is that of a context of this machine.
  const found = cluster
    ? localCluster({ context: cluster, server: 'https://127.0.0.1' })
    : await currentLocalCluster(app);
  if (found) return found;
  throw new UserError(
    vscode.l10n.t(
      'Images are loaded into clusters of kind, minikube and k3d only, and this is none: its context would be called kind-NAME, minikube or k3d-NAME. Push the image instead.',
    ),
    { warning: true },
  );
}
