/** What went wrong with a broker, as a caller can act on it. */
export type BrokerErrorCode =
  | 'unreachable'
  | 'timeout'
  | 'not-amqp'
  /** The broker knows no such user, or the password is another. */
  | 'refused'
  | 'no-vhost'
  | 'no-permission'
  | 'tls'
  | 'queue-missing'
  | 'queue-differs'
  | 'queue-in-use'
  | 'closed'
  | 'management-off'
  | 'cancelled'
  | 'other';

/** Why a TLS connection did not come about, of an error 'tls'. */
export type TlsReason =
  | 'expired'
  | 'not-yet-valid'
  /** Signed by nobody that is trusted here: self-signed, or by a CA of one's own that is not given. */
  | 'unknown-authority'
  /** The certificate is of another host than the address names. */
  | 'wrong-host'
  /** The port does not speak TLS. */
  | 'not-tls'
  /** The port speaks TLS, and was spoken to without. */
  | 'needs-tls'
  /** The broker wants a client certificate, and none was given. */
  | 'client-certificate-wanted'
  /** The broker does not accept the client certificate that was given. */
  | 'client-certificate-refused'
  /** The client certificate's key is encrypted, and the passphrase is missing or wrong. */
  | 'passphrase'
  /** The CA, client certificate or key that was given is no PEM, or certificate and key are not of each other. */
  | 'own-files'
  /** What else there is, as no protocol version in common. */
  | 'other';

/** What an existing queue has otherwise than it was asked for; undefined: not given. */
export interface QueueDifference {
  /** As `x-message-ttl`, or `durable`, `auto_delete`. */
  argument: string;
  wanted: string | undefined;
  found: string | undefined;
}

/** Every error that leaves this folder; `detail` holds the broker's or the system's own words, without passwords. */
export class BrokerError extends Error {
  readonly code: BrokerErrorCode;
  readonly detail: string;
  /** Of every 'tls'. */
  readonly reason: TlsReason | undefined;
  /** Of a 'queue-differs', unless the broker cut its words off because the queue's name is long. */
  readonly difference: QueueDifference | undefined;

  constructor(
    code: BrokerErrorCode,
    detail: string,
    { reason, difference }: { reason?: TlsReason; difference?: QueueDifference | undefined } = {},
  ) {
    super(detail === '' ? code : `${code}: ${detail}`);
    this.name = 'BrokerError';
    this.code = code;
    this.detail = detail;
    this.reason = reason ?? (code === 'tls' ? 'other' : undefined);
    this.difference = difference;
  }
}
