import assert from 'node:assert/strict';
import { after } from 'node:test';
import { BrokerError, connect, testBroker } from '../../src/broker/index.ts';
import type { BrokerAddress } from '../../src/workload/brokerUrl.ts';
import { authority } from '../integration/broker/authority.ts';
import { kubectl } from '../lab/kubectl.ts';
import { labUp } from '../lab/up.ts';
import { fault } from './fault.ts';
import { ownBroker } from './ownBroker.ts';

const purpose = 'fault test';
const namespace = `faults-tls-${process.pid}`;

await labUp();
const broker = await ownBroker(namespace);
after(() => broker[Symbol.asyncDispose]());
const { address: plain } = broker;

const own = await authority();

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

/** Has the broker listen on a port with TLS, with a certificate that is good in these days, counted from today. */
async function listenWithTls(port: number, days: [number, number]): Promise<void> {
  const files = await own.issue(`IP:${plain.host}`, { days });
  const pem = `/var/lib/rabbitmq/${port}.pem`;
  const write = `cat >${pem}; chmod 644 ${pem}`;
  await kubectl(['--namespace', namespace, 'exec', '--stdin', 'rabbitmq', '--', 'bash', '-c', write], {
    input: files.key + files.cert,
  });
  const options = `[{certfile, "${pem}"}, {keyfile, "${pem}"}]`;
  await broker.rabbitmqctl('eval', `rabbit_networking:start_ssl_listener(${port}, ${options}, 10, 1).`);
}

const GOOD = 5671;
await listenWithTls(GOOD, [-1, 1]);

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
    [5674, -30, -2, 'expired'],
    [5675, 2, 30, 'not-yet-valid'],
  ] as const) {
    await listenWithTls(port, [from, to]);
    // Trusted, so that its time is all that is wrong with it.
    const error = await refusal({ ...plain, tls: true, port }, { ca: own.ca });
    assert.equal(error.code, 'tls');
    assert.equal(error.reason, reason);
  }
});

fault(11, 'a certificate of an authority of one’s own works when that is given', { once: true }, async () => {
  const secure = { ...plain, tls: true, port: GOOD };
  assert.equal((await refusal(secure)).reason, 'unknown-authority');
  assert.ok(await testBroker({ address: secure, tls: { ca: own.ca }, purpose }));
});
