import { once } from 'node:events';
import type { Socket } from 'node:net';
import type { Backend } from './backend.ts';
import { CHANNEL_PROTOCOL, channelFraming } from './channelFraming.ts';
import type { Cluster } from './cluster.ts';
import { ClusterError } from './error.ts';
import type { Framing } from './framing.ts';
import { Liveness } from './liveness.ts';
import { resourcePath } from './resourcePath.ts';
import { SPDY_PROTOCOL, spdyFraming } from './spdyFraming.ts';
import type { WebSocket } from './webSocket.ts';

const PROTOCOLS = [SPDY_PROTOCOL, CHANNEL_PROTOCOL];
const HIGH_WATER_BYTES = 1024 * 1024;
const LOW_WATER_BYTES = 256 * 1024;
const PING_MS = 20_000;
// The older protocol cannot say "no more from me" and go on listening. When the near side has said it, the far side is
// heard until it pauses for so long (a container runtime allows it one second).
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
  /** How long the opening may take, when not as long as any call. */
  openMs?: number;
  pingMs?: number;
}

/**
 * Joins a local connection and a Pod's port until either ends: byte for byte, and no faster than the slower side reads.
 * @throws ClusterError when the connection cannot be made, breaks, or the kubelet reports an error (port refused)
 */
export async function forward(cluster: Cluster, o: Forward): Promise<void> {
  const { socket, framing } = await open(cluster, o);
  o.onOpen();
  const liveness = new Liveness(socket, o.pingMs ?? PING_MS, () =>
    socket.terminate(new ClusterError('timeout', 'the connection to the Pod has died')),
  );
  o.local.once('close', () => socket.terminate());
  for (const message of framing.opening) socket.send(message);
  sendLocal(o.local, socket, framing, liveness);
  const report = receiveInto(o.local, socket, framing, liveness);
  socket.resume();

  const broken = await new Promise<Error | undefined>(resolve => socket.once('close', resolve));
  liveness.stop();
  if (o.local.destroyed) return;
  if (report() !== '') throw new ClusterError('unreachable', report());
  if (broken instanceof ClusterError) throw broken;
  if (broken) throw new ClusterError('unreachable', broken.message, { cause: broken });
  o.local.end();
  await once(o.local, 'finish', { signal: o.signal });
}

async function open(cluster: Cluster, o: Forward): Promise<{ socket: WebSocket; framing: Framing }> {
  const way = {
    path: resourcePath('v1', o.namespace, 'pods', o.backend.pod, 'portforward'),
    query: { ports: o.backend.port },
    signal: o.signal,
    timeoutMs: o.openMs,
  };
  try {
    const socket = await cluster.webSocket({ ...way, protocols: PROTOCOLS });
    return { socket, framing: socket.protocol === SPDY_PROTOCOL ? spdyFraming(o.backend.port) : channelFraming() };
  } catch (error) {
    // A proxy on the way may hold to RFC 6455, by which the newer protocol's name is none.
    if (!(error instanceof ClusterError && error.status === 400)) throw error;
    return {
      socket: await cluster.webSocket({ ...way, protocols: [CHANNEL_PROTOCOL] }),
      framing: channelFraming(),
    };
  }
}

/** Near to far. */
function sendLocal(local: Socket, socket: WebSocket, framing: Framing, liveness: Liveness): void {
  let flush: NodeJS.Timeout | undefined;
  const onWritten = () => {
    flush?.refresh();
    if (local.isPaused() && socket.bufferedBytes < LOW_WATER_BYTES) local.resume();
  };
  local.on('data', (bytes: Buffer) => {
    liveness.sent();
    socket.send(framing.wrap(bytes), onWritten);
    if (socket.bufferedBytes > HIGH_WATER_BYTES) local.pause();
  });
  local.once('end', () => {
    flush = setTimeout(() => socket.terminate(), FLUSH_MS);
    socket.on('bytes', () => flush?.refresh());
    if (framing.ending) {
      // The far side ends as well when it has read all and said what it had to say.
      socket.send(framing.ending, onWritten);
      return;
    }
    // The answer to a ping sent now says that all before it has reached the Pod.
    socket.ping(END);
    socket.on('pong', answer => {
      if (!answer.equals(END)) return;
      clearTimeout(flush);
      flush = setTimeout(() => socket.close(), LAST_WORDS_MS);
    });
  });
  socket.once('close', () => clearTimeout(flush));
  local.resume();
}

/** Far to near. @returns what has been reported as wrong so far */
function receiveInto(local: Socket, socket: WebSocket, framing: Framing, liveness: Liveness): () => string {
  const report: Buffer[] = [];
  const hearer = {
    onData(bytes: Buffer) {
      // What arrives in one turn of the event loop is written at once: TLS cuts it into pieces of 16 KiB.
      if (local.writableCorked === 0) {
        local.cork();
        setImmediate(() => local.uncork());
      }
      if (!local.write(bytes)) socket.pause();
    },
    onReport: (bytes: Buffer) => void report.push(bytes),
    onReply: (message: Buffer) => socket.send(message),
    onEnd: () => socket.terminate(),
  };
  socket.on('bytes', (bytes, begins) => {
    liveness.heard();
    framing.unwrap(bytes, begins, hearer);
  });
  local.on('drain', () => socket.resume());
  return () => Buffer.concat(report).toString('utf8');
}
