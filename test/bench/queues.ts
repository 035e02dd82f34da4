import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { mkdtemp, rm } from 'node:fs/promises';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { listQueues } from '../../src/broker/index.ts';
import type { BrokerAddress } from '../../src/workload/brokerUrl.ts';
import { openEditor } from '../e2e/editor/driver.ts';
import { type OwnBroker, ownBroker } from '../faults/ownBroker.ts';
import { labUp } from '../lab/up.ts';
import { packageExtension } from '../package.ts';
import { median, type Row } from './table.ts';

const QUEUES = 10_000;
/** The most that the API puts on a page. */
const PAGE = 500;
const ROUNDS = 5;
const EDITORS = 3;
/** What the view shows without being asked for more. */
const ROWS_AT_MOST = 200;
const MANAGEMENT_PORT = 15672;

interface Lap {
  ms: number;
  requests: number;
  bytes: number;
  longestPauseMs: number;
  /** Processor time of the broker. */
  brokerMs: number;
}

/** Reading all queues of a broker with 10,000 of them, as the Queues view does at each refresh. */
export async function bench(): Promise<Row[]> {
  await labUp();
  await using broker = await ownBroker(`bench-queues-${process.pid}`, { memory: '3Gi' });
  await broker.untilUp();
  const { address } = broker;
  await importQueues(address);
  const contestants = {
    ours: async () => (await listQueues({ address, timeoutMs: 60_000 })).length,
    'GET /api/queues': () => plain(address),
    [`pages of ${PAGE}`]: () => paged(address),
    'rabbitmqctl list_queues': () => byRabbitmqctl(broker),
  };
  const laps: Record<string, Lap[]> = Object.fromEntries(Object.keys(contestants).map(name => [name, []]));
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [name, list] of Object.entries(contestants)) {
      const one = await lap(broker, list);
      // The first round pays for compiling the code.
      if (round > 0) laps[name]?.push(one);
    }
  }
  const of = (name: string, what: keyof Lap) => median((laps[name] ?? []).map(one => one[what]));
  const row = (title: string, what: keyof Lap, unit: string, others: string[], limits: Partial<Row> = {}): Row => ({
    row: title,
    ours: of('ours', what),
    unit,
    better: 'lower',
    beside: Object.fromEntries(others.map(name => [name, of(name, what)])),
    ...limits,
  });
  const api = ['GET /api/queues', `pages of ${PAGE}`];
  const all = Object.keys(contestants).filter(name => name !== 'ours');
  const faster = { ratioLimit: Object.fromEntries(all.map(name => [name, 1])) };
  return [
    row(`list ${QUEUES.toLocaleString('en-US')} queues`, 'ms', 'ms', all, faster),
    row('processor time that it takes of the broker', 'brokerMs', 'ms', all, faster),
    row('requests for it', 'requests', '', api),
    row('bytes received for it', 'bytes', 'bytes', api, { ratioLimit: { 'GET /api/queues': 1 } }),
    row('longest pause of the event loop meanwhile', 'longestPauseMs', 'ms', api, { limit: 50 }),
    await byName(address),
    await inEditor(address),
  ];
}

/** From the click on the container of the views to the rows of queues, in an editor that has just been opened. */
async function inEditor({ host, user, password }: BrokerAddress): Promise<Row> {
  const vsix = packageExtension();
  const settings = { 'workQueue.broker': `amqp://${user}:${password}@${host}` };
  const times: number[] = [];
  for (let round = 0; round < EDITORS; round++) {
    const folder = await mkdtemp(join(tmpdir(), 'kwq-bench-queues-'));
    const editor = await openEditor({ folder, extensions: [vsix], settings });
    try {
      const icon = editor.page.locator('.activitybar a[aria-label^="Work Queues"]');
      const row = editor.page.locator('.pane .monaco-list-row .label-name', { hasText: 'job-00000' });
      await icon.waitFor();
      const started = performance.now();
      await icon.click();
      await row.waitFor({ timeout: 60_000 });
      times.push(performance.now() - started);
      // All are known by then: the last row says how many more there are.
      await editor.treeRow('Queues', `${QUEUES - ROWS_AT_MOST} more…`);
    } finally {
      await editor.close();
      await rm(folder, { recursive: true, force: true });
    }
  }
  return { row: 'until the Queues view shows them, from the click', ours: median(times), unit: 'ms', better: 'lower' };
}

