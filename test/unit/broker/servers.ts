import { createServer, type Server, type Socket } from 'node:net';
import type { BrokerAddress } from '../../../src/workload/brokerUrl.ts';

/** A server that stands in for what may answer on a port instead of a broker. */
export interface FakeServer extends AsyncDisposable {
  address: BrokerAddress;
  /** How many clients are connected. */
  clients(): number;
}

/** Listens on loopback, or at `path`, and hands every client to `onClient`. */
export async function fakeServer(onClient: (socket: Socket) => void, path?: string): Promise<FakeServer> {
  const sockets = new Set<Socket>();
  const server: Server = createServer(socket => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => undefined);
    // Unread bytes would hide that a client has gone.
    socket.resume();
    onClient(socket);
  });
  await new Promise<void>(resolve => {
    if (path === undefined) server.listen(0, '127.0.0.1', resolve);
    else server.listen(path, resolve);
  });
  const listening = server.address();
  const port = typeof listening === 'object' && listening ? listening.port : 5672;
  return {
    address: { tls: false, host: '127.0.0.1', port, user: 'ann', password: 'se@cret', vhost: '/' },
    clients: () => sockets.size,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise(resolve => server.close(resolve));
    },
  };
}
