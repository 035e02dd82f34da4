import { createServer, type Socket } from 'node:net';
import type { Backend } from './backend.ts';
import { Backends } from './backends.ts';
import type { Cluster } from './cluster.ts';
import { ClusterError } from './error.ts';
import { errorOfCause } from './failure.ts';
import { forward } from './forward.ts';
import { makeSocketPlace } from './socketPlace.ts';

/** For a Pod that was ready just now; who waits for a connection may wait 10 s in all. */
const PATIENCE_MS = 3_000;

/** What may wait for a local reader: with the 64 KiB that are usual, a message of 1 MiB is paused for sixteen times. */
const LOCAL_BUFFER_BYTES = 2 ** 20;

/** A local socket (named pipe on Windows) that leads into the cluster. */
export interface Tunnel {
  readonly socketPath: string;
  /** Why the latest connection failed or broke, until one succeeds. */
  readonly problem: ClusterError | undefined;
  /** Ends every connection and removes the socket. */
  close(): Promise<void>;
}

/**
 * Opens a socket, reachable by this user only, whose every connection is forwarded to a ready Pod behind the Service,
 * chosen anew when the last choice is some seconds old or cannot be reached. A connection that cannot be made is closed;
 * `problem` says why.
 * @param o.port a port of the Service; one that it does not list goes to the Pod's own port of that number
 * @param o.signal ends the opening, not the tunnel
 * @throws ClusterError: `not-found` (no such Service), `not-ready` (no Pod behind it is ready), and those of a call
 */
export async function openTunnel(
  cluster: Cluster,
  o: { namespace: string; service: string; port: number; signal?: AbortSignal },
): Promise<Tunnel> {
  // What is wrong from the start is said here, where somebody waits for the answer.
  const backends = new Backends(cluster, o);
  await backends.find(o.signal);
  const closing = new AbortController();
  const connections = new Set<Promise<void>>();
  let problem: ClusterError | undefined;

  const serve = async (local: Socket): Promise<void> => {
    const gone = new AbortController();
    local.on('error', () => {}).once('close', () => gone.abort());
    const signal = AbortSignal.any([closing.signal, gone.signal]);
    let opened = false;
    const onOpen = () => {
      opened = true;
      problem = undefined;
    };
    const join = (backend: Backend, openMs?: number) =>
      forward(cluster, { local, namespace: o.namespace, backend, signal, onOpen, openMs });
    const joinRecent = async (): Promise<boolean> => {
      const { recent } = backends;
      if (!recent) return false;
      try {
        await join(recent, PATIENCE_MS);
        return true;
      } catch (error) {
        // A Pod that went meanwhile is no reason to fail, as long as nothing was taken from the local end.
        if (opened || signal.aborted) throw error;
        return false;
      }
    };
    try {
      if (!(await joinRecent())) await join(await backends.find(signal));
    } catch (error) {
      backends.forget();
      if (!signal.aborted) problem = errorOfCause(error);
    } finally {
      local.destroy();
    }
  };
  // The far side may still be speaking when the near one has said its last word.
  const server = createServer(
    { allowHalfOpen: true, pauseOnConnect: true, highWaterMark: LOCAL_BUFFER_BYTES },
    local => {
      const connection = serve(local).finally(() => connections.delete(connection));
      connections.add(connection);
    },
  );

  const place = await makeSocketPlace();
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(place.path, resolve);
    });
    o.signal?.throwIfAborted();
  } catch (error) {
    server.close();
    await place.remove();
    throw o.signal?.aborted ? new ClusterError('cancelled', 'cancelled') : errorOfCause(error);
  }

  return {
    socketPath: place.path,
    get problem() {
      return problem;
    },
    async close() {
      closing.abort();
      server.close();
      await Promise.all(connections);
      await place.remove();
    },
  };
}
