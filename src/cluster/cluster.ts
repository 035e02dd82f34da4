import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { type CredentialSource, type Credentials, credentialSource } from './credentials.ts';
import { ClusterError } from './error.ts';
import { errorOfCause } from './failure.ts';
import { NoAnswer, readError, readText, send } from './http.ts';
import { readIdentity } from './kubeconfig.ts';
import { openScope, orAbort, pause, type Scope } from './scope.ts';
import { connectWebSocket, type WebSocket } from './webSocket.ts';

/** One call to the API server. `timeoutMs` (default 30 000) bounds the answer, not the making of credentials. */
export interface ClusterRequest {
  method?: 'GET' | 'POST' | 'PATCH' | 'DELETE' | 'PUT';
  path: string;
  query?: Record<string, string | number | boolean | undefined>;
  /** Sent as JSON exactly as given: an unknown field must reach strict validation. */
  body?: unknown;
  contentType?: string;
  signal?: AbortSignal;
  timeoutMs?: number;
  /** false: a 429 or 503 is told at once. Else a GET waits as long as these ask for, up to 10 s, three times. */
  retry?: boolean;
}

/** One cluster as one user, over one kept-alive connection pool. Everything throws ClusterError. */
export interface Cluster {
  readonly context: string;
  readonly namespace: string;
  readonly server: string;
  request<T>(o: ClusterRequest): Promise<T>;
  /** The open answer of a GET (logs, watch), once its status was good. Ends with an error when the signal aborts. */
  stream(o: Omit<ClusterRequest, 'method' | 'body' | 'contentType'>): Promise<Readable>;
  /** An open, paused WebSocket with the user's credentials (port-forward). */
  webSocket(o: WebSocketRequest): Promise<WebSocket>;
  /** Ends every call, stream and WebSocket, and the connections. */
  close(): void;
}

interface WebSocketRequest {
  path: string;
  query?: ClusterRequest['query'];
  protocols: string[];
  signal?: AbortSignal;
  timeoutMs?: number;
}

/** Where a Cluster comes from. `kubeconfig`: a file's path; without it what kubectl would read. */
export interface OpenOptions {
  kubeconfig?: string;
  context?: string;
  namespace?: string;
  /** How long a credential plugin or an identity provider may take; default 60 000. */
  credentialsTimeoutMs?: number;
}

type Headers = Record<string, string | number>;

const TIMEOUT_MS = 30_000;
const MAX_TRIES = 4;
const MAX_RETRY_AFTER_SECONDS = 10;

/**
 * Prepares a cluster from the kubeconfig; connects nothing and runs no plugin yet.
 * @throws ClusterError `no-kubeconfig` or `no-context`
 */
export function openCluster(o: OpenOptions = {}): Cluster {
  const identity = readIdentity(o);
  // The context stays the one that was opened, also when the kubeconfig's current one changes later.
  const load = () => readIdentity({ ...o, context: identity.context });
  const credentials = credentialSource(load, identity, o.credentialsTimeoutMs ?? 60_000);
  return new ApiServer(identity.context, o.namespace ?? identity.namespace, identity.cluster.server, credentials);
}

class ApiServer implements Cluster {
  readonly context: string;
  readonly namespace: string;
  readonly server: string;
  readonly #credentials: CredentialSource;
  readonly #closed = new AbortController();

  constructor(context: string, namespace: string, server: string, credentials: CredentialSource) {
    this.context = context;
    this.namespace = namespace;
    this.server = server.replace(/\/+$/, '');
    this.#credentials = credentials;
  }

  async request<T>(o: ClusterRequest): Promise<T> {
    const { response, scope } = await this.#open(o, { 'Accept-Encoding': 'gzip' });
    try {
      const text = await readText(response, scope);
      return JSON.parse(text) as T;
    } catch (error) {
      if (error instanceof SyntaxError) throw new ClusterError('server', `no JSON: ${error.message}`, { cause: error });
      throw error;
    } finally {
      scope.release();
    }
  }

