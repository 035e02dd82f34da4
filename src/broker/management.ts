import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { text } from 'node:stream/consumers';
import type { BrokerAddress } from '../workload/brokerUrl.ts';
import { words } from './classify.ts';
import { BrokerError } from './error.ts';
import { login } from './login.ts';

/** One queue as the management API shows it; undefined: it does not say, which is never 0. */
export interface QueueFigures {
  name: string;
  /** `classic`, `quorum`, `stream` or what a plugin adds. */
  type: string;
  durable: boolean;
  ready: number | undefined;
  unacked: number | undefined;
  consumers: number | undefined;
}

export interface ListOptions {
  address: BrokerAddress;
  /** A tunnel to the management port. */
  socketPath?: string;
  managementPort?: number;
  signal?: AbortSignal;
  /** For one page. */
  timeoutMs?: number;
}

/** The API is for looking: a person waits, and AMQP has the figures that matter. */
const PAGE_TIMEOUT_MS = 5_000;
/** The most that the API accepts. */
const PAGE_SIZE = 500;
/** A page of the asked columns with names of 255 bytes is below 200 kB. */
const MAX_PAGE_BYTES = 4 * 2 ** 20;

/**
 * The queues of the address's vhost, by name. Rejects with a BrokerError: 'management-off' when nothing that is
 * RabbitMQ's management API answers, 'refused' and 'no-permission' when it does not want this user.
 */
export async function listQueues(options: ListOptions): Promise<QueueFigures[]> {
  const queues = new Map<string, QueueFigures>();
  for (let page = 1, pages = 1; page <= pages; page++) {
    const answer = await readPage(options, page);
    pages = answer.pages;
    // A queue that is deleted meanwhile moves the others, so that one may be on two pages.
    for (const queue of answer.queues) queues.set(queue.name, queue);
  }
  return [...queues.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

async function readPage(options: ListOptions, page: number): Promise<{ pages: number; queues: QueueFigures[] }> {
  const query = new URLSearchParams({
    page: String(page),
    page_size: String(PAGE_SIZE),
    // Without these the API computes rates of everything, which takes seconds with thousands of queues.
    disable_stats: 'true',
    enable_queue_totals: 'true',
  });
  const path = `/api/queues/${encodeURIComponent(options.address.vhost)}?${query}`;
  const { status, body } = await get(options, path);
  if (status === 200) return toPage(body);
  const reason = words(reasonOf(body) ?? `HTTP ${status}`);
  if (status === 401 || status === 403) {
    // The password is right and AMQP may well work: such a user only lacks the tag.
    throw new BrokerError(/management user|vhost|permission/i.test(reason) ? 'no-permission' : 'refused', reason);
  }
  throw new BrokerError('management-off', reason);
}

async function get(options: ListOptions, path: string): Promise<{ status: number; body: string }> {
  const { address, socketPath, signal, timeoutMs = PAGE_TIMEOUT_MS } = options;
  const port = options.managementPort ?? (address.tls ? 15671 : 15672);
  // RabbitMQ's ports say which protocol they speak; brokers with amqps and plain HTTP inside a cluster are common.
  const request = address.tls && port !== 15672 ? httpsRequest : httpRequest;
  const { user, password } = login(address);
  const limit = AbortSignal.timeout(timeoutMs);
  try {
    return await new Promise((resolve, reject) => {
      const call = request(
        {
          ...(socketPath === undefined ? { host: address.host, port } : { socketPath, host: address.host }),
          path,
          headers: { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` },
          agent: false,
          signal: signal ? AbortSignal.any([signal, limit]) : limit,
        },
        response => {
          let bytes = 0;
          response.on('data', (chunk: Buffer) => {
            bytes += chunk.length;
            if (bytes > MAX_PAGE_BYTES) response.destroy(new Error(`an answer of more than ${MAX_PAGE_BYTES} bytes`));
          });
          text(response).then(body => resolve({ status: response.statusCode ?? 0, body }), reject);
        },
      );
      call.on('error', reject);
      call.end();
    });
  } catch (error) {
    if (signal?.aborted) throw new BrokerError('cancelled', '');
    if (limit.aborted) throw new BrokerError('management-off', `no answer within ${timeoutMs / 1000} s`);
    throw new BrokerError('management-off', words(error));
  }
}

function toPage(body: string): { pages: number; queues: QueueFigures[] } {
  const answer = parse(body);
  if (!isRecord(answer) || !Array.isArray(answer.items)) throw new BrokerError('management-off', 'another API answers');
  return { pages: count(answer.page_count) ?? 1, queues: answer.items.filter(isRecord).map(toFigures) };
}

function toFigures(item: Record<string, unknown>): QueueFigures {
  return {
    name: String(item.name),
    type: typeof item.type === 'string' ? item.type : 'classic',
    durable: item.durable === true,
    ready: count(item.messages_ready),
    unacked: count(item.messages_unacknowledged),
    consumers: count(item.consumers),
  };
}

function reasonOf(body: string): string | undefined {
  const answer = parse(body);
  return isRecord(answer) && typeof answer.reason === 'string' ? answer.reason : undefined;
}

function count(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
