import type * as vscode from 'vscode';
import type { App, Command } from '../../app.ts';
import { currentLocalCluster } from '../../nodePlatform.ts';
import { afterLoad } from './afterLoad.ts';
import { afterPush } from './afterPush.ts';
import { imageFor } from './image.ts';
import { isForLoading } from './imageName.ts';
import { runImage } from './imageRun.ts';
import { chooseWorker, type WorkerFolder } from './workerFolder.ts';

/**
 * Build and Push: the two in a row; nothing is pushed when the build fails. In a cluster of kind, minikube or k3d an
 * image whose name no registry takes is loaded instead.
 */
export const buildAndPush: Command<[uri?: vscode.Uri]> = async (app, uri) => {
  const worker = await chooseWorker(uri);
  const local = await currentLocalCluster(app);
  const image = await imageFor(app, worker, local);
  if (local && isForLoading(image)) return await buildThenLoad(app, image, worker);
  await afterPush(app, image, worker, await runImage(app, 'build-and-push', image, worker));
};

/** Build and Load: into the cluster of kind, minikube or k3d that is in use, without any registry. */
export const buildAndLoad: Command<[uri?: vscode.Uri]> = async (app, uri) => {
  const worker = await chooseWorker(uri);
  const image = await imageFor(app, worker, await currentLocalCluster(app));
  await buildThenLoad(app, image, worker);
};

async function buildThenLoad(app: App, image: string, worker: WorkerFolder): Promise<void> {
  await afterLoad(image, worker, await runImage(app, 'build-and-load', image, worker));
}
