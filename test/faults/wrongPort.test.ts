import assert from 'node:assert/strict';
import { after } from 'node:test';
import { BrokerError, connect, testBroker } from '../../src/broker/index.ts';
import type { BrokerAddress } from '../../src/workload/brokerUrl.ts';
import { kubectl } from '../lab/kubectl.ts';
import { labUp } from '../lab/up.ts';
import { type OwnCertificate, ownCertificate } from './certificate.ts';
import { fault } from './fault.ts';
import { ownBroker } from './ownBroker.ts';

const purpose = 'fault test';
const namespace = `faults-tls-${process.pid}`;

await labUp();
const broker = await ownBroker(namespace);
after(() => broker[Symbol.asyncDispose]());
const { address: plain } = broker;

type Tls = Parameters<typeof connect>[0]['tls'];

async function refusal(to: BrokerAddress, tls?: Tls): Promise<BrokerError> {
  const started = performance.now();
  const error = await connect({ address: to, tls, purpose }).then(
    () => assert.fail('the connection was opened'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof BrokerError, String(error));
  assert.ok(performance.now() - started < 9_000, 'it was given up for time, not understood');
  return error;
}

/** Has the broker listen on a port with TLS, with a certificate that is good in the time given. */
async function listenWithTls(port: number, from: string, to: string): Promise<OwnCertificate> {
  const files = await ownCertificate({ address: plain.host, from, to });
  const pem = `/var/lib/rabbitmq/${port}.pem`;
  const write = `cat >${pem}; chmod 644 ${pem}`;
  await kubectl(['--namespace', namespace, 'exec', '--stdin', 'rabbitmq', '--', 'bash', '-c', write], {
    input: files.key + files.cert,
  });
  const options = `[{certfile, "${pem}"}, {keyfile, "${pem}"}]`;
  await broker.rabbitmqctl('eval', `rabbit_networking:start_ssl_listener(${port}, ${options}, 10, 1).`);
  return files;
}

const GOOD = 5671;
const good = await listenWithTls(GOOD, '20200101000000Z', '20991231235959Z');

fault(11, 'TLS to the broker’s plain port is told as such', { once: true }, async () => {
  const error = await refusal({ ...plain, tls: true });
  assert.equal(error.code, 'tls');
  assert.equal(error.reason, 'not-tls');
});

fault(11, 'plain AMQP to the broker’s TLS port is told as such', { once: true }, async () => {
  const error = await refusal({ ...plain, port: GOOD });
  assert.equal(error.code, 'tls');
  assert.equal(error.reason, 'needs-tls');
});

fault(11, 'the management port is no broker', { once: true }, async () => {
  assert.equal((await refusal({ ...plain, port: 15672 })).code, 'not-amqp');
});

fault(11, 'an expired certificate is told from one whose time has not come', { once: true }, async () => {
  for (const [port, from, to, reason] of [
    [5674, '20200101000000Z', '20200201000000Z', 'expired'],
    [5675, '20980101000000Z', '20990101000000Z', 'not-yet-valid'],
  ] as const) {
    const { cert } = await listenWithTls(port, from, to);
    // Trusted, so that its time is all that is wrong with it.
    const error = await refusal({ ...plain, tls: true, port }, { ca: cert });
    assert.equal(error.code, 'tls');
    assert.equal(error.reason, reason);
  }
});

fault(11, 'a certificate of an authority of one’s own works when that is given', { once: true }, async () => {
  const secure = { ...plain, tls: true, port: GOOD };
  assert.equal((await refusal(secure)).reason, 'unknown-authority');
  assert.ok(await testBroker({ address: secure, tls: { ca: good.cert }, purpose }));
});
