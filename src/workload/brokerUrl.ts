export interface BrokerAddress {
  tls: boolean;
  host: string;
  port: number;
  user: string | undefined;
  password: string | undefined;
  vhost: string;
}

export type BrokerUrlProblem = 'empty' | 'not-amqp' | 'no-host' | 'bad-port' | 'bad-encoding' | 'bad-vhost';

/** Reads an AMQP URL. */
export function parseBrokerUrl(url: string): { address: BrokerAddress } | { problem: BrokerUrlProblem } {
  return url === '' ? { problem: 'empty' } : { problem: 'not-amqp' };
}

/** The address as a URL, with the password. */
export function formatBrokerUrl(address: BrokerAddress): string {
  return address.host;
}

/** The address as a URL to show: without the password. */
export function displayBrokerUrl(address: BrokerAddress): string {
  return address.host;
}

/** The text with the passwords of its URLs replaced by ***. */
export function redact(text: string): string {
  return text;
}
