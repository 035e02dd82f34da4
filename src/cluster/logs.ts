import type { Cluster } from './cluster.ts';

export interface LogOptions {
  namespace: string;
  pod: string;
  container?: string;
  follow?: boolean;
  tailLines?: number;
  previous?: boolean;
  signal: AbortSignal;
}

/** A Pod's log in pieces of text as they come, of any line length; ends when the log ends or the signal aborts. */
export async function* readLog(_cluster: Cluster, _o: LogOptions): AsyncGenerator<string> {
  yield await Promise.reject(new Error('not written yet'));
}
