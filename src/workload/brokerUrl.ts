export interface BrokerAddress {
  tls: boolean;
  /** A name or an address, IPv6 without brackets. */
  host: string;
  port: number;
  /** undefined: the URL names none; clients then use guest. */
  user: string | undefined;
  password: string | undefined;
  vhost: string;
}

export type BrokerUrlProblem = 'empty' | 'not-amqp' | 'no-host' | 'bad-port' | 'bad-encoding' | 'bad-vhost';

/**
 * Reads an AMQP URL (https://www.rabbitmq.com/docs/uri-spec). Port 5672, or 5671 with TLS, and vhost `/` when it names none.
 * Wider than the specification: a user or password may hold any character unencoded that leaves one reading only.
 * `bad-vhost`: an unencoded slash in it, or nothing after the slash, which amqp-tools take for a vhost of no name.
 */
export function parseBrokerUrl(url: string): { address: BrokerAddress } | { problem: BrokerUrlProblem } {
  const trimmed = url.trim();
  if (trimmed === '') return { problem: 'empty' };
  const scheme = /^amqp(s?):\/\//i.exec(trimmed);
  if (!scheme) return { problem: 'not-amqp' };
  const { credentials, place } = splitCredentials(trimmed.slice(scheme[0].length));
  const [authority = '', ...path] = place.split('/');
  const vhost = path.length === 0 ? '/' : path.join('/').replace(/\?.*$/s, '');
  if (path.length > 0 && (vhost === '' || vhost.includes('/'))) return { problem: 'bad-vhost' };
  const { host, port } = splitPort(authority.replace(/\?.*$/s, ''));
  if (host === '' || /[\s\p{Cc}[\]/@]/u.test(host)) return { problem: 'no-host' };
  const tls = scheme[1] !== '';
  const portNumber = port === '' ? (tls ? 5671 : 5672) : Number(port);
  if (!/^\d*$/.test(port) || portNumber < 1 || portNumber > 65535) return { problem: 'bad-port' };
  const [user, password] = splitOnce(credentials, ':');
  const decoded = [host, user, password, vhost].map(decode);
  if (decoded.includes(null)) return { problem: 'bad-encoding' };
  const [hostText, userText, passwordText, vhostText] = decoded;
  return {
    address: {
      tls,
      host: hostText ?? '',
      port: portNumber,
      user: userText ?? undefined,
      password: passwordText ?? undefined,
      vhost: vhostText ?? '/',
    },
  };
}

/** The address as a URL, with the password. */
export function formatBrokerUrl(address: BrokerAddress): string {
  const { user, password } = address;
  const secret = password === undefined ? '' : `:${encode(password)}`;
  return format(address, user === undefined && password === undefined ? '' : `${encode(user ?? '')}${secret}@`);
}

/** The address as a URL to show: without the password. */
export function displayBrokerUrl(address: BrokerAddress): string {
  return format(address, address.user === undefined ? '' : `${encode(address.user)}@`);
}

/**
 * The text with `***` for the passwords of its URLs. Rather too much than too little: of a word that holds several URLs
 * everything between the first password and the last `@` goes.
 */
export function redact(text: string): string {
  return text.replace(/\S+/g, word => {
    const at = word.lastIndexOf('@');
    const beforeAt = word.slice(0, Math.max(0, at));
    // `host:5672/…` is no user and password.
    const user = /\/\/[^/:@]*:(?!\d{1,5}[/?#])/.exec(beforeAt);
    return user ? `${beforeAt.slice(0, user.index + user[0].length)}***${word.slice(at)}` : word;
  });
}

function format({ tls, host, port, vhost }: BrokerAddress, credentials: string): string {
  const path = vhost === '/' ? '' : `/${encode(vhost)}`;
  return `amqp${tls ? 's' : ''}://${credentials}${host.includes(':') ? `[${host}]` : host}:${port}${path}`;
}

/** The part before the host ends at the last `@` of the authority; a slash in the password moves the authority's end. */
function splitCredentials(rest: string): { credentials: string | undefined; place: string } {
  const slash = rest.indexOf('/');
  const authority = slash < 0 ? rest : rest.slice(0, slash);
  let at = authority.lastIndexOf('@');
  if (at < 0 && !/^(?:\[[^\]]*\]|[^:]*)(?::\d*)?$/.test(authority)) at = rest.lastIndexOf('@');
  return at < 0
    ? { credentials: undefined, place: rest }
    : { credentials: rest.slice(0, at), place: rest.slice(at + 1) };
}

function splitPort(authority: string): { host: string; port: string } {
  const bracketed = /^\[([0-9a-f:.]+(?:%[^\]]*)?)\](?::(.*))?$/i.exec(authority);
  if (bracketed) return { host: bracketed[1] ?? '', port: bracketed[2] ?? '' };
  const [host, port] = splitOnce(authority, ':');
  return { host: host ?? '', port: port ?? '' };
}

function splitOnce(text: string | undefined, separator: string): [string | undefined, string | undefined] {
  if (text === undefined) return [undefined, undefined];
  const at = text.indexOf(separator);
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + separator.length)];
}

/** null: the bytes are no UTF-8. A percent sign without two hexadecimal digits stands for itself. */
function decode(text: string | undefined): string | null | undefined {
  try {
    return text?.replace(/(?:%[0-9a-f]{2})+/gi, decodeURIComponent);
  } catch {
    return null;
  }
}

/** encodeURIComponent leaves `!'()*` alone; a shell or a YAML reader may not. */
function encode(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replace(
    /[!'()*]/g,
    c => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
