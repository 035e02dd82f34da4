import { createServer, type Socket, connect as tcpConnect } from 'node:net';
import type { BrokerAddress } from '../../../src/workload/brokerUrl.ts';

/** A way to the broker that a test can cut. */
export interface Wire extends AsyncDisposable {
  address: BrokerAddress;
  /** Resets both ends. */
  cut(): void;
  /** From here on nothing goes through in either direction, and neither end is told. */
  unplug(): void;
}

/** Forwards connections to the broker at `to`. */
export async function wireTo(to: BrokerAddress): Promise<Wire> {
  const sockets = new Set<Socket>();
  const server = createServer(near => {
    const far = tcpConnect(to.port, to.host);
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(socket);
      socket.pipe(other);
      socket.on('error', () => other.destroy()).on('close', () => other.destroy());
    }
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const listening = server.address();
  if (typeof listening !== 'object' || !listening) throw new Error('not listening');
  const cut = () => {
    for (const socket of sockets) socket.resetAndDestroy();
  };
  return {
    address: { ...to, host: '127.0.0.1', port: listening.port },
    cut,
    unplug() {
      for (const socket of sockets) socket.unpipe().pause();
    },
    async [Symbol.asyncDispose]() {
      cut();
      await new Promise(resolve => server.close(resolve));
    },
  };
}
