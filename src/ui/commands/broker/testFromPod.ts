import { randomBytes } from 'node:crypto';
import { isIP } from 'node:net';
import type { V1PodSpec } from '@kubernetes/client-node';
import * as vscode from 'vscode';
import type { ClusterError, PodCheckResult, ProbeSecret, RoundTripOptions } from '../../../cluster/index.ts';
import { BROKER_SECRET, type FoundBroker } from '../../../model/brokerPlaces.ts';
import type { BrokerPlace } from '../../../model/brokers.ts';
import type { FromPods } from '../../../workload/brokerFindings.ts';
import { formatBrokerUrl } from '../../../workload/brokerUrl.ts';
import { checkImage } from '../../../workload/image.ts';
import type { App } from '../../app.ts';
import { explain } from '../../explain.ts';
import { plainText } from '../../plainText.ts';
import { type Check, podChecks } from './testChecks.ts';

export interface PodTest {
  checks: Check[];
  /** undefined: it was not found out. */
  fromPods: FromPods | undefined;
}

type Report = (message: string) => void;

/** Tries the broker from a Pod of the chosen namespace: with the worker's image, else with the broker's own. */
export async function testFromPod(
  app: App,
  place: BrokerPlace,
  found: FoundBroker,
  signal: AbortSignal,
  report: Report,
): Promise<PodTest> {
  const { host } = found.address;
  if (/^(localhost|127\..*|::1)$/i.test(host)) {
    const detail = vscode.l10n.t('{0} is, in a Pod, the Pod itself.', host);
    return { checks: [{ ...start(''), ok: false, detail }], fromPods: { kind: 'unreachable', name: 'loopback' } };
  }
  try {
    const cluster = await app.model.cluster.get();
    const { findService, imageBehind, roundTripFromPod, serviceVariable } = await app.model.cluster.api();
    const service = await findService(cluster, host, signal).catch(() => undefined);
    const own = service?.namespace === cluster.namespace ? service.name : undefined;
    const behind = service && (await imageBehind(cluster, { ...service, signal }).catch(() => undefined));
    const images = [await workerOf(app), behind === undefined ? undefined : { image: behind }].filter(
      image => image !== undefined,
    );
    const trip = (image: Image) =>
      leavingNothing(place, queue =>
        roundTripFromPod(cluster, {
          ...image,
          queue,
          signal,
          namespace: cluster.namespace,
          url: urlOf(found),
          host: isIP(host) === 0 ? host : undefined,
          service: own,
          onWait: ({ reason, message }) => report(waiting(reason, message)),
        }),
      );
    const names = { host, variable: own === undefined ? '' : serviceVariable(own) };
    return await withImages(images, names, trip, signal, report);
  } catch (error) {
    if (signal.aborted) throw error;
    return notChecked(explain(error).text);
  }
}

/** An image to try with, and the worker's Pod where it is the worker's. */
type Image = Pick<RoundTripOptions, 'image' | 'like'>;
type Trip = (image: Image) => Promise<PodCheckResult[]>;

async function withImages(
  images: Image[],
  names: { host: string; variable: string },
  trip: Trip,
  signal: AbortSignal,
  report: Report,
): Promise<PodTest> {
  if (images.length === 0) return notChecked(vscode.l10n.t('no image is at hand: build the worker’s image first'));
  const before: Check[] = [];
  for (const image of images) {
    const check = start(image.image);
    report(check.what);
    try {
      const results = await trip(image);
      return {
        checks: [...before, { ...check, ok: true, detail: '' }, ...podChecks(results, names)],
        fromPods: verdict(results, names.variable),
      };
    } catch (error) {
      if (signal.aborted || !isNotReady(error)) throw error;
      before.push({ ...check, ok: false, detail: imageTrouble(error.detail) });
    }
  }
  return { checks: before, fromPods: undefined };
}

