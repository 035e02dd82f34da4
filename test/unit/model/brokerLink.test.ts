import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { type TestContext, test } from 'node:test';
import { BrokerLink } from '../../../src/model/brokerLink.ts';
import { type BrokerPlaces, NoBrokerError, workspaceBroker } from '../../../src/model/brokerPlaces.ts';
import { ClusterLink } from '../../../src/model/clusterLink.ts';
import { placesWith } from './places.ts';

function link(t: TestContext, options: Partial<BrokerPlaces> = {}): BrokerLink {
  const cluster = new ClusterLink({
    kubeconfig: () => '/nowhere/config',
    choice: { get: () => ({}), set: async () => undefined },
    trusted: () => options.trusted?.() ?? true,
  });
  const places = placesWith({ cluster, ...options });
  const broker = new BrokerLink(places, workspaceBroker(places));
  t.after(() => {
    broker.dispose();
    cluster.dispose();
  });
  return broker;
}

const reason = (wanted: NoBrokerError['reason']) => (error: unknown) =>
  error instanceof NoBrokerError && error.reason === wanted;

test('in an untrusted workspace nothing is connected to, whatever the setting says', async t => {
  const broker = link(t, { setting: () => 'amqp://127.0.0.1:1', trusted: () => false });
  await assert.rejects(broker.get(), reason('untrusted'));
  assert.equal(broker.state.kind, 'untrusted');
});

test('without setting, job.yaml and cluster there is no broker, and that is no fault', async t => {
  const broker = link(t);
  await assert.rejects(broker.get(), reason('none'));
  assert.equal(broker.state.kind, 'none');
});

test('a URL with a user and no password waits for the password, and asks for it by a URL without one', async t => {
  const asked: string[] = [];
  const login = async (display: string) => {
    asked.push(display);
    return undefined;
  };
  const broker = link(t, { setting: () => 'amqp://ann@127.0.0.1:1/v', login });
  await assert.rejects(broker.get(), reason('needs-password'));
  assert.equal(broker.state.kind, 'needs-password');
  assert.deepEqual(asked, ['amqp://ann@127.0.0.1:1/v']);
});

test('a URL that cannot be read is said to be so', async t => {
  const broker = link(t, { manifests: async () => [{ url: 'http://rabbit' }] });
  await assert.rejects(broker.get(), reason('bad-url'));
  assert.equal(broker.state.kind, 'away');
});

test('a broker that does not answer is away since the first attempt, and several callers share an attempt', async t => {
  let connections = 0;
  const server = createServer(socket => {
    connections++;
    socket.destroy();
  }).listen(0, '127.0.0.1');
  t.after(() => server.close());
  await new Promise(resolve => server.once('listening', resolve));
  const address = server.address();
  assert.ok(address !== null && typeof address === 'object');
  const broker = link(t, { setting: () => `amqp://a:b@127.0.0.1:${address.port}` });
  await assert.rejects(broker.get());
  const ofOne = connections;
  broker.reset();
  const first = await Promise.allSettled([broker.get(), broker.get()]);
  assert.deepEqual(
    first.map(({ status }) => status),
    ['rejected', 'rejected'],
  );
  assert.equal(connections, 2 * ofOne);
  const { state } = broker;
  assert.ok(state.kind === 'away');
  await assert.rejects(broker.get());
  assert.ok(broker.state.kind === 'away');
  assert.equal(broker.state.since, state.since);
});

test('another broker in job.yaml lets go of the old one; an unchanged one does not, nor does it where the setting decides', async t => {
  let url = 'amqp://a:b@127.0.0.1:1';
  let setting: string | undefined;
  const broker = link(t, { manifests: async () => [{ url }], setting: () => setting });
  const hold = broker.hold();
  t.after(() => hold.dispose());
  await assert.rejects(broker.get());
  assert.equal(await broker.recheck(), false);
  assert.equal(broker.state.kind, 'away');
  url = 'amqp://a:b@127.0.0.1:2';
  assert.equal(await broker.recheck(), true);
  assert.equal(broker.state.kind, 'none');
  setting = 'amqp://a:b@127.0.0.1:3';
  await assert.rejects(broker.get());
  url = 'amqp://a:b@127.0.0.1:4';
  assert.equal(await broker.recheck(), false);
});

test('a job.yaml that is changed while nobody uses the broker is not read', async t => {
  let read = 0;
  const manifests = async () => {
    read++;
    return [{ url: 'amqp://a:b@127.0.0.1:1' }];
  };
  const broker = link(t, { manifests });
  assert.equal(await broker.recheck(), false);
  assert.equal(read, 0);
});

test('an attempt that a reset has cut off does not let two others run side by side', async t => {
  const answers: (() => void)[] = [];
  const manifests = () =>
    new Promise<[]>(resolve => {
      answers.push(() => resolve([]));
    });
  const broker = link(t, { manifests });
  const cut = broker.get().catch(() => undefined);
  broker.reset();
  const second = broker.get().catch(() => undefined);
  answers[0]?.();
  await cut;
  const third = broker.get().catch(() => undefined);
  assert.equal(answers.length, 2, 'the third caller shares the second attempt');
  answers[1]?.();
  await Promise.all([second, third]);
});
