import { type BrokerAddress, displayBrokerUrl, parseBrokerUrl } from '../workload/brokerUrl.ts';
import type { BrokerReference } from '../workload/manifest.ts';
import type { ClusterLink } from './clusterLink.ts';

/** The Secret that "Start RabbitMQ in Cluster" makes; job.yaml's BROKER_URL is read from it. */
export const BROKER_SECRET = { name: 'rabbitmq-broker', key: 'url' } as const;

/** All that may name the workspace's broker. */
export interface BrokerPlaces {
  cluster: ClusterLink;
  setting: () => string | undefined;
  /** The first broker that a job.yaml of the workspace names. */
  manifest: () => Promise<BrokerReference | undefined>;
  /** The kept password of a broker, by its URL without one. */
  password: (display: string) => Promise<string | undefined>;
  trusted: () => boolean;
}

/** A broker's URL says nothing usable, or nothing names a broker at all. */
export class NoBrokerError extends Error {
  readonly reason: 'none' | 'untrusted' | 'needs-password' | 'bad-url' | 'secret-missing';
  /** The URL without its password, or the Secret's name. */
  readonly subject: string;

  constructor(reason: NoBrokerError['reason'], subject = '') {
    super(`broker: ${reason} ${subject}`.trim());
    this.reason = reason;
    this.subject = subject;
  }
}

/** The workspace's broker, and what job.yaml named when it was found, as JSON. */
export interface FoundBroker {
  address: BrokerAddress;
  named: string | undefined;
}

/**
 * Finds the broker: the setting's, else job.yaml's, else the one that "Start RabbitMQ" has made in the namespace.
 * @throws NoBrokerError; ClusterError when job.yaml names a Secret that cannot be read
 */
export async function findBroker(places: BrokerPlaces): Promise<FoundBroker> {
  if (!places.trusted()) throw new NoBrokerError('untrusted');
  const setting = places.setting();
  const manifest = setting ? undefined : await places.manifest();
  const parsed = parseBrokerUrl(setting ?? (await urlOf(manifest, places.cluster)));
  if ('problem' in parsed) throw new NoBrokerError('bad-url');
  const { address } = parsed;
  const found = { address, named: JSON.stringify(manifest) };
  if (address.user === undefined || address.password !== undefined) return found;
  const password = await places.password(displayBrokerUrl(address));
  if (password === undefined) throw new NoBrokerError('needs-password', displayBrokerUrl(address));
  return { ...found, address: { ...address, password } };
}

async function urlOf(named: BrokerReference | undefined, link: ClusterLink): Promise<string> {
  if (named && 'url' in named) return named.url;
  const { name, key } = named ? { name: named.secret, key: named.key } : BROKER_SECRET;
  try {
    const cluster = await link.get();
    const { readSecret } = await link.api();
    const url = await readSecret(cluster, { namespace: cluster.namespace, name, key });
    if (url !== undefined) return url;
  } catch (error) {
    // Where nothing names a broker, a Secret that can't be read is no fault either.
    throw named ? error : new NoBrokerError('none');
  }
  // A job.yaml that reads the Secret of "Start RabbitMQ" stands there before the broker does: that is no fault.
  throw name === BROKER_SECRET.name ? new NoBrokerError('none') : new NoBrokerError('secret-missing', name);
}
