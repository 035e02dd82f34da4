import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { TestContext } from 'node:test';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Cluster } from '../../../src/cluster/index.ts';
import { fakeServer, json } from './fakeServer.ts';

export const PORT = 5672;

/** The first message of each channel: the port's number, as the kubelet sends it. */
export const PORT_BYTES = [Buffer.of(0, PORT & 0xff, PORT >> 8), Buffer.of(1, PORT & 0xff, PORT >> 8)];

/** A cluster with one Service `broker`, one ready Pod behind it, and a port-forward that does as the test says. */
export async function fakeKubelet(
  t: TestContext,
  onForward: (far: WebSocket) => void,
  o: { pods?: object[]; autoPong?: boolean } = {},
): Promise<{ cluster: Cluster; forwards: string[] }> {
  const ready = {
    metadata: { name: 'broker-0' },
    spec: { containers: [{ name: 'c', ports: [{ name: 'amqp', containerPort: PORT }] }] },
    status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] },
  };
  const fake = await fakeServer(t, (call, response) => {
    if (call.path.endsWith('/pods')) json(response, 200, { items: o.pods ?? [ready] });
    else json(response, 200, { spec: { selector: { app: 'broker' }, ports: [{ port: 5672, targetPort: 'amqp' }] } });
  });
  const forwards: string[] = [];
  const sockets = new WebSocketServer({ noServer: true, autoPong: o.autoPong ?? true });
  fake.server.on('upgrade', (request, socket, head) => {
    sockets.handleUpgrade(request, socket, head, far => {
      forwards.push(request.url ?? '');
      t.after(() => far.terminate());
      onForward(far);
    });
  });
  return { cluster: await fake.open(), forwards };
}

/** Connects to a tunnel; ends with the test. */
export async function dial(t: TestContext, socketPath: string): Promise<Socket> {
  const socket = connect({ path: socketPath, allowHalfOpen: true });
  t.after(() => socket.destroy());
  socket.on('error', () => {});
  await once(socket, 'connect');
  return socket;
}

/** All that a socket says until its end. */
export async function readAll(socket: Socket): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of socket) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
