import type * as vscode from 'vscode';
import type { Command } from '../../app.ts';
import { runDocker } from './docker.ts';
import { imageFor } from './image.ts';
import { offerRun } from './nextStep.ts';
import { chooseWorker } from './workerFolder.ts';

/** Push Worker Image: `docker push` of what was built. */
export const pushImage: Command<[uri?: vscode.Uri]> = async (app, uri) => {
  const worker = await chooseWorker(uri);
  const image = await imageFor(app, worker);
  await runDocker('push', image, worker);
  void offerRun(image, worker);
};
