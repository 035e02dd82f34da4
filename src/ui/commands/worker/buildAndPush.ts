import type * as vscode from 'vscode';
import type { Command } from '../../app.ts';
import { runDocker } from './docker.ts';
import { imageFor } from './image.ts';
import { offerRun } from './nextStep.ts';
import { chooseWorker } from './workerFolder.ts';

/** Build and Push: the two in a row; nothing is pushed when the build fails. */
export const buildAndPush: Command<[uri?: vscode.Uri]> = async (app, uri) => {
  const worker = await chooseWorker(uri);
  const image = await imageFor(app, worker);
  await runDocker('build', image, worker);
  await runDocker('push', image, worker);
  void offerRun(image, worker);
};
