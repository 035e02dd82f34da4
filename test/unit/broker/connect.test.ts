import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { BrokerError, type BrokerErrorCode, type ConnectOptions, connect } from '../../../src/broker/index.ts';
import { until } from '../../lab/until.ts';
import { fakeServer } from './servers.ts';

async function failure(options: Omit<ConnectOptions, 'purpose'>): Promise<BrokerError> {
  const error = await connect({ purpose: 'a test', timeoutMs: 5_000, ...options }).then(
    () => assert.fail('the connection was opened'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof BrokerError, String(error));
  return error;
}

async function code(options: Omit<ConnectOptions, 'purpose'>): Promise<BrokerErrorCode> {
  return (await failure(options)).code;
}

test('a port that takes the connection and says nothing is given up after the timeout', async () => {
  await using silent = await fakeServer(() => undefined);
  assert.equal(await code({ address: silent.address, timeoutMs: 50 }), 'timeout');
  // Nothing of it stays behind: the server sees the client go.
  await until('the client has gone', () => silent.clients() === 0, { timeoutMs: 5_000, intervalMs: 5 });
});

test('a port that says one byte now and then does not get more time for it', async () => {
  await using dripping = await fakeServer(socket => {
    // The head of a frame with 4 KiB to come.
    socket.write(Buffer.of(1, 0, 0, 0, 0, 0x10, 0));
    const drip = setInterval(() => socket.write('\x01'), 10);
    socket.on('close', () => clearInterval(drip));
  });
  assert.equal(await code({ address: dripping.address, timeoutMs: 100 }), 'timeout');
});

test('connecting can be cancelled', async () => {
  await using silent = await fakeServer(() => undefined);
  const cancel = new AbortController();
  const ended = code({ address: silent.address, signal: cancel.signal });
  await until('the client is there', () => silent.clients() === 1, { timeoutMs: 5_000, intervalMs: 5 });
  cancel.abort();
  assert.equal(await ended, 'cancelled');
  await until('the client has gone', () => silent.clients() === 0, { timeoutMs: 5_000, intervalMs: 5 });
});

test('a port where nobody listens is unreachable', async () => {
  const gone = await fakeServer(() => undefined);
  await gone[Symbol.asyncDispose]();
  const error = await failure({ address: gone.address });
  assert.equal(error.code, 'unreachable');
  assert.match(error.detail, /ECONNREFUSED/);
});

test('a name with several addresses that all refuse says so for each', async () => {
  const gone = await fakeServer(() => undefined);
  await gone[Symbol.asyncDispose]();
  const error = await failure({ address: { ...gone.address, host: 'localhost' } });
  assert.equal(error.code, 'unreachable');
  assert.match(error.detail, /ECONNREFUSED 127\.0\.0\.1/);
});

test('a web server is told from a broker', async () => {
  const web = createHttpServer((_request, response) => response.end('hello'));
  await new Promise<void>(resolve => web.listen(0, '127.0.0.1', resolve));
  const listening = web.address();
  assert.ok(typeof listening === 'object' && listening);
  const address = {
    tls: false,
    host: '127.0.0.1',
    port: listening.port,
    user: undefined,
    password: undefined,
    vhost: '/',
  };
  const error = await failure({ address });
  web.close();
  assert.equal(error.code, 'not-amqp');
  assert.match(error.detail, /HTTP/);
});

test('a port that answers with a TLS alert expects TLS', async () => {
  // RFC 8446: an alert record, fatal (2), unexpected message (10), as TLS servers answer what is no ClientHello.
  await using tls = await fakeServer(socket =>
    socket.on('data', () => socket.end(Buffer.from('15030300 02020a'.replace(' ', ''), 'hex'))),
  );
  const error = await failure({ address: tls.address });
  assert.deepEqual([error.code, error.reason], ['tls', 'needs-tls']);
});

test('a port without TLS is named so when TLS was asked for', async () => {
  await using plain = await fakeServer(socket => socket.on('data', () => socket.end('AMQP\x00\x00\x09\x01')));
  const error = await failure({ address: { ...plain.address, tls: true } });
  assert.deepEqual([error.code, error.reason, error.detail], ['tls', 'not-tls', 'wrong version number']);
});

test('a port that hangs up on TLS does not speak it', async () => {
  await using plain = await fakeServer(socket => socket.on('data', () => socket.end()));
  const error = await failure({ address: { ...plain.address, tls: true } });
  assert.deepEqual([error.code, error.reason], ['tls', 'not-tls']);
});

test('a broker of another protocol version is not one we can talk to', async () => {
  await using other = await fakeServer(socket => socket.on('data', () => socket.end('AMQP\x03\x01\x00\x00')));
  assert.equal(await code({ address: other.address }), 'not-amqp');
});

test('a port that hangs up in the handshake is not a broker', async () => {
  await using closing = await fakeServer(socket => socket.on('data', () => socket.end()));
  assert.equal(await code({ address: closing.address }), 'not-amqp');
});

test('a tunnel that hangs up has nothing at its other end', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'broker-test-'));
  const socketPath = join(folder, 'tunnel');
  {
    await using closing = await fakeServer(socket => socket.on('data', () => socket.end()), socketPath);
    assert.equal(await code({ address: closing.address, socketPath }), 'unreachable');
    assert.equal(await code({ address: { ...closing.address, tls: true }, socketPath }), 'unreachable');
  }
  assert.equal(
    await code({
      address: { tls: false, host: 'x', port: 1, user: 'a', password: 'b', vhost: '/' },
      socketPath: join(folder, 'none'),
    }),
    'unreachable',
  );
  rmSync(folder, { recursive: true });
});

test('an error never shows the password', async () => {
  await using echo = await fakeServer(socket =>
    socket.on('data', () => socket.end(closeFrame(403, 'ACCESS_REFUSED - for amqp://ann:se@cret@host/'))),
  );
  const error = await failure({ address: echo.address });
  assert.doesNotMatch(`${error.message} ${error.detail} ${error.stack}`, /cret/);
});

/** connection.start is expected, so that any other frame ends the handshake with its text. */
function closeFrame(code: number, text: string): Buffer {
  const payload = Buffer.concat([
    Buffer.of(0, 10, 0, 50, code >> 8, code & 255, Buffer.byteLength(text)),
    Buffer.from(text),
    Buffer.alloc(4),
  ]);
  const head = Buffer.alloc(7);
  head[0] = 1;
  head.writeUInt32BE(payload.length, 3);
  return Buffer.concat([head, payload, Buffer.of(0xce)]);
}
