import { connect } from '../../src/broker/index.ts';
import { openCluster, openTunnel } from '../../src/cluster/index.ts';
import { parseBrokerUrl } from '../../src/workload/brokerUrl.ts';
import { BROKER } from '../lab/broker.ts';

// What an editor holds open to the lab's broker through a tunnel, as a process of its own that can be put to sleep. It
// is given a kubeconfig's path, and tells its parent when it is connected, when that ends and when it is connected again.
const parsed = parseBrokerUrl(BROKER.url);
if ('problem' in parsed) throw new Error(BROKER.url);
const cluster = openCluster({ kubeconfig: process.argv[2] });
const tunnel = await openTunnel(cluster, { namespace: BROKER.namespace, service: BROKER.service, port: 5672 });
const options = { address: parsed.address, socketPath: tunnel.socketPath, purpose: 'sleeper' };

const first = await connect(options);
const lost = new Promise<void>(resolve => first.onClosed(() => resolve()));
process.send?.('connected');
await lost;
process.send?.('lost');
const second = await connect(options);
process.send?.('connected');
await second.close();
await tunnel.close();
cluster.close();
process.disconnect();
