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

/** Every error that leaves this folder; `detail` holds the broker's or the system's own words, without passwords. */
export class BrokerError extends Error {
  readonly code: BrokerErrorCode;
  readonly detail: string;

  constructor(code: BrokerErrorCode, detail: string) {
    super(detail === '' ? code : `${code}: ${detail}`);
    this.name = 'BrokerError';
    this.code = code;
    this.detail = detail;
  }
}
