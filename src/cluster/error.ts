import { redact } from '../workload/brokerUrl.ts';

/** What went wrong between this program and the cluster, as one word that a caller can act on. */
export type ClusterErrorCode =
  | 'no-kubeconfig'
  | 'no-context'
  | 'unreachable'
  | 'timeout'
  | 'unauthorized'
  | 'forbidden'
  | 'not-found'
  | 'conflict'
  | 'invalid'
  | 'credentials'
  | 'tls'
  | 'throttled'
  | 'not-ready'
  | 'server'
  | 'cancelled';

/**
 * The only error that this folder throws on purpose.
 *
 * - `code`: what a caller acts on. `not-ready`: a Pod that is needed does not run (yet); `detail` says why.
 * - `status`: the HTTP status, when the server answered at all.
 * - `detail`: the server's or the system's words, passwords in URLs removed. Untrusted text.
 * - `retryAfterSeconds`: how long the server asked to be left alone.
 */
export class ClusterError extends Error {
  readonly code: ClusterErrorCode;
  readonly status: number | undefined;
  readonly detail: string;
  readonly retryAfterSeconds: number | undefined;

  constructor(
    code: ClusterErrorCode,
    detail: string,
    more: { status?: number; retryAfterSeconds?: number; cause?: unknown } = {},
  ) {
    const text = redact(detail);
    super(`${code}: ${text}`, { cause: more.cause });
    this.name = 'ClusterError';
    this.code = code;
    this.detail = text;
    this.status = more.status;
    this.retryAfterSeconds = more.retryAfterSeconds;
  }
}
