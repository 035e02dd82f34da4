import type * as vscode from 'vscode';
import type { Command } from '../../app.ts';
import { afterPush } from './afterPush.ts';
import { imageFor } from './image.ts';
import { runImage } from './imageRun.ts';
import { chooseWorker } from './workerFolder.ts';

/** Push Worker Image: pushes what was built. */
export const pushImage: Command<[uri?: vscode.Uri]> = async (app, uri) => {
  const worker = await chooseWorker(uri);
  const image = await imageFor(app, worker);
  await afterPush(app, image, worker, await runImage(app, 'push', image, worker));
};
