import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect as tcpConnect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { createServer, getCACertificates, setDefaultCACertificates } from 'node:tls';
import { BrokerError, connect, testBroker } from '../../../src/broker/index.ts';
import { run } from '../../lab/command.ts';
import { address, purpose } from './labBroker.ts';

// A TLS listener before the lab's broker, with a certificate that nobody has signed.
const folder = mkdtempSync(join(tmpdir(), 'broker-tls-'));
const [key, cert] = [join(folder, 'key'), join(folder, 'cert')];
await run([
  ...['openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-noenc', '-days', '1'],
  ...['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost', '-keyout', key, '-out', cert],
]);
const server = createServer({ key: readFileSync(key), cert: readFileSync(cert) }, near => {
  const far = tcpConnect(address.port, address.host);
  near.pipe(far).pipe(near);
  near.on('error', () => far.destroy()).on('close', () => far.destroy());
  far.on('error', () => near.destroy()).on('close', () => near.destroy());
});
await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
const listening = server.address();
assert.ok(typeof listening === 'object' && listening);
const secure = { ...address, tls: true, host: 'localhost', port: listening.port };
after(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

const code = (wanted: string) => (error: unknown) => error instanceof BrokerError && error.code === wanted;

test('a certificate that nobody has signed is not trusted, and the system says why', async () => {
  await assert.rejects(connect({ address: secure, purpose }), (error: unknown) => {
    assert.ok(error instanceof BrokerError);
    assert.equal(error.code, 'tls');
    assert.equal(error.detail, 'self-signed certificate');
    return true;
  });
});

test('with a trusted certificate everything works over TLS', async () => {
  setDefaultCACertificates([...getCACertificates(), readFileSync(cert, 'utf8')]);
  assert.ok(await testBroker({ address: secure, purpose }));
  await assert.rejects(connect({ address: { ...secure, vhost: 'none' }, purpose }), code('no-vhost'));
  await assert.rejects(connect({ address: { ...secure, password: 'wrong' }, purpose }), code('refused'));
});

test('a certificate of another name is not trusted', async () => {
  await assert.rejects(connect({ address: { ...secure, host: '127.0.0.1' }, purpose }), code('tls'));
});
