import assert from 'node:assert/strict';
import { BrokerError, connect, testBroker } from '../../src/broker/index.ts';
import { openCluster, openTunnel } from '../../src/cluster/index.ts';
import { address, newQueueName, newUser, purpose } from '../integration/broker/labBroker.ts';
import { apply, kubectl } from '../lab/kubectl.ts';
import { labUp } from '../lab/up.ts';
import { fault } from './fault.ts';
import { ownBroker } from './ownBroker.ts';

const code = (wanted: string) => (error: unknown) => error instanceof BrokerError && error.code === wanted;

fault(
  8,
  'guest, who may come from the broker’s own machine only, is refused from elsewhere and let in through a tunnel',
  { once: true },
  async t => {
    const { kubeconfig } = await labUp();
    const namespace = `faults-guest-${process.pid}`;
    await using broker = await ownBroker(namespace);
    await broker.rabbitmqctl('eval', 'application:set_env(rabbit, loopback_users, [<<"guest">>]).');
    await assert.rejects(connect({ address: broker.address, purpose }), code('refused'));

    await kubectl(['--namespace', namespace, 'label', 'pod', 'rabbitmq', 'app=rabbitmq', '--overwrite']);
    const spec = { selector: { app: 'rabbitmq' }, ports: [{ port: 5672 }] };
    await apply([{ apiVersion: 'v1', kind: 'Service', metadata: { name: 'rabbitmq', namespace }, spec }]);
    const cluster = openCluster({ kubeconfig, namespace });
    t.after(() => cluster.close());
    const tunnel = await openTunnel(cluster, { namespace, service: 'rabbitmq', port: 5672 });
    t.after(() => tunnel.close());
    assert.ok(await testBroker({ address: broker.address, socketPath: tunnel.socketPath, purpose }));
  },
);

fault(8, 'what a user may not do is refused and named, and the connection goes on', { once: true }, async () => {
  const queue = newQueueName();
  const admin = await connect({ address, purpose });
  await admin.declare(queue);
  await admin.close();
  const user = await newUser('p', { configure: '^$', write: '^$', read: '^$' });
  const broker = await connect({ address: user, purpose });
  await assert.rejects(broker.declare(newQueueName()), code('no-permission'));
  await assert.rejects(broker.purge(queue), code('no-permission'));
  await assert.rejects(broker.remove(queue), code('no-permission'));
  // Counting needs no right in this version, and a 0 is believed although the leader cannot be asked.
  assert.deepEqual(await broker.depth(queue), { ready: 0, consumers: 0 });
  await broker.close();
});

fault(
  9,
  'a queue that differs is told by what differs, is left as it is, and the connection goes on',
  { once: true },
  async () => {
    const broker = await connect({ address, purpose });
    const classic = newQueueName();
    await broker.declare(classic);
    const quorum = newQueueName();
    await broker.declare(quorum, { type: 'quorum' });
    const differences: [string, Parameters<typeof broker.declare>[1], string][] = [
      [classic, { type: 'quorum' }, 'x-queue-type'],
      [quorum, {}, 'x-queue-type'],
      [classic, { arguments: { 'x-message-ttl': 60_000 } }, 'x-message-ttl'],
      [quorum, { type: 'quorum', arguments: { 'x-delivery-limit': 3 } }, 'x-delivery-limit'],
    ];
    for (const [queue, definition, argument] of differences) {
      await assert.rejects(broker.declare(queue, definition), (error: unknown) => {
        assert.ok(error instanceof BrokerError);
        assert.equal(error.code, 'queue-differs');
        assert.equal(error.difference?.argument, argument);
        return true;
      });
    }
    await broker.declare(classic);
    await broker.declare(quorum, { type: 'quorum' });
    await broker.close();
  },
);
