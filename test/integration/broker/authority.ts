import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../../lab/command.ts';

/** A certificate and its key as PEM. */
export interface Certificate {
  cert: string;
  key: string;
}

/** A certificate authority for a test. */
export interface Authority {
  /** Its own certificate. */
  ca: string;
  /**
   * Issues a certificate for servers and clients.
   * @param names as `DNS:localhost,IP:127.0.0.1`
   * @param days when it begins and ends to be good, counted from today
   * @param passphrase encrypts the key
   */
  issue(names: string, o?: { days?: [number, number]; passphrase?: string }): Promise<Certificate>;
}

const KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'];

/** Makes an authority that nobody trusts yet. */
export async function authority(): Promise<Authority> {
  const { cert, key } = await inFolder(async file => {
    await run([
      ...['openssl', 'req', '-x509', ...KEY, '-noenc', '-days', '2', '-subj', '/CN=test authority'],
      ...['-keyout', file('key'), '-out', file('cert')],
    ]);
  });
  return {
    ca: cert,
    issue: (names, { days = [-1, 1], passphrase } = {}) =>
      inFolder(async file => {
        writeFileSync(file('ca'), cert);
        writeFileSync(file('ca-key'), key);
        writeFileSync(file('index'), '');
        writeFileSync(file('config'), CONFIG.replaceAll('FOLDER', file('.')).replace('NAMES', names));
        await run([
          ...['openssl', 'req', ...KEY, '-subj', '/CN=test', '-keyout', file('key'), '-out', file('request')],
          ...(passphrase === undefined ? ['-noenc'] : ['-passout', `pass:${passphrase}`]),
        ]);
        const [from, to] = days.map(utcDay);
        // The only one of openssl's commands that takes any dates.
        await run([
          ...['openssl', 'ca', '-batch', '-config', file('config'), '-cert', file('ca'), '-keyfile', file('ca-key')],
          ...['-in', file('request'), '-out', file('cert'), '-notext', '-startdate', `${from}`, '-enddate', `${to}`],
        ]);
      }),
  };
}

/** The certificate and key that `work` leaves in a folder that does not stay. */
async function inFolder(work: (file: (name: string) => string) => Promise<void>): Promise<Certificate> {
  const folder = mkdtempSync(join(tmpdir(), 'kwq-authority-'));
  try {
    await work(name => join(folder, name));
    return { cert: readFileSync(join(folder, 'cert'), 'utf8'), key: readFileSync(join(folder, 'key'), 'utf8') };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** As `20261124000000Z`. */
function utcDay(fromToday: number): string {
  const day = new Date(Date.now() + fromToday * 86_400_000).toISOString().slice(0, 10);
  return `${day.replaceAll('-', '')}000000Z`;
}

const CONFIG = `[ca]
default_ca = own
[own]
database = FOLDER/index
new_certs_dir = FOLDER
rand_serial = yes
default_md = sha256
policy = any
x509_extensions = extensions
[any]
commonName = supplied
[extensions]
subjectAltName = NAMES
extendedKeyUsage = serverAuth,clientAuth
`;