/** Gives a queue's name, and takes the queue away again where the Pod could not. */
async function leavingNothing(
  place: BrokerPlace,
  run: (queue: string) => Promise<PodCheckResult[]>,
): Promise<PodCheckResult[]> {
  const queue = `work-queue-test-${randomBytes(6).toString('hex')}`;
  let left = true;
  try {
    const results = await run(queue);
    const state = (check: string) => results.find(result => result.check === check)?.state;
    left = (state('declare') ?? 'failed') !== 'failed' && state('delete') !== 'ok';
    return results;
  } finally {
    if (left) await place.link.connected?.broker.remove(queue).catch(() => undefined);
  }
}

/** What the checks say of all Pods; undefined where they could not find it out. */
function verdict(results: PodCheckResult[], variable: string): FromPods | undefined {
  const of = (check: string) => results.find(result => result.check === check);
  const name = of('name');
  const address = of('variable')?.state === 'ok' ? { variable, address: of('variable')?.detail } : {};
  // Also when the address in the environment leads there: the URL that workers get has the name.
  if (name?.state === 'failed') return { kind: 'unreachable', name: 'unknown', ...address };
  const login = of('declare');
  if (login?.state === 'ok') return of('compare')?.state === 'ok' ? { kind: 'works' } : undefined;
  if (login?.state === 'late' || /socket|connect(ion)? (timed out|refused)/i.test(login?.detail ?? '')) {
    return { kind: 'unreachable', name: 'resolves' };
  }
  return /logging in.*\b403\b/i.test(login?.detail ?? '') ? { kind: 'refused' } : undefined;
}

/** The Secret that the Pods' URL is read from, else the URL itself, for a Secret that lives as long as the Pod. */
function urlOf({ address, login, named }: FoundBroker): ProbeSecret {
  const reference: unknown = login === 'secret' ? JSON.parse(named) : undefined;
  if (reference === 'started') return BROKER_SECRET;
  if (isSecret(reference)) return { name: reference.secret, key: reference.key };
  return { value: formatBrokerUrl(address) };
}

/** The worker of the workspace's job.yaml, if its image is named. */
async function workerOf(app: App): Promise<Image | undefined> {
  for (const { job } of await app.manifests.jobs()) {
    const image = job.image?.value;
    if (image === undefined || checkImage(image) !== undefined) continue;
    const { template } = (job.body.spec ?? {}) as { template?: PodTemplate };
    return { image, like: { labels: template?.metadata?.labels, spec: template?.spec } };
  }
  return undefined;
}

interface PodTemplate {
  metadata?: { labels?: Record<string, string> };
  spec?: Partial<V1PodSpec>;
}

const start = (image: string): Pick<Check, 'what' | 'proves'> => ({
  what: image === '' ? vscode.l10n.t('Start a Pod') : vscode.l10n.t('Start a Pod with the image {0}', image),
  proves: vscode.l10n.t('a node has room, and the image is there or can be pulled'),
});

const notChecked = (why: string): PodTest => ({
  checks: [{ ...start(''), ok: undefined, detail: vscode.l10n.t('not checked: {0}', why) }],
  fromPods: undefined,
});

function imageTrouble(detail: string): string {
  const said = plainText(detail);
  if (/^(ErrImagePull|ImagePullBackOff|ErrImageNeverPull|InvalidImageName)/.test(said)) {
    return vscode.l10n.t(
      'The image cannot be had. Push it (Build and Push), or correct its name in job.yaml; a private registry needs imagePullSecrets there. {0}',
      said,
    );
  }
  if (/^(StartError|ContainerCannotRun)/.test(said)) {
    return vscode.l10n.t('The image has no shell to try anything with. {0}', said);
  }
  return vscode.l10n.t('The Pod did not run. {0}', said);
}

function waiting(reason: string | undefined, message: string | undefined): string {
  const why = plainText([reason, message].filter(Boolean).join(': '));
  return why === '' ? vscode.l10n.t('waiting for the Pod') : vscode.l10n.t('waiting for the Pod ({0})', why);
}

const isNotReady = (error: unknown): error is ClusterError =>
  error instanceof Error && error.name === 'ClusterError' && (error as ClusterError).code === 'not-ready';

const isSecret = (named: unknown): named is { secret: string; key: string } =>
  typeof named === 'object' && named !== null && 'secret' in named && 'key' in named;
