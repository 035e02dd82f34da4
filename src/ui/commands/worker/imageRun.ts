import * as vscode from 'vscode';
import type { App } from '../../app.ts';
import { withProgress } from '../../command.ts';
import type { ImageMade } from '../../imageChain.ts';
import type { ImageAction, ImageStep } from '../../imageSteps.ts';
import { imageDefinition, imageTask, runTask } from '../../tasks.ts';
import type { WorkerFolder } from './workerFolder.ts';

/**
 * Builds, pushes or loads a worker's image in one terminal, under one progress, and waits for the end.
 * @throws UserError when a program fails; CancellationError when the person ends it
 */
export async function runImage(app: App, action: ImageAction, image: string, worker: WorkerFolder): Promise<ImageMade> {
  return await withProgress(titleOf(action, image), async (signal, report) => {
    let chain: Promise<ImageMade> | undefined;
    const task = imageTask(app, worker.workspace, imageDefinition(action, image, worker), {
      onStep: step => report(words(step)),
      onStart: started => {
        chain = started;
      },
    });
    await runTask(task, signal);
    // Without a chain the terminal was closed before it began; closed later, the chain says that it was aborted.
    if (!chain) throw new vscode.CancellationError();
    return await chain;
  });
}

function titleOf(action: ImageAction, image: string): string {
  switch (action) {
    case 'build':
      return vscode.l10n.t('Building {0}', image);
    case 'push':
      return vscode.l10n.t('Pushing {0}', image);
    case 'load':
      return vscode.l10n.t('Loading {0} into the Cluster', image);
    case 'build-and-push':
      return vscode.l10n.t('Building and Pushing {0}', image);
    case 'build-and-load':
      return vscode.l10n.t('Building {0} and Loading It into the Cluster', image);
  }
}

function words({ kind, argv }: ImageStep): string {
  switch (kind) {
    case 'build':
      return vscode.l10n.t('building');
    case 'push':
      return vscode.l10n.t('pushing');
    case 'load':
      return vscode.l10n.t('loading, with {0}', argv[0] ?? '');
  }
}
