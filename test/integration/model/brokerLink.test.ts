import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BrokerLink } from '../../../src/model/brokerLink.ts';
import { workspaceBroker } from '../../../src/model/brokerPlaces.ts';
import { ClusterLink } from '../../../src/model/clusterLink.ts';
import { labUp } from '../../lab/up.ts';
import { placesWith } from '../../unit/model/places.ts';

test('a connection that nobody uses is closed after a minute, and opened again when it is needed', async t => {
  const lab = await labUp();
  const cluster = new ClusterLink({
    kubeconfig: () => lab.kubeconfig,
    choice: { get: () => ({ namespace: 'lab' }), set: async () => undefined },
    trusted: () => true,
  });
  const { username, password } = new URL(lab.broker.url);
  const setting = () => `amqp://${username}:${password}@${lab.broker.service}`;
  const places = placesWith({ cluster, setting });
  const link = new BrokerLink(places, workspaceBroker(places));
  t.after(() => {
    link.dispose();
    cluster.dispose();
  });
  const hold = link.hold();
  const connected = await link.get();
  assert.deepEqual(connected.service, { namespace: 'lab', name: lab.broker.service }, 'the way leads through a tunnel');
  assert.ok(connected.socketPath);

  t.mock.timers.enable({ apis: ['setTimeout'] });
  t.mock.timers.tick(10 * 60_000);
  assert.equal(link.connected, connected, 'as long as it is held it stays');
  hold.dispose();
  t.mock.timers.tick(59_999);
  assert.equal(link.connected, connected);
  t.mock.timers.tick(1);
  assert.equal(link.connected, undefined);
  t.mock.timers.reset();

  const again = await link.get();
  assert.notEqual(again.socketPath, connected.socketPath);
  assert.deepEqual(await again.broker.depth(`no-such-queue-${Date.now()}`), undefined);
});
