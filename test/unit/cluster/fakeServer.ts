import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { type Cluster, type OpenOptions, openCluster } from '../../../src/cluster/index.ts';

/** One request as the fake API server got it. */
export interface Call {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: IncomingMessage['headers'];
  body: unknown;
}

export interface FakeServer {
  url: string;
  calls: Call[];
  server: Server;
  /** A cluster of this server; ends with the test. */
  open(o?: OpenOptions & { user?: Record<string, unknown> }): Promise<Cluster>;
}

/** An API server that answers as the test says, for what a real one does not do when asked. It ends with the test. */
export async function fakeServer(
  t: TestContext,
  answer: (call: Call, response: ServerResponse) => void | Promise<void>,
): Promise<FakeServer> {
  const calls: Call[] = [];
  const server = createServer(async (request, response) => {
    const url = new URL(request.url ?? '/', 'http://fake');
    let text = '';
    for await (const chunk of request) text += chunk;
    const call: Call = {
      method: request.method ?? '',
      path: url.pathname,
      query: url.searchParams,
      headers: request.headers,
      body: text === '' ? undefined : JSON.parse(text),
    };
    calls.push(call);
    await answer(call, response);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    calls,
    server,
    async open(o = {}) {
      const { user = { token: 'first' }, ...options } = o;
      const cluster = openCluster({ kubeconfig: await writeKubeconfig(t, { server: url, user }), ...options });
      t.after(() => cluster.close());
      return cluster;
    },
  };
}

/** Writes a kubeconfig of one context `fake` into a folder that ends with the test. @returns its path */
export async function writeKubeconfig(
  t: TestContext,
  o: { server: string; user?: Record<string, unknown>; cluster?: Record<string, unknown> },
): Promise<string> {
  const file = join(await scratch(t), 'config');
  await writeFile(
    file,
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'Config',
      'current-context': 'fake',
      clusters: [{ name: 'fake', cluster: { server: o.server, ...o.cluster } }],
      users: [{ name: 'fake', user: o.user ?? {} }],
      contexts: [{ name: 'fake', context: { cluster: 'fake', user: 'fake', namespace: 'test' } }],
    }),
  );
  return file;
}

/** A folder that ends with the test. */
export async function scratch(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'kwq-test-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Answers with JSON. */
export function json(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}) {
  response.writeHead(status, { 'Content-Type': 'application/json', ...headers }).end(JSON.stringify(body));
}

/** Answers with a Kubernetes Status. */
export function refuse(
  response: ServerResponse,
  status: number,
  message: string,
  headers: Record<string, string> = {},
) {
  json(response, status, { kind: 'Status', apiVersion: 'v1', status: 'Failure', code: status, message }, headers);
}