/** Ten of them, chosen by the broker. */
async function byName(address: BrokerAddress): Promise<Row> {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const started = performance.now();
    const found = await listQueues({ address, name: '-0123', timeoutMs: 60_000 });
    times.push(performance.now() - started);
    if (found.length !== 10) throw new Error(`${found.length} queues of that name`);
  }
  return { row: 'find ten of them by name', ours: median(times), unit: 'ms', better: 'lower' };
}

async function lap(broker: OwnBroker, list: () => Promise<number>): Promise<Lap> {
  const runtime = async () => Number(/\d+/.exec(await broker.rabbitmqctl('eval', RUNTIME))?.[0]);
  const traffic = countTraffic();
  const pauses = monitorEventLoopDelay({ resolution: 1 });
  const before = await runtime();
  pauses.enable();
  const started = performance.now();
  const listed = await list();
  const ms = performance.now() - started;
  // A pause is noted by the timer that it has held up.
  await delay(5);
  pauses.disable();
  const brokerMs = (await runtime()) - before;
  if (listed !== QUEUES) throw new Error(`${listed} queues were listed`);
  return { ms, brokerMs, longestPauseMs: pauses.max / 1e6, ...traffic.end() };
}

/** Milliseconds of all processors, of the broker's process since its start. */
const RUNTIME = 'element(1, erlang:statistics(runtime)).';

function countTraffic(): { end(): { requests: number; bytes: number } } {
  let requests = 0;
  const received = new Map<object, number>();
  const onResponse = (message: unknown) => {
    const { response } = message as { request: ClientRequest; response: IncomingMessage };
    requests++;
    const { socket } = response;
    response.once('end', () => received.set(socket, socket.bytesRead));
  };
  subscribe('http.client.response.finish', onResponse);
  return {
    end() {
      unsubscribe('http.client.response.finish', onResponse);
      return { requests, bytes: [...received.values()].reduce((sum, bytes) => sum + bytes, 0) };
    },
  };
}

/** What a script does: all there is, parsed at once. */
async function plain(address: BrokerAddress): Promise<number> {
  return ((await ask(address, 'queues/%2F')) as unknown[]).length;
}

/** What the documentation advises for many queues. */
async function paged(address: BrokerAddress): Promise<number> {
  let listed = 0;
  for (let page = 1, pages = 1; page <= pages; page++) {
    const query = `page=${page}&page_size=${PAGE}&disable_stats=true&enable_queue_totals=true`;
    const answer = (await ask(address, `queues/%2F?${query}`)) as { page_count: number; items: unknown[] };
    pages = answer.page_count;
    listed += answer.items.length;
  }
  return listed;
}

/** In the broker's Pod, where there is no other way to it. */
async function byRabbitmqctl(broker: OwnBroker): Promise<number> {
  const columns = ['name', 'type', 'durable', 'messages_ready', 'messages_unacknowledged'];
  const answer = await broker.rabbitmqctl('list_queues', '--quiet', '--formatter=json', ...columns);
  return (JSON.parse(answer) as unknown[]).length;
}

async function ask({ host, user, password }: BrokerAddress, path: string): Promise<unknown> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const options = { host, port: MANAGEMENT_PORT, path: `/api/${path}`, auth: `${user}:${password}` };
    get({ ...options, agent: false, timeout: 60_000 }, resolve).on('error', reject);
  });
  if (response.statusCode !== 200) throw new Error(`${path}: HTTP ${response.statusCode}`);
  return JSON.parse(await text(response));
}

async function importQueues({ host, user, password }: BrokerAddress): Promise<void> {
  const queues = Array.from({ length: QUEUES }, (_, i) => ({
    ...{ name: `job-${String(i).padStart(5, '0')}`, vhost: '/', durable: true, auto_delete: false, arguments: {} },
  }));
  const response = await fetch(`http://${host}:${MANAGEMENT_PORT}/api/definitions/%2F`, {
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({ queues, exchanges: [], bindings: [] }),
    signal: AbortSignal.timeout(120_000),
  });
  if (!response.ok) throw new Error(`importing the queues: ${response.status} ${await response.text()}`);
}
