import { type Agent, request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { errorOfCause, errorOfStatus } from './failure.ts';
import type { Scope } from './scope.ts';

/** One HTTP exchange, ready to be sent. */
export interface Exchange {
  url: string;
  method: string;
  headers: Record<string, string | number>;
  body?: Buffer;
  agent: Agent;
}

/** An error that came before an answer did; `stale`: on a kept-alive connection that the server had already left. */
export class NoAnswer extends Error {
  readonly stale: boolean;
  constructor(cause: unknown, stale: boolean) {
    super('no answer', { cause });
    this.stale = stale;
  }
}

/** Sends a request and waits for the answer's head. @throws NoAnswer; the scope's ClusterError */
export function send(exchange: Exchange, scope: Scope): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const { url, method, headers, body, agent } = exchange;
    const start = url.startsWith('https:') ? httpsRequest : httpRequest;
    const request = start(url, { method, headers, agent, signal: scope.signal }, response => {
      // A stream that is aborted while nobody reads it must not bring the program down.
      response.on('error', () => {});
      resolve(response);
    });
    request.on('error', error => {
      const stale = request.reusedSocket;
      // After a sleep or a change of network every idle connection is as dead as this one.
      if (stale) for (const idle of Object.values(agent.freeSockets).flat()) idle?.destroy();
      reject(scope.ended() ?? new NoAnswer(error, stale));
    });
    request.end(body);
  });
}

/** Reads an answer to its end. @throws ClusterError */
export async function readText(response: IncomingMessage, scope: Scope): Promise<string> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of response) chunks.push(chunk as Buffer);
  } catch (error) {
    throw scope.ended() ?? errorOfCause(error);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Reads the answer that is not a success into its error. */
export async function readError(response: IncomingMessage, scope: Scope) {
  const status = response.statusCode ?? 0;
  return errorOfStatus(status, await readText(response, scope), response.headers['retry-after']);
}
