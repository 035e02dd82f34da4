import { createServer, type Socket } from 'node:net';
import { type Backend, findBackend } from './backend.ts';
import type { Cluster } from './cluster.ts';
import { ClusterError } from './error.ts';
import { errorOfCause } from './failure.ts';
import { forward } from './forward.ts';
import { makeSocketPlace } from './socketPlace.ts';

/** The API server answers such a small question in milliseconds; who waits at the local socket may wait 10 s in all. */
const PATIENCE_MS = 3_000;

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
 * chosen anew for each. A connection that cannot be made is closed; `problem` says why.
 * @param o.port a port of the Service; one that it does not list goes to the Pod's own port of that number
 * @param o.signal ends the opening, not the tunnel
 * @throws ClusterError: `not-found` (no such Service), `not-ready` (no Pod behind it is ready), and those of a call
 */
export async function openTunnel(
  cluster: Cluster,
  o: { namespace: string; service: string; port: number; signal?: AbortSignal },
): Promise<Tunnel> {
  // What is wrong from the start is said here, where somebody waits for the answer.
  await backendNow(cluster, o);
  const closing = new AbortController();
  const connections = new Set<Promise<void>>();
  let problem: ClusterError | undefined;

  const serve = async (local: Socket): Promise<void> => {
    const gone = new AbortController();
    local.on('error', () => {}).once('close', () => gone.abort());
    const signal = AbortSignal.any([closing.signal, gone.signal]);
    try {
      const backend = await backendNow(cluster, { ...o, signal });
      const onOpen = () => {
        problem = undefined;
      };
      await forward(cluster, { local, namespace: o.namespace, backend, signal, onOpen });
    } catch (error) {
      if (!signal.aborted) problem = errorOfCause(error);
    } finally {
      local.destroy();
    }
  };
  // The far side may still be speaking when the near one has said its last word.
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, local => {
    const connection = serve(local).finally(() => connections.delete(connection));
    connections.add(connection);
  });

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

/** A kept connection that died in a sleep is not known to be dead; once it was given up, a new one is made. */
async function backendNow(
  cluster: Cluster,
  o: { namespace: string; service: string; port: number; signal?: AbortSignal },
): Promise<Backend> {
  const patience = AbortSignal.timeout(PATIENCE_MS);
  try {
    return await findBackend(cluster, { ...o, signal: o.signal ? AbortSignal.any([o.signal, patience]) : patience });
  } catch (error) {
    if (o.signal?.aborted || !patience.aborted) throw error;
    return await findBackend(cluster, o);
  }
}
