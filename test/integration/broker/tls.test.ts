import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect as tcpConnect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { createServer, getCACertificates, setDefaultCACertificates } from 'node:tls';
import {
  BrokerError,
  brokerHealth,
  type ConnectOptions,
  connect,
  listQueues,
  type TlsReason,
  testBroker,
} from '../../../src/broker/index.ts';
import { kubectl } from '../../lab/kubectl.ts';
import { authority, type Certificate } from './authority.ts';
import { address, evaluate, lab, managementPort, purpose } from './labBroker.ts';

const [ours, foreign] = await Promise.all([authority(), authority()]);
const { ca } = ours;
const files = await ours.issue('DNS:localhost,IP:127.0.0.1');

const folder = mkdtempSync(join(tmpdir(), 'kwq-tls-'));
after(() => rmSync(folder, { recursive: true }));

/** A TLS listener before a port of the lab's broker, at a port of its own or at a socket's path. */
async function tlsBefore(port: number, certificate: Certificate, path?: string): Promise<number> {
  const server = createServer(certificate, near => {
    const far = tcpConnect(port, address.host);
    near.pipe(far).pipe(near);
    near.on('error', () => far.destroy()).on('close', () => far.destroy());
    far.on('error', () => near.destroy()).on('close', () => near.destroy());
  });
  server.on('tlsClientError', () => undefined);
  await new Promise<void>(resolve => (path ? server.listen(path, resolve) : server.listen(0, '127.0.0.1', resolve)));
  after(() => server.close());
  const listening = server.address();
  return typeof listening === 'object' && listening ? listening.port : 0;
}

const secure = { ...address, tls: true, host: 'localhost', port: await tlsBefore(address.port, files) };

async function opens(options: Omit<ConnectOptions, 'purpose'>): Promise<void> {
  await (await connect({ purpose, ...options })).close();
}

const because = (reason: TlsReason) => (error: unknown) => {
  assert.ok(error instanceof BrokerError, String(error));
  assert.deepEqual([error.code, error.reason], ['tls', reason], error.detail);
  return true;
};
const code = (wanted: string) => (error: unknown) => error instanceof BrokerError && error.code === wanted;

test('with its CA given, everything works over TLS', async () => {
  assert.ok(await testBroker({ address: secure, tls: { ca }, purpose }));
  await assert.rejects(opens({ address: { ...secure, vhost: 'none' }, tls: { ca } }), code('no-vhost'));
  await assert.rejects(opens({ address: { ...secure, password: 'wrong' }, tls: { ca } }), code('refused'));
});

test('a certificate that nobody trusted here has signed is of an unknown authority, and the system says why', async () => {
  await assert.rejects(opens({ address: secure }), (error: unknown) => {
    assert.ok(because('unknown-authority')(error) && error instanceof BrokerError);
    assert.equal(error.detail, 'unable to verify the first certificate');
    return true;
  });
  await assert.rejects(opens({ address: secure, tls: { ca: foreign.ca } }), because('unknown-authority'));
});

test('a CA that the system trusts need not be given', async () => {
  const before = getCACertificates();
  setDefaultCACertificates([...before, ca]);
  await opens({ address: secure });
  setDefaultCACertificates(before);
});

for (const [what, names, days, reason] of [
  ['has expired', 'DNS:localhost', [-3, -1], 'expired'],
  ['is not valid yet', 'DNS:localhost', [2, 3], 'not-yet-valid'],
  ['is of another host', 'DNS:elsewhere', [-1, 1], 'wrong-host'],
] as [string, string, [number, number], TlsReason][]) {
  test(`a certificate that ${what} is named so, of the broker and of its management API`, async () => {
    const certificate = await ours.issue(names, { days });
    const port = await tlsBefore(address.port, certificate);
    await assert.rejects(opens({ address: { ...secure, port }, tls: { ca } }), because(reason));
    const there = { address: secure, tls: { ca }, managementPort: await tlsBefore(managementPort, certificate) };
    await assert.rejects(listQueues(there), because(reason));
  });
}

test('behind a tunnel the certificate has to be of the address’s host', async () => {
  const socketPath = join(folder, 'tunnel');
  await tlsBefore(address.port, files, socketPath);
  const tls = { ca };
  await opens({ address: { ...secure, port: 5671 }, tls, socketPath });
  await opens({ address: { ...secure, host: '127.0.0.1' }, tls, socketPath });
  for (const host of ['elsewhere', '127.0.0.2']) {
    await assert.rejects(opens({ address: { ...secure, host }, tls, socketPath }), because('wrong-host'));
  }
});

