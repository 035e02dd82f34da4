import * as vscode from 'vscode';
import { withoutDigest } from '../../../workload/image.ts';
import type { App } from '../../app.ts';
import type { ImageMade } from '../../imageChain.ts';
import { editJob } from './jobFile.ts';
import { offerRun } from './nextStep.ts';
import type { WorkerFolder } from './workerFolder.ts';

const ASK_REGISTRY_MS = 5000;

/**
 * Says that the image is pushed, and offers what usually follows. A job.yaml that names a digest gets the new one, or it
 * would run the image of before; another gets it when the person wants it.
 */
export async function afterPush(app: App, image: string, worker: WorkerFolder, made: ImageMade): Promise<void> {
  const { job } = worker;
  const pushed = vscode.l10n.t('{0} is pushed.', image);
  const digest = job && (await digestOf(app, image, made));
  if (!job || digest === undefined) return void offerRun(pushed, worker);
  const pin = () => editJob(job.uri, (manifest, text) => manifest.setImage(text, `${withoutDigest(image)}@${digest}`));
  if (job.image?.includes('@')) {
    await pin();
    return void offerRun(`${pushed} ${vscode.l10n.t('job.yaml names its new digest.')}`, worker);
  }
  void offerRun(pushed, worker, { label: vscode.l10n.t('Pin Its Digest in job.yaml'), run: pin });
}

/** docker says the digest at the end of a push; of what the others pushed the registry tells it, if it tells anybody. */
async function digestOf(app: App, image: string, { output }: ImageMade): Promise<string | undefined> {
  const [, said] = /\bdigest: (sha256:[0-9a-f]{64})\b/.exec(output) ?? [];
  if (said !== undefined) return said;
  const { lookInRegistry } = await app.model.cluster.api();
  const look = await lookInRegistry({ image, signal: AbortSignal.timeout(ASK_REGISTRY_MS) });
  return look.kind === 'found' ? look.digest : undefined;
}
