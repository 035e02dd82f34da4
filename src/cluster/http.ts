import { type Agent, request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Socket } from 'node:net';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
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

// After a sleep or a change of network a kept connection is dead, and nothing says so. What is read is then asked for
// again on a new one; what is written must not be sent twice, so it takes no connection that was idle for longer.
const KEPT_PATIENCE_MS = 3_000;
const PROVEN_MS = 1_000;
/** By the clock on the wall, which goes on while a computer sleeps. */
const lastUsed = new WeakMap<Socket, number>();

/** Sends a request and waits for the answer's head. @throws NoAnswer; the scope's ClusterError */
export function send(exchange: Exchange, scope: Scope): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const { url, method, headers, body, agent } = exchange;
    if (method !== 'GET') dropIdle(agent);
    const start = url.startsWith('https:') ? httpsRequest : httpRequest;
    let patience: NodeJS.Timeout | undefined;
    const request = start(url, { method, headers, agent, signal: scope.signal }, response => {
      clearTimeout(patience);
      // A stream that is aborted while nobody reads it must not bring the program down.
      response.on('error', () => {});
      const { socket } = response;
      response.once('close', () => lastUsed.set(socket, Date.now()));
      resolve(response);
    });
    request.once('socket', () => {
      if (method !== 'GET' || !request.reusedSocket) return;
      patience = setTimeout(() => request.destroy(new Error('a kept connection is dead')), KEPT_PATIENCE_MS);
    });
    request.on('error', error => {
      clearTimeout(patience);
      const stale = request.reusedSocket;
      // Every other idle connection is as dead as this one.
      if (stale) dropIdle(agent, 0);
      reject(scope.ended() ?? new NoAnswer(error, stale));
    });
    request.end(body);
  });
}

/** Closes the connections that have been idle for so long that they may be dead. @param longerThanMs default 1000 */
export function dropIdle(agent: Agent, longerThanMs = PROVEN_MS): void {
  const now = Date.now();
  for (const socket of Object.values(agent.freeSockets).flat()) {
    if (socket && Math.abs(now - (lastUsed.get(socket) ?? 0)) >= longerThanMs) socket.destroy();
  }
}

/** Reads an answer to its end. @throws ClusterError */
export async function readText(response: IncomingMessage, scope: Scope): Promise<string> {
  const packed = response.headers['content-encoding'] === 'gzip';
  const chunks: Buffer[] = [];
  try {
    const body = packed ? pipeline(response, createGunzip(), () => {}) : response;
    for await (const chunk of body) chunks.push(chunk as Buffer);
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
