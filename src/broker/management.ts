import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { BrokerAddress } from '../workload/brokerUrl.ts';
import { explainConnect, wayOf, words } from './classify.ts';
import { BrokerError } from './error.ts';
import { isRecord } from './fields.ts';
import { arrayItems } from './jsonItems.ts';
import { login } from './login.ts';
import { type TlsFiles, tlsOptions } from './tls.ts';

/** How to reach the management API of a broker. */
export interface ManagementOptions {
  address: BrokerAddress;
  /** For an address with TLS. */
  tls?: TlsFiles;
  /** A tunnel to the management port; the address's host is then used for TLS only. */
  socketPath?: string;
  /**
   * Left out: 15671 (with TLS) for an address with TLS that no tunnel leads to, else 15672, which is always plain. A
   * password that goes to the broker encrypted is not sent in plain because 15671 is closed.
   */
  managementPort?: number;
  signal?: AbortSignal;
  /** For one answer. */
  timeoutMs?: number;
}

const PLAIN_PORT = 15672;
const TLS_PORT = 15671;
/** The API is for looking: a person waits, and AMQP has the figures that matter. */
const ANSWER_TIMEOUT_MS = 10_000;
/** Of one object: a queue with 5,000 consumers is below that. */
const MAX_BYTES = 4 * 2 ** 20;
/** Of a listing: about 600,000 queues. */
const MAX_LISTING_BYTES = 64 * 2 ** 20;
/** The broker answers each request with a process of its own, which take turns with its queues. */
const CONNECTIONS = 4;

/**
 * Does `work` with the management API. Every call of it rejects with a BrokerError: 'management-off' when nothing that
 * is RabbitMQ's management API answers, 'refused' and 'no-permission' when it does not want this user, 'tls', 'cancelled'.
 */
export async function withManagement<T>(options: ManagementOptions, work: (api: Management) => Promise<T>): Promise<T> {
  const api = new Management(options);
  try {
    return await work(api);
  } finally {
    api.close();
  }
}

/** The management API while it is worked with. */
export class Management {
  /** The address's vhost as a part of a path. */
  readonly vhost: string;
  readonly #options: ManagementOptions;
  readonly #target: { host: string; port?: number; socketPath?: string };
  readonly #secure: boolean;
  readonly #agent: HttpAgent;

  /** @throws BrokerError 'tls' when the files are of no use */
  constructor(options: ManagementOptions) {
    const { address, tls, socketPath } = options;
    const port = options.managementPort ?? (address.tls && socketPath === undefined ? TLS_PORT : PLAIN_PORT);
    this.#options = options;
    this.vhost = encodeURIComponent(address.vhost);
    this.#target = socketPath === undefined ? { host: address.host, port } : { host: address.host, socketPath };
    this.#secure = address.tls && port !== PLAIN_PORT;
    const pool = { keepAlive: true, maxSockets: CONNECTIONS };
    this.#agent = this.#secure ? new HttpsAgent({ ...pool, ...tlsOptions(address.host, tls) }) : new HttpAgent(pool);
  }

  /** What `GET /api/…` answers; undefined when there is no such object, or no such vhost. */
  get(path: string): Promise<unknown> {
    return this.#ask(path, readAnswer);
  }

  /** Hands over an answer that is an array, piece by piece; false when there is no such vhost. */
  list(path: string, onItems: (items: unknown[]) => void): Promise<boolean> {
    return this.#ask(path, async answer => {
      if (answer.status !== 200) return (await readAnswer(answer)) !== undefined;
      for await (const items of arrayItems(upTo(MAX_LISTING_BYTES, answer.body))) onItems(items);
      return true;
    });
  }

  close(): void {
    this.#agent.destroy();
  }

  async #ask<T>(path: string, read: (answer: Answer) => Promise<T>): Promise<T> {
    const { signal, timeoutMs = ANSWER_TIMEOUT_MS } = this.#options;
    const limit = AbortSignal.timeout(timeoutMs);
    try {
      return await read(await this.#request(path, signal ? AbortSignal.any([signal, limit]) : limit));
    } catch (error) {
      if (error instanceof BrokerError) throw error;
      if (signal?.aborted) throw new BrokerError('cancelled', '');
      if (limit.aborted) throw new BrokerError('management-off', `no answer within ${timeoutMs / 1000} s`);
      const explained = explainConnect(error, { ...wayOf(this.#options), tls: this.#secure });
      throw explained.code === 'tls' ? explained : new BrokerError('management-off', explained.detail);
    }
  }

  #request(path: string, signal: AbortSignal): Promise<Answer> {
    const { user, password } = login(this.#options.address);
    const headers = {
      authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
      // Listings shrink to a thirtieth.
      'accept-encoding': 'gzip',
    };
    const request = this.#secure ? httpsRequest : httpRequest;
    return new Promise((resolve, reject) => {
      const call = request({ ...this.#target, path: `/api/${path}`, headers, agent: this.#agent, signal }, response =>
        resolve({ status: response.statusCode ?? 0, body: unzipped(response) }),
      );
      call.on('error', reject);
      call.end();
    });
  }
}

interface Answer {
  status: number;
  body: AsyncIterable<Buffer>;
}

function unzipped(response: IncomingMessage): AsyncIterable<Buffer> {
  if (response.headers['content-encoding'] !== 'gzip') return response;
  // An error of either reaches whoever reads.
  return pipeline(response, createGunzip(), () => undefined);
}

async function readAnswer({ status, body }: Answer): Promise<unknown> {
  const pieces: Buffer[] = [];
  for await (const piece of upTo(MAX_BYTES, body)) pieces.push(piece);
  const answer = parse(Buffer.concat(pieces).toString());
  if (status === 200 && answer !== undefined) return answer;
  const { error, reason } = isRecord(answer) ? answer : {};
  if (status === 404 && error === 'Object Not Found') return undefined;
  const detail = words(typeof reason === 'string' ? reason : status === 200 ? 'another API answers' : `HTTP ${status}`);
  if (status === 401 || status === 403) {
    // The password is right then, and AMQP may well work: such a user lacks a tag or the vhost.
    throw new BrokerError(/not \w+ user|not authorised|permission/i.test(detail) ? 'no-permission' : 'refused', detail);
  }
  throw new BrokerError('management-off', detail);
}

async function* upTo(bytes: number, body: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let seen = 0;
  for await (const piece of body) {
    seen += piece.length;
    if (seen > bytes) throw new Error(`an answer of more than ${bytes} bytes`);
    yield piece;
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
