import { posix } from 'node:path';
import { checkImage, isPlaceholderImage, withoutDigest } from '../../../workload/image.ts';
import type { LocalCluster } from '../../../workload/localCluster.ts';
import type { App } from '../../app.ts';
import { lastImage, rememberImage } from '../../lastImage.ts';
import { askImageName } from './imageName.ts';
import { editJob } from './jobFile.ts';
import type { WorkerFolder } from './workerFolder.ts';

/** Where the name of a worker without a job.yaml is remembered, by its folder. */
const ofFolder = ({ folder }: WorkerFolder) => `image:${folder.toString()}`;

/**
 * The name of a worker's image: what its job.yaml says, or, as long as that is a placeholder, what the person says;
 * that is written into job.yaml then.
 * @throws CancellationError when the person gives none
 */
export async function imageFor(app: App, worker: WorkerFolder, local?: LocalCluster): Promise<string> {
  const known = knownImage(app, worker);
  if (known !== undefined) return known;
  const image = await askImageName(suggestion(app, worker, local), local);
  await rememberImage(app, image);
  if (worker.job) await editJob(worker.job.uri, (manifest, text) => manifest.setImage(text, image));
  else await app.memory.update(ofFolder(worker), image);
  return image;
}

/** The name of a worker's image, without asking; undefined when it has none yet. */
export function knownImage(app: App, worker: WorkerFolder): string | undefined {
  const written = worker.job ? worker.job.image : app.memory.get<string>(ofFolder(worker));
  return written === undefined || checkImage(written) ? undefined : withoutDigest(written);
}

function suggestion(app: App, { job, folder }: WorkerFolder, local: LocalCluster | undefined): string {
  if (job?.image !== undefined && !isPlaceholderImage(job.image)) return job.image;
  const name = job?.name ?? posix.basename(folder.path);
  const last = lastImage(app);
  if (last?.includes('/')) return posix.join(posix.dirname(last), name);
  return local ? `${name}:1` : '';
}