  async stream(o: Omit<ClusterRequest, 'method' | 'body' | 'contentType'>): Promise<Readable> {
    const { response, scope } = await this.#open(o);
    scope.stopClock();
    response.once('close', scope.release);
    return response;
  }

  async webSocket(o: WebSocketRequest): Promise<WebSocket> {
    return this.#signedIn(o.signal, async credentials => {
      const scope = openScope([o.signal, this.#closed.signal], o.timeoutMs ?? TIMEOUT_MS);
      return connectWebSocket(this.#url(o), o.protocols, credentials, scope);
    });
  }

  close(): void {
    this.#closed.abort();
    this.#credentials.close();
  }

  /** Asks, again where asking again is safe and promising, until there is a good answer to read. */
  async #open(o: ClusterRequest, headers: Headers = {}): Promise<{ response: IncomingMessage; scope: Scope }> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#signedIn(o.signal, credentials =>
          this.#ask(o, { ...headers, ...credentials.headers }, credentials.agent),
        );
      } catch (error) {
        const waitMs = attempt < MAX_TRIES ? waitBeforeRetry(o, error) : undefined;
        if (waitMs === undefined) throw errorOfCause(error);
        await pause(waitMs, o.signal);
      }
    }
  }

  /** Runs with the credentials; once more with new ones when the server refuses them. */
  async #signedIn<T>(signal: AbortSignal | undefined, run: (credentials: Credentials) => Promise<T>): Promise<T> {
    const first = await orAbort(this.#credentials.get(), signal);
    try {
      return await run(first);
    } catch (error) {
      if (!(error instanceof ClusterError && error.status === 401)) throw error;
      this.#credentials.renew(first);
      const second = await orAbort(this.#credentials.get(), signal);
      if (second === first) throw error;
      return await run(second);
    }
  }

  async #ask(
    o: ClusterRequest,
    given: Headers,
    agent: Credentials['agent'],
  ): Promise<{ response: IncomingMessage; scope: Scope }> {
    const scope = openScope([o.signal, this.#closed.signal], o.timeoutMs ?? TIMEOUT_MS);
    try {
      const body = o.body === undefined ? undefined : Buffer.from(JSON.stringify(o.body));
      const headers: Headers = {
        ...given,
        Accept: 'application/json',
        'User-Agent': 'kube-work-queue',
      };
      if (body)
        Object.assign(headers, { 'Content-Type': o.contentType ?? 'application/json', 'Content-Length': body.length });
      const url = this.#url(o);
      const response = await send({ url, method: o.method ?? 'GET', headers, body, agent }, scope);
      if (response.statusCode === undefined || response.statusCode < 200 || response.statusCode >= 300) {
        throw await readError(response, scope);
      }
      return { response, scope };
    } catch (error) {
      scope.release();
      throw error;
    }
  }

  #url(o: { path: string; query?: ClusterRequest['query'] }): string {
    const query = new URLSearchParams();
    for (const [name, value] of Object.entries(o.query ?? {})) if (value !== undefined) query.set(name, String(value));
    return `${this.server}${o.path}${query.size > 0 ? `?${query}` : ''}`;
  }
}

/** How long to wait before asking again, in ms; undefined: the error stands. */
function waitBeforeRetry({ method = 'GET', retry = true }: ClusterRequest, error: unknown): number | undefined {
  if (error instanceof NoAnswer) {
    // Nothing was read from a connection that the server had closed; only a POST might still have been carried out twice.
    return error.stale && method !== 'POST' ? 0 : undefined;
  }
  if (!(error instanceof ClusterError) || method !== 'GET' || !retry) return undefined;
  if (error.status !== 429 && error.status !== 503) return undefined;
  const seconds = error.retryAfterSeconds;
  return seconds === undefined || seconds > MAX_RETRY_AFTER_SECONDS ? undefined : seconds * 1000;
}
