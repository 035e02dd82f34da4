import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent, type RequestOptions } from 'node:https';
import { isDeepStrictEqual } from 'node:util';
import { KubeConfig } from '@kubernetes/client-node';
import { ClusterError } from './error.ts';
import { runExecPlugin } from './execPlugin.ts';
import { errorOfCause } from './failure.ts';
import type { Identity } from './kubeconfig.ts';
import { proxyFor } from './proxy.ts';

/** What a call needs to be who the kubeconfig says: headers, and the connection pool with the client's certificate. */
export interface Credentials {
  headers: Record<string, string>;
  agent: HttpAgent;
}

/** The credentials of one context, made when first needed and kept while they are good. */
export interface CredentialSource {
  /** @throws ClusterError `credentials`, or `no-kubeconfig` and the like when the file had to be read again */
  get(): Promise<Credentials>;
  /** The server refused these: the next `get` reads the kubeconfig and runs its plugin again, if that was not done just now. */
  renew(refused: Credentials): void;
  /** Ends a plugin that still runs, and the connections. */
  close(): void;
}

// Token and certificate files change under a running program (client-go re-reads them every minute, too).
const RECHECK_MS = 60_000;
// A plugin may open a browser window each time that it runs: a server that refuses what it gives again is believed.
const RERUN_MS = 60_000;
// A credential that ends within this time would end on the way.
const EXPIRY_MARGIN_MS = 10_000;

/**
 * @param load reads the kubeconfig; called for the first credentials only after `renew`
 * @param first what it said when the cluster was opened
 * @param timeoutMs how long a plugin or an identity provider may take
 */
export function credentialSource(load: () => Identity, first: Identity, timeoutMs: number): CredentialSource {
  let identity: Identity | undefined = first;
  let current: { promise: Promise<Credentials>; value?: Credentials; until: number } | undefined;
  let renewedAt = 0;
  const closed = new AbortController();
  let pool: { agent: HttpAgent; tls: unknown } | undefined;

  // One pool as long as the TLS side of the credentials is the same; a new token does not cost a new handshake.
  const agentFor = (secure: boolean, proxied: boolean, options: RequestOptions): HttpAgent => {
    const { ca, cert, key, servername, rejectUnauthorized } = options;
    const tls = { ca, cert, key, servername, rejectUnauthorized };
    if (pool && isDeepStrictEqual(pool.tls, tls)) return pool.agent;
    pool?.agent.destroy();
    const kept = { keepAlive: true, keepAliveMsecs: 30_000 };
    const direct = () => (secure ? new HttpsAgent({ ...kept, ...tls }) : new HttpAgent(kept));
    pool = { agent: proxied && options.agent instanceof HttpAgent ? options.agent : direct(), tls };
    return pool.agent;
  };

  const make = async (): Promise<{ value: Credentials; until: number }> => {
    identity ??= load();
    const { cluster, exec } = identity;
    let user = identity.user;
    let until = Date.now() + RECHECK_MS;
    if (exec) {
      const given = await runExecPlugin(exec, cluster, timeoutMs, closed.signal);
      const encode = (pem: string | undefined) => (pem === undefined ? undefined : Buffer.from(pem).toString('base64'));
      user = { name: user.name, token: given.token, certData: encode(given.cert), keyData: encode(given.key) };
      until = given.expires === undefined ? Number.POSITIVE_INFINITY : given.expires - EXPIRY_MARGIN_MS;
    }
    const secure = cluster.server.startsWith('https:');
    const proxyUrl = cluster.proxyUrl || proxyFor(cluster.server);
    const config = new KubeConfig();
    // client-node refuses an http server unless the user asked not to check the certificate that it hasn't.
    config.loadFromClusterAndUser({ ...cluster, proxyUrl, skipTLSVerify: cluster.skipTLSVerify || !secure }, user);
    const options: RequestOptions = {};
    await within(config.applyToHTTPSOptions(options), timeoutMs);
    return { value: { headers: headersOf(options), agent: agentFor(secure, proxyUrl !== undefined, options) }, until };
  };

  return {
    get() {
      if (current?.value && Date.now() >= current.until) current = undefined;
      if (current) return current.promise;
      const entry: { promise: Promise<Credentials>; value?: Credentials; until: number } = {
        until: 0,
        promise: make().then(
          made => {
            Object.assign(entry, made);
            return made.value;
          },
          (error: unknown) => {
            if (current === entry) current = undefined;
            if (error instanceof ClusterError) throw error;
            throw new ClusterError('credentials', errorOfCause(error).detail, { cause: error });
          },
        ),
      };
      current = entry;
      return entry.promise;
    },
    renew(refused) {
      if (current?.value !== refused) return;
      if (identity?.exec && Date.now() - renewedAt < RERUN_MS) return;
      renewedAt = Date.now();
      current = undefined;
      identity = undefined;
    },
    close() {
      closed.abort();
      pool?.agent.destroy();
    },
  };
}

function headersOf(options: RequestOptions): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(options.headers ?? {})) headers[name] = String(value).trim();
  if (options.auth) headers.Authorization = `Basic ${Buffer.from(options.auth).toString('base64')}`;
  return headers;
}

async function within<T>(work: Promise<T>, timeoutMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new ClusterError('credentials', `the identity provider gave no answer in ${timeoutMs / 1000} s`)),
      timeoutMs,
    );
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