test('a port with TLS and one without are told apart', async () => {
  await assert.rejects(opens({ address: { ...secure, tls: false } }), because('needs-tls'));
  await assert.rejects(opens({ address: { ...address, tls: true } }), because('not-tls'));
});

test('the management API over TLS needs the CA as well', async () => {
  const there = { address: secure, managementPort: await tlsBefore(managementPort, files) };
  await assert.rejects(brokerHealth(there), because('unknown-authority'));
  assert.match((await brokerHealth({ ...there, tls: { ca } })).version, /^\d+\./);
  const tunnel = { address: secure, tls: { ca }, managementPort: 15671, socketPath: join(folder, 'management') };
  await tlsBefore(managementPort, files, tunnel.socketPath);
  assert.match((await brokerHealth(tunnel)).version, /^\d+\./);
  const elsewhere = { ...tunnel, address: { ...secure, host: 'elsewhere' } };
  await assert.rejects(brokerHealth(elsewhere), because('wrong-host'));
});

test('a password that goes to the broker encrypted is never sent to the plain management port', async () => {
  await assert.rejects(listQueues({ address: secure, tls: { ca } }), (error: unknown) => {
    assert.ok(error instanceof BrokerError && error.code === 'management-off');
    assert.match(error.detail, /:15671/);
    return true;
  });
});

for (const version of ['tlsv1.3', 'tlsv1.2']) {
  test(`a broker that wants a client certificate over ${version} gets it, or says what is wrong`, async () => {
    const port = await listenFor(version);
    const there = { ...secure, host: await podAddress(), port };
    const client = await ours.issue('DNS:client');
    await opens({ address: there, tls: { ca, ...client } });
    await assert.rejects(opens({ address: { ...there, vhost: 'none' }, tls: { ca, ...client } }), code('no-vhost'));
    await assert.rejects(opens({ address: there, tls: { ca } }), because('client-certificate-wanted'));
    await assert.rejects(opens({ address: { ...there, tls: false } }), because('needs-tls'));
    for (const refused of [await foreign.issue('DNS:client'), await ours.issue('DNS:client', { days: [-3, -1] })]) {
      await assert.rejects(opens({ address: there, tls: { ca, ...refused } }), because('client-certificate-refused'));
    }
  });
}

test('an encrypted key needs its passphrase', async () => {
  const client = await ours.issue('DNS:client', { passphrase: 'a ü' });
  await opens({ address: secure, tls: { ca, ...client, passphrase: 'a ü' } });
  await assert.rejects(opens({ address: secure, tls: { ca, ...client } }), because('passphrase'));
  await assert.rejects(
    opens({ address: secure, tls: { ca, ...client, passphrase: 'wrong' } }),
    (error: unknown) => because('passphrase')(error) && !String(error).includes('wrong'),
  );
});

test('files that are no certificate, no key or not of each other are found before anything is sent', async () => {
  const { cert, key } = await ours.issue('DNS:client');
  const nowhere = { ...secure, port: 1 };
  for (const tls of [
    { ca: 'a CA' },
    { ca, cert: 'a certificate', key },
    { ca, cert, key: 'a key' },
    { ca, cert },
    { ca, key },
    { ca, cert, key: files.key },
  ]) {
    await assert.rejects(opens({ address: nowhere, tls }), because('own-files'));
    await assert.rejects(listQueues({ address: nowhere, tls }), because('own-files'));
  }
});

/** Has the lab's broker listen at one more port, until the file is done. */
async function listenFor(version: string): Promise<number> {
  const port = 20_000 + Math.floor(Math.random() * 10_000);
  const certificate = await ours.issue(`IP:${await podAddress()}`);
  const texts = Object.entries({ ca, cert: certificate.cert, key: certificate.key });
  const file = (name: string) => `"/tmp/tls-${port}-${name}"`;
  await evaluate(
    [
      ...texts.map(([name, text]) => `ok = file:write_file(${file(name)}, <<"${text}">>),`),
      `ok = rabbit_networking:start_ssl_listener(${port}, [{cacertfile, ${file('ca')}}, {certfile, ${file('cert')}},`,
      `{keyfile, ${file('key')}}, {versions, ['${version}']}, {verify, verify_peer}, {fail_if_no_peer_cert, true}], 1).`,
    ].join('\n'),
  );
  after(() =>
    evaluate(
      `rabbit_networking:stop_tcp_listener(${port}), ${texts.map(([name]) => `file:delete(${file(name)})`).join(', ')}.`,
    ),
  );
  return port;
}

async function podAddress(): Promise<string> {
  return await kubectl(['--namespace', lab.namespace, 'get', 'pod', lab.pod, '--output=jsonpath={.status.podIP}']);
}
