import * as vscode from 'vscode';
import type { Command } from '../../app.ts';
import { COMMANDS } from '../../ids.ts';
import { runDocker } from './docker.ts';
import { imageFor } from './image.ts';
import { offerNextStep } from './nextStep.ts';
import { chooseWorker } from './workerFolder.ts';

/** Build Worker Image: `docker build` of the worker's folder. */
export const buildImage: Command<[uri?: vscode.Uri]> = async (app, uri) => {
  const worker = await chooseWorker(uri);
  const image = await imageFor(app, worker);
  await runDocker('build', image, worker);
  void offerNextStep(vscode.l10n.t('{0} is built. The cluster can use it once it is pushed.', image), {
    label: vscode.l10n.t('Push Worker Image'),
    command: COMMANDS.pushImage,
    uri: worker.folder,
  });
};
