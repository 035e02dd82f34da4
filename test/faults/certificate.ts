import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../lab/command.ts';

/** A key and a certificate that it has signed itself, both as PEM. */
export interface OwnCertificate {
  key: string;
  cert: string;
}

/**
 * Makes a certificate.
 * @param o.address the IP address that it is for
 * @param o.from, o.to when it begins and ends to be good, as `20200101000000Z`
 */
export async function ownCertificate(o: { address: string; from: string; to: string }): Promise<OwnCertificate> {
  const folder = mkdtempSync(join(tmpdir(), 'kwq-certificate-'));
  const [config, key, request, cert] = ['config', 'key', 'request', 'cert'].map(name => join(folder, name)) as [
    string,
    string,
    string,
    string,
  ];
  try {
    writeFileSync(config, CONFIG.replaceAll('FOLDER', folder).replace('ADDRESS', o.address));
    writeFileSync(join(folder, 'index'), '');
    await run([
      ...['openssl', 'req', '-new', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-noenc'],
      ...['-config', config, '-subj', '/CN=broker', '-keyout', key, '-out', request],
    ]);
    // The only one of openssl's commands that takes dates of the past.
    await run([
      ...['openssl', 'ca', '-batch', '-selfsign', '-config', config, '-keyfile', key, '-in', request],
      ...['-startdate', o.from, '-enddate', o.to, '-extensions', 'names', '-notext', '-out', cert],
    ]);
    return { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const CONFIG = `[ca]
default_ca = own
[own]
database = FOLDER/index
new_certs_dir = FOLDER
rand_serial = yes
default_md = sha256
policy = any
[any]
commonName = supplied
[req]
distinguished_name = any
[names]
subjectAltName = IP:ADDRESS
`;
