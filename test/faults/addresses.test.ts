import assert from 'node:assert/strict';
import { createServer, connect as tcpConnect } from 'node:net';
import { connect, listQueues, testBroker } from '../../src/broker/index.ts';
import { formatBrokerUrl, parseBrokerUrl } from '../../src/workload/brokerUrl.ts';
import { address, managementPort, newUser, newVhost, purpose } from '../integration/broker/labBroker.ts';
import { fault } from './fault.ts';

fault(10, 'a broker at an IPv6 address is reached, as its URL writes it', { once: true }, async t => {
  const server = createServer(near => {
    const far = tcpConnect(address.port, address.host);
    near.pipe(far).pipe(near);
    near.on('error', () => far.destroy()).on('close', () => far.destroy());
    far.on('error', () => near.destroy()).on('close', () => near.destroy());
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '::1', resolve));
  t.after(() => server.close());
  const listening = server.address();
  assert.ok(typeof listening === 'object' && listening);
  const parsed = parseBrokerUrl(`amqp://${address.user}:${address.password}@[::1]:${listening.port}`);
  assert.ok('address' in parsed);
  assert.ok(await testBroker({ address: parsed.address, purpose }));
});

fault(
  10,
  'a URL with every character in password and vhost reaches AMQP and the management API',
  { once: true },
  async () => {
    for (const vhost of ['a/b', `a/b %2F ü ${process.pid}`, `#?&=:@[] ${process.pid}`, `/${process.pid}/`]) {
      await newVhost(vhost);
      for (const password of ['#/@%ü', 'p%40ss:wörd?&=+ "\'\\', '密码🐇', ' ']) {
        const user = await newUser(password, { configure: '.*', write: '.*', read: '.*' }, vhost);
        const parsed = parseBrokerUrl(formatBrokerUrl(user));
        assert.ok('address' in parsed);
        assert.deepEqual(parsed.address, user);
        const broker = await connect({ address: parsed.address, purpose });
        await broker.declare('q');
        await broker.close();
        assert.ok(await testBroker({ address: parsed.address, purpose }), `${vhost} ${password}`);
      }
      // The administrator: a user without a tag may not use that API.
      const all = await listQueues({ address: { ...address, vhost }, managementPort });
      assert.deepEqual(
        all.map(queue => queue.name),
        ['q'],
      );
    }
  },
);
