import { readFile } from 'node:fs/promises';
import type { TlsFiles } from '../broker/index.ts';
import { type BrokerAddress, displayBrokerUrl, parseBrokerUrl } from '../workload/brokerUrl.ts';
import type { BrokerReference } from '../workload/manifest.ts';
import type { ClusterLink } from './clusterLink.ts';

/** The Secret that "Start RabbitMQ in Cluster" makes; job.yaml's BROKER_URL is read from it. */
export const BROKER_SECRET = { name: 'rabbitmq-broker', key: 'url' } as const;

/** An entry of the setting workQueue.brokers; `ca`, `cert` and `key` are paths of PEM files. */
export interface NamedBroker {
  name: string;
  url: string;
  ca?: string;
  cert?: string;
  key?: string;
}

/** A user and password for a broker whose URL has none, or a password alone. */
export interface Login {
  user?: string;
  password: string;
}

/** All that may name a broker of the workspace. */
export interface BrokerPlaces {
  cluster: ClusterLink;
  /** The URL of the workspace's own broker, where a setting names it. */
  setting: () => string | undefined;
  /** Further brokers, which a setting names. */
  named: () => readonly NamedBroker[];
  /** The brokers that the job.yaml files of the workspace name, each once, in the order of the files. */
  manifests: () => Promise<BrokerReference[]>;
  /** What is kept for a broker, by its URL without a password. */
  login: (display: string) => Promise<Login | undefined>;
  trusted: () => boolean;
}

/** A broker's URL says nothing usable, or nothing names a broker at all. */
export class NoBrokerError extends Error {
  readonly reason: 'none' | 'untrusted' | 'needs-password' | 'bad-url' | 'secret-missing' | 'no-file';
  /** The URL without its password, the Secret's name, or the file's path. */
  readonly subject: string;

  constructor(reason: NoBrokerError['reason'], subject = '') {
    super(`broker: ${reason} ${subject}`.trim());
    this.name = 'NoBrokerError';
    this.reason = reason;
    this.subject = subject;
  }
}

/** What a place is known by before anything is connected to. */
export interface FoundBroker {
  address: BrokerAddress;
  /** Where its user and password come from: the URL as it is written, a Secret, or what a person has entered. */
  login: 'url' | 'secret' | 'kept';
  /** What named it. */
  named: string;
}

/** Finds the broker of one place, and says what names it, so that a change can be noticed. */
export interface BrokerFinder {
  /** @throws NoBrokerError; ClusterError when a Secret cannot be read */
  find(): Promise<FoundBroker>;
  /** What names the broker now. */
  named(): Promise<string>;
}

/** The workspace's own broker: the setting's, else job.yaml's first, else the one that "Start RabbitMQ" has made. */
export function workspaceBroker(places: BrokerPlaces): BrokerFinder {
  const reference = async () => {
    const setting = places.setting();
    return setting === undefined ? (await places.manifests())[0] : { url: setting };
  };
  const finder = async () => referencedBroker(places, (await reference()) ?? 'started');
  return { find: async () => (await finder()).find(), named: async () => (await finder()).named() };
}

/** @param reference what names the broker; 'started': the Secret of "Start RabbitMQ", which need not be there */
export function referencedBroker(places: BrokerPlaces, reference: BrokerReference | 'started'): BrokerFinder {
  const named = JSON.stringify(reference);
  return {
    find: async () => {
      const fromSecret = reference === 'started' || !('url' in reference);
      const parsed = parseBrokerUrl(fromSecret ? await urlOfSecret(places.cluster, reference) : reference.url);
      if ('problem' in parsed) throw new NoBrokerError('bad-url');
      return { address: parsed.address, login: fromSecret ? 'secret' : 'url', named };
    },
    named: async () => named,
  };
}

/** A Service that speaks AMQP; the cluster operator keeps its user and password in the Secret `NAME-default-user`. */
export function serviceBroker(
  places: BrokerPlaces,
  service: { name: string; port: number; tls: boolean },
): BrokerFinder {
  const named = JSON.stringify(service);
  return {
    find: async () => {
      const address: BrokerAddress = {
        tls: service.tls,
        host: service.name,
        port: service.port,
        user: undefined,
        password: undefined,
        vhost: '/',
      };
      const login = await operatorLogin(places.cluster, service.name);
      return { address: { ...address, ...login }, login: login ? 'secret' : 'url', named };
    },
    named: async () => named,
  };
}

/**
 * A found broker's address, complete with the password that is kept for it.
 * @throws NoBrokerError 'needs-password'
 */
export async function withLogin(places: BrokerPlaces, found: FoundBroker): Promise<FoundBroker> {
  const { address } = found;
  if (address.password !== undefined) return found;
  const display = displayBrokerUrl(address);
  const kept = await places.login(display);
  if (kept)
    return {
      ...found,
      login: 'kept',
      address: { ...address, user: address.user ?? kept.user, password: kept.password },
    };
  // A URL without user and password means guest, as in every AMQP client.
  if (address.user === undefined) return found;
  throw new NoBrokerError('needs-password', display);
}

/**
 * The certificates that workQueue.brokers gives for a broker.
 * @throws NoBrokerError 'no-file'
 */
export async function tlsOf(places: BrokerPlaces, address: BrokerAddress): Promise<TlsFiles | undefined> {
  if (!address.tls) return undefined;
  const entry = places.named().find(({ url }) => displayOf(url) === displayBrokerUrl(address));
  if (!entry) return undefined;
  const read = async (path: string | undefined) => {
    if (!path) return undefined;
    return readFile(path, 'utf8').catch(() => Promise.reject(new NoBrokerError('no-file', path)));
  };
  return { ca: await read(entry.ca), cert: await read(entry.cert), key: await read(entry.key) };
}

/** A URL as it is shown; undefined where it can't be read. */
export function displayOf(url: string): string | undefined {
  const parsed = parseBrokerUrl(url);
  return 'problem' in parsed ? undefined : displayBrokerUrl(parsed.address);
}

async function urlOfSecret(link: ClusterLink, reference: BrokerReference | 'started'): Promise<string> {
  const named = reference !== 'started' && 'secret' in reference ? reference : undefined;
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

// Most namespaces have no operator, and many people may not read its Secret: then there is just no login.
async function operatorLogin(link: ClusterLink, service: string): Promise<Required<Login> | undefined> {
  const name = `${service}-default-user`;
  try {
    const cluster = await link.get();
    const { readSecret } = await link.api();
    const { namespace } = cluster;
    const [user, password] = await Promise.all(
      ['username', 'password'].map(key => readSecret(cluster, { namespace, name, key })),
    );
    return user !== undefined && password !== undefined ? { user, password } : undefined;
  } catch {
    return undefined;
  }
}
