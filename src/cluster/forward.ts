import { once } from 'node:events';
import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';
import type { Backend } from './backend.ts';
import type { Cluster } from './cluster.ts';
import { ClusterError } from './error.ts';
import { Liveness } from './liveness.ts';
import { resourcePath } from './resourcePath.ts';

// The kubelet's protocol for a port: every message is one byte for the channel (0 data, 1 error) and its bytes; the
// first two bytes of each channel repeat the port's number.
const PROTOCOL = 'v4.channel.k8s.io';
const DATA = 0;
const ERROR = 1;
const PORT_BYTES = 2;

const HIGH_WATER_BYTES = 1024 * 1024;
const LOW_WATER_BYTES = 256 * 1024;
const PING_MS = 20_000;
// The protocol cannot say "no more from me" and go on listening. When the near side has said it, the far side is heard
// until it pauses for so long (a container runtime allows it one second).
const LAST_WORDS_MS = 2000;
// The time in which the last data must make some way towards the Pod.
const FLUSH_MS = 60_000;
const END = Buffer.from('end');

export interface Forward {
  /** Paused; half-open allowed. */
  local: Socket;
  namespace: string;
  backend: Backend;
  signal: AbortSignal;
  onOpen: () => void;
  pingMs?: number;
}

/**
 * Joins a local connection and a Pod's port until either ends: byte for byte, and no faster than the slower side reads.
 * @throws ClusterError when the connection cannot be made, breaks, or the kubelet reports an error (port refused)
 */
export async function forward(cluster: Cluster, o: Forward): Promise<void> {
  const socket = await cluster.webSocket({
    path: resourcePath('v1', o.namespace, 'pods', o.backend.pod, 'portforward'),
    query: { ports: o.backend.port },
    protocols: [PROTOCOL],
    signal: o.signal,
  });
  o.onOpen();
  let broken: ClusterError | undefined;
  const end = (error?: ClusterError) => {
    broken ??= error;
    socket.terminate();
  };
  const liveness = new Liveness(socket, o.pingMs ?? PING_MS, () =>
    end(new ClusterError('timeout', 'the connection to the Pod has died')),
  );
  socket.on('error', error => end(new ClusterError('unreachable', error.message, { cause: error })));
  o.local.once('close', () => end());
  sendLocal(o.local, socket, liveness);
  const report = receiveInto(o.local, socket, liveness);
  socket.resume();

  const code = await new Promise<number>(resolve => socket.once('close', resolve));
  liveness.stop();
  if (o.local.destroyed) return;
  if (report() !== '') throw new ClusterError('unreachable', report());
  if (broken) throw broken;
  if (code === 1006) throw new ClusterError('unreachable', 'the connection to the Pod broke');
  o.local.end();
  await once(o.local, 'finish', { signal: o.signal });
}

/** Near to far. */
function sendLocal(local: Socket, socket: WebSocket, liveness: Liveness): void {
  let flush: NodeJS.Timeout | undefined;
  const onWritten = () => {
    flush?.refresh();
    if (local.isPaused() && socket.bufferedAmount < LOW_WATER_BYTES) local.resume();
  };
  local.on('data', (bytes: Buffer) => {
    const message = Buffer.allocUnsafe(bytes.length + 1);
    message[0] = DATA;
    bytes.copy(message, 1);
    liveness.sent();
    socket.send(message, onWritten);
    if (socket.bufferedAmount > HIGH_WATER_BYTES) local.pause();
  });
  local.once('end', () => {
    // The answer to a ping sent now says that all before it has reached the Pod.
    socket.ping(END);
    flush = setTimeout(() => socket.terminate(), FLUSH_MS);
    socket.on('pong', answer => {
      if (!answer.equals(END)) return;
      clearTimeout(flush);
      flush = setTimeout(() => socket.close(), LAST_WORDS_MS);
    });
    socket.on('message', () => flush?.refresh());
  });
  socket.once('close', () => clearTimeout(flush));
  local.resume();
}

/** Far to near. @returns what came on the error channel so far */
function receiveInto(local: Socket, socket: WebSocket, liveness: Liveness): () => string {
  const toSkip = [PORT_BYTES, PORT_BYTES];
  const report: Buffer[] = [];
  socket.on('message', (message: Buffer) => {
    liveness.heard();
    const channel = message[0] ?? DATA;
    const skip = Math.min(toSkip[channel] ?? 0, message.length - 1);
    if (channel < toSkip.length) toSkip[channel] = (toSkip[channel] ?? 0) - skip;
    const bytes = message.subarray(1 + skip);
    if (bytes.length === 0) return;
    if (channel === ERROR) report.push(bytes);
    else if (channel === DATA && !local.write(bytes)) socket.pause();
  });
  local.on('drain', () => socket.resume());
  return () => Buffer.concat(report).toString('utf8');
}
