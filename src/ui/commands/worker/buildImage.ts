import * as vscode from 'vscode';
import type { Command } from '../../app.ts';
import { COMMANDS } from '../../ids.ts';
import { currentLocalCluster } from '../../nodePlatform.ts';
import { imageFor } from './image.ts';
import { isForLoading } from './imageName.ts';
import { runImage } from './imageRun.ts';
import { offerNextStep } from './nextStep.ts';
import { chooseWorker } from './workerFolder.ts';

/** Build Worker Image: builds the worker's folder. */
export const buildImage: Command<[uri?: vscode.Uri]> = async (app, uri) => {
  const worker = await chooseWorker(uri);
  const local = await currentLocalCluster(app);
  const image = await imageFor(app, worker, local);
  await runImage(app, 'build', image, worker);
  const next =
    local && isForLoading(image)
      ? { label: vscode.l10n.t('Build and Load'), command: COMMANDS.buildAndLoad }
      : { label: vscode.l10n.t('Push Worker Image'), command: COMMANDS.pushImage };
  const text = vscode.l10n.t('{0} is built. The cluster can use it once it is pushed or loaded.', image);
  void offerNextStep(text, { ...next, uri: worker.folder });
};
