import type { Readable } from 'node:stream';
import type { WebSocket } from 'ws';

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
}

/** One cluster as one user, over one kept-alive connection pool. Everything throws ClusterError. */
export interface Cluster {
  readonly context: string;
  readonly namespace: string;
  readonly server: string;
  request<T>(o: ClusterRequest): Promise<T>;
  /** The open answer of a GET (logs, watch), once its status was good. Ends with an error when the signal aborts. */
  stream(o: Omit<ClusterRequest, 'method' | 'body' | 'contentType'>): Promise<Readable>;
  /** An open WebSocket with the user's credentials (port-forward). */
  webSocket(o: {
    path: string;
    query?: ClusterRequest['query'];
    protocols: string[];
    signal?: AbortSignal;
    timeoutMs?: number;
  }): Promise<WebSocket>;
  /** Ends every call, stream and WebSocket, and the connections. */
  close(): void;
}

/** Where a Cluster comes from. `kubeconfig`: a file's path; without it what kubectl would read. */
export interface OpenOptions {
  kubeconfig?: string;
  context?: string;
  namespace?: string;
}

/**
 * Prepares a cluster from the kubeconfig; connects nothing yet.
 * Throws ClusterError `no-kubeconfig` or `no-context`.
 */
export function openCluster(_o: OpenOptions): Cluster {
  throw new Error('not written yet');
}
