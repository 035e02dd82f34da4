import * as vscode from 'vscode';
import { alwaysPulls } from '../../../workload/imageVerdict.ts';
import type { ImageMade } from '../../imageChain.ts';
import { editJob } from './jobFile.ts';
import { offerRun } from './nextStep.ts';
import type { WorkerFolder } from './workerFolder.ts';

/**
 * Says that the image is in the cluster, and offers to run. A job.yaml that has its Pods ask a registry for the image each
 * time gets another imagePullPolicy: no registry has it.
 */
export async function afterLoad(image: string, worker: WorkerFolder, { cluster }: ImageMade): Promise<void> {
  const { job } = worker;
  const mustChange = job !== undefined && alwaysPulls(image, job.pullPolicy);
  if (mustChange) await editJob(job.uri, (manifest, text) => manifest.setImagePullPolicy(text, 'IfNotPresent'));
  const loaded = vscode.l10n.t('{0} is in {1} cluster {2}.', image, cluster?.tool ?? '', cluster?.name ?? '');
  const changed = vscode.l10n.t('job.yaml has imagePullPolicy IfNotPresent now: no registry has this image.');
  void offerRun(mustChange ? `${loaded} ${changed}` : loaded, worker);
}
