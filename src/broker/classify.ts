import { type BrokerAddress, redact } from '../workload/brokerUrl.ts';
import { BrokerError, type QueueDifference } from './error.ts';
import { type TlsFiles, tlsReason } from './tls.ts';

/** amqplib is told to refuse larger frames; what else than AMQP answers on the port is recognised by it, see below. */
export const MAX_FRAME_BYTES = 131_072;

/** How the connection is made, as far as it decides what a failure means. */
export interface Way {
  tls: boolean;
  tunnel: boolean;
  /** A client certificate is shown. */
  certificate: boolean;
}

/** How a connection with these options is made. */
export function wayOf(options: { address: BrokerAddress; tls?: TlsFiles; socketPath?: string }): Way {
  const { address, tls, socketPath } = options;
  return { tls: address.tls, tunnel: socketPath !== undefined, certificate: tls?.cert !== undefined };
}

/** What a failure before the connection is open means; amqplib says most of it in its message only. */
export function explainConnect(error: unknown, way: Way): BrokerError {
  if (error instanceof BrokerError) return error;
  const code = textCode(error);
  if (code !== undefined) return explainSystem(error, code, way);
  const text = words(error);
  const refusal = /^Handshake terminated by server: (\d+)/.exec(text);
  if (refusal) return new BrokerError(refusal[1] === '403' ? 'refused' : 'other', brokerWords(text));
  if (text.startsWith('SASL mechanism')) return new BrokerError('refused', text);
  const foreign = /^Frame size (\d+) exceeds/.exec(text);
  if (foreign) return explainForeignBytes(Number(foreign[1]));
  // A tunnel takes the connection itself and drops it when nothing listens at its other end.
  if (way.tunnel && isHangUp(error)) return new BrokerError('unreachable', text);
  return new BrokerError('not-amqp', text);
}

/** Whether the peer went away without a word in the handshake: amqplib has a text for it only. */
export function isHangUp(error: unknown): boolean {
  return error instanceof Error && (error.message.startsWith('Socket closed') || textCode(error) === 'ECONNRESET');
}

/** Of a port that speaks TLS and was spoken to without. */
export function needsTls(): BrokerError {
  return new BrokerError('tls', 'the port expects TLS (amqps)', { reason: 'needs-tls' });
}

/** What the end of an open connection means. */
export function explainLoss(error: unknown): BrokerError {
  return error instanceof BrokerError ? error : new BrokerError('closed', error ? brokerWords(words(error)) : '');
}

/** What the refusal of an operation on a queue means: the reply codes of AMQP 0-9-1 as RabbitMQ uses them. */
export function explainOperation(error: unknown): BrokerError {
  if (error instanceof BrokerError) return error;
  const detail = brokerWords(words(error));
  switch (replyCode(error)) {
    case 403:
      return new BrokerError('no-permission', detail);
    case 404:
      return new BrokerError('queue-missing', detail);
    case 405:
      return new BrokerError('queue-in-use', detail);
    case 406:
      // The other preconditions are the size of a message and arguments that no queue can have.
      if (!detail.includes('inequivalent arg')) return new BrokerError('other', detail);
      return new BrokerError('queue-differs', detail, { difference: readDifference(detail) });
    default:
      return new BrokerError('other', detail);
  }
}

/** RabbitMQ's words (rabbit_misc:assert_args_equivalence); it cuts off what is longer than 255 bytes. */
function readDifference(text: string): QueueDifference | undefined {
  const value = "(?:none|the value '(.*)' of type '\\w+'|'(.*)')";
  const differs = new RegExp(
    `inequivalent arg '([^']+)' for queue '.*' in vhost '.*': received ${value} but current is ${value}$`,
  );
  const [, argument, wanted, wantedPlain, found, foundPlain] = differs.exec(text) ?? [];
  return argument === undefined ? undefined : { argument, wanted: wanted ?? wantedPlain, found: found ?? foundPlain };
}

/** What a broker means that refuses to open the vhost; all of them carry reply code 530. */
export function explainVhostRefusal(text: string): BrokerError {
  const detail = words(text);
  if (/vhost .* not found/.test(detail)) return new BrokerError('no-vhost', detail);
  if (/access to vhost .* refused/.test(detail)) return new BrokerError('no-permission', detail);
  return new BrokerError('other', detail);
}

/** An error's text as it may be shown: no passwords, no control characters, and an end. */
export function words(error: unknown): string {
  const text = redact(fullText(error)).replace(/\p{Cc}+/gu, ' ');
  return text.length > 500 ? `${text.slice(0, 500)}…` : text;
}

/** The `code` that Node's errors carry, as `ECONNREFUSED`. */
export function textCode(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
}

const UNREACHABLE =
  /^(ECONNREFUSED|ECONNRESET|ECONNABORTED|EPIPE|ENOTFOUND|EAI_\w+|E(HOST|NET)(UNREACH|DOWN)|EADDRNOTAVAIL|ENOENT|EACCES|EPERM)$/;

function explainSystem(error: unknown, code: string, way: Way): BrokerError {
  const detail = way.tls ? tlsWords(error) : words(error);
  if (code === 'ETIMEDOUT') return new BrokerError('timeout', detail);
  // Node's words for a peer that hung up in the TLS handshake: it does not speak TLS. A tunnel does so for want of a peer.
  if (way.tls && !way.tunnel && code === 'ECONNRESET' && detail.includes('before secure TLS')) {
    return new BrokerError('tls', detail, { reason: 'not-tls' });
  }
  if (UNREACHABLE.test(code)) return new BrokerError('unreachable', detail);
  // What is left on a TLS connection are OpenSSL's codes, of which there are dozens.
  return way.tls
    ? new BrokerError('tls', detail, { reason: tlsReason(code, way.certificate) })
    : new BrokerError('not-amqp', detail);
}

/**
 * What amqplib takes for a frame's size are the bytes 4 to 7 of whatever answered. A TLS alert record
 * (RFC 8446, 5.1: 15 03 xx 00 02, level, description) shows as 00 02 0x xx, `HTTP/1.1` as `P/1.`.
 */
function explainForeignBytes(size: number): BrokerError {
  if (size >>> 16 === 0x0002) return needsTls();
  if (size === 0x50_2f_31_2e) return new BrokerError('not-amqp', 'the port answers in HTTP');
  return new BrokerError('not-amqp', 'the port answers in another protocol');
}

/** The broker's own text in amqplib's `404 (NOT-FOUND) with message "…"`. */
function brokerWords(text: string): string {
  return /with message "(.*)"$/.exec(text)?.[1] ?? text;
}

/** OpenSSL's reason without its file names, Node's words without its advice for those who start Node themselves. */
function tlsWords(error: unknown): string {
  if (error instanceof Error && 'reason' in error && typeof error.reason === 'string') return error.reason;
  return words(error).replace(/; if the root CA.*/, '');
}

function replyCode(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

function fullText(error: unknown): string {
  // A name with several addresses fails once for each of them, and the error that holds them has no text.
  if (error instanceof AggregateError && error.errors.length > 0) return error.errors.map(fullText).join('; ');
  return error instanceof Error ? error.message : String(error);
}
