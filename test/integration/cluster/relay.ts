import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { type Cluster, openCluster } from '../../../src/cluster/index.ts';

/** A way to the API server that can be cut. */
export interface Relay {
  cluster: Cluster;
  /** The file that leads through the relay. */
  kubeconfig: string;
  /** Breaks every connection and accepts none. */
  cut(): Promise<void>;
  mend(): Promise<void>;
  /** Lets no byte through any more, on the connections that are open, and says nothing. */
  mute(): void;
}

/** Puts a TCP relay between a cluster of this kubeconfig and its API server. It ends with the test. */
export async function relayTo(t: TestContext, kubeconfig: string, namespace: string): Promise<Relay> {
  const config = JSON.parse(await readFile(kubeconfig, 'utf8'));
  const far = new URL(config.clusters[0].cluster.server);
  const open = new Set<Socket>();
  let server: Server;
  const listen = async (port: number) => {
    server = createServer(near => {
      const up = connect(Number(far.port), far.hostname);
      for (const socket of [near, up]) {
        open.add(socket);
        socket.on('error', () => {}).once('close', () => open.delete(socket));
      }
      near.pipe(up).pipe(near);
    }).listen(port, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  };
  const cut = async () => {
    const closed = once(server, 'close');
    server.close();
    for (const socket of open) socket.resetAndDestroy();
    await closed;
  };
  const port = await listen(0);
  const folder = await mkdtemp(join(tmpdir(), 'kwq-test-'));
  const file = join(folder, 'config');
  // The certificate is the API server's: it knows that name, not the relay's address.
  Object.assign(config.clusters[0].cluster, {
    server: `https://127.0.0.1:${port}`,
    'tls-server-name': 'kubernetes.default',
  });
  await writeFile(file, JSON.stringify(config));
  const cluster = openCluster({ kubeconfig: file, namespace });
  t.after(async () => {
    cluster.close();
    if (server.listening) await cut();
    await rm(folder, { recursive: true, force: true });
  });
  return {
    cluster,
    kubeconfig: file,
    cut,
    async mend() {
      await listen(port);
    },
    mute() {
      for (const socket of open) socket.unpipe().pause();
    },
  };
}
