import type { Cluster } from './cluster.ts';
import { ClusterError } from './error.ts';
import { errorOfCause } from './failure.ts';
import { resourcePath } from './resourcePath.ts';

export interface LogOptions {
  namespace: string;
  pod: string;
  container?: string;
  follow?: boolean;
  tailLines?: number;
  /** Each line begins with its time (RFC 3339) and a space. */
  timestamps?: boolean;
  /** Only lines of that second or later, RFC 3339. */
  sinceTime?: string;
  /** At most so many bytes, from the beginning. */
  limitBytes?: number;
  /** The log of the container before its last restart. */
  previous?: boolean;
  signal: AbortSignal;
}

/**
 * A Pod's log in pieces of text as they come: no piece waits for the end of its line, no character is cut in two, and
 * nothing is read ahead of the caller. Ends when the log ends or the signal aborts. The text is untrusted.
 * @throws ClusterError: `invalid` while the container waits to start, `unreachable` when the connection is lost
 */
export async function* readLog(cluster: Cluster, o: LogOptions): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  const { namespace, pod, signal, ...query } = o;
  try {
    const stream = await cluster.stream({
      path: resourcePath('v1', namespace, 'pods', pod, 'log'),
      query: { ...query },
      signal,
    });
    for await (const chunk of stream) {
      const text = decoder.decode(chunk as Buffer, { stream: true });
      if (text !== '') yield text;
    }
    const rest = decoder.decode();
    if (rest !== '') yield rest;
  } catch (error) {
    if (signal.aborted || (error instanceof ClusterError && error.code === 'cancelled')) return;
    throw errorOfCause(error);
  }
}
