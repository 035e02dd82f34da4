import { ClusterError, type ClusterErrorCode } from './error.ts';

// An API server's own words are short; what is longer is some proxy's HTML page.
const MAX_DETAIL_CHARACTERS = 2000;

const CODE_OF_STATUS: Record<number, ClusterErrorCode> = {
  400: 'invalid',
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not-found',
  405: 'invalid',
  406: 'invalid',
  408: 'timeout',
  409: 'conflict',
  413: 'invalid',
  415: 'invalid',
  422: 'invalid',
  429: 'throttled',
  504: 'timeout',
};

/**
 * The error of an HTTP answer that is not a success.
 * @param body the answer's text: a Kubernetes Status, or whatever a proxy on the way said
 * @param retryAfter the header Retry-After (seconds or a date)
 */
export function errorOfStatus(status: number, body: string, retryAfter?: string): ClusterError {
  return new ClusterError(CODE_OF_STATUS[status] ?? 'server', messageOf(body) || `HTTP ${status}`, {
    status,
    retryAfterSeconds: secondsOf(retryAfter),
  });
}

/** The error of a Status object inside a watch (`type: ERROR`). */
export function errorOfStatusObject(object: unknown): ClusterError {
  const status = object as { code?: number; details?: { retryAfterSeconds?: number } } | null;
  const code = typeof status?.code === 'number' ? status.code : 500;
  return errorOfStatus(code, JSON.stringify(object ?? {}), status?.details?.retryAfterSeconds?.toString());
}

/** The error of a call that got no answer: follows `cause` and the parts of an AggregateError to the system's code. */
export function errorOfCause(error: unknown): ClusterError {
  if (error instanceof ClusterError) return error;
  const { code, message } = deepest(error);
  return new ClusterError(codeOfSystem(code), message || code || String(error), { cause: error });
}

/** Whether the error ends a watch's place in history: the resourceVersion is too old (410 Gone, reason Expired). */
export function isGone(error: ClusterError): boolean {
  return error.status === 410;
}

function messageOf(body: string): string {
  try {
    const parsed: unknown = JSON.parse(body);
    if (typeof parsed === 'object' && parsed !== null && 'message' in parsed && typeof parsed.message === 'string') {
      return parsed.message.slice(0, MAX_DETAIL_CHARACTERS);
    }
  } catch {
    // Not a Status: the text itself is all there is to say.
  }
  const text = body
    .replace(/<[^>]*>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return text.slice(0, 300);
}

function secondsOf(retryAfter: string | undefined): number | undefined {
  if (retryAfter === undefined) return undefined;
  const seconds = /^\d+$/.test(retryAfter) ? Number(retryAfter) : (Date.parse(retryAfter) - Date.now()) / 1000;
  return Number.isFinite(seconds) ? Math.max(0, seconds) : undefined;
}

function deepest(error: unknown): { code: string; message: string } {
  let at: unknown = error;
  let code = '';
  let message = '';
  for (let depth = 0; at instanceof Error && depth < 10; depth++) {
    if ('code' in at && typeof at.code === 'string') code = at.code;
    if (at.message) message = at.message;
    at = at.cause ?? (at instanceof AggregateError ? at.errors[0] : undefined);
  }
  return { code, message };
}

function codeOfSystem(code: string): ClusterErrorCode {
  if (code === 'ETIMEDOUT' || code === 'ESOCKETTIMEDOUT') return 'timeout';
  if (
    /^(ERR_TLS|ERR_SSL|CERT_|CRL_|SELF_SIGNED|DEPTH_ZERO|UNABLE_TO_|HOSTNAME_MISMATCH|INVALID_CA|EPROTO|ERR_OSSL)/.test(
      code,
    )
  ) {
    return 'tls';
  }
  return 'unreachable';
}
