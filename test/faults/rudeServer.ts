import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { Agent, request } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import type { TestContext } from 'node:test';

/** One request on its way to the API server. */
export interface Passing {
  method: string;
  path: string;
  isWatch: boolean;
  /** The header. */
  authorization: string;
  /** By performance.now(). */
  at: number;
  response: ServerResponse;
  /** Answers with a Status, and whatever headers are given. */
  refuse(status: number, headers?: Record<string, string>): void;
  /** Lets it through. @param back what becomes of the answer's bytes; nothing: they come back as they are */
  pass(back?: (piece: Buffer, response: ServerResponse) => void): void;
  /** Lets it through, also when nobody waits for it any more, and loses the answer. @returns its status, when it came */
  lose(): Promise<number>;
}

/** A way to an API server on which anything may happen to a request, and on which all of them are counted. */
export interface RudeServer {
  /** Leads to the API server by this way. */
  kubeconfig: string;
  calls: Passing[];
  /** What happens to requests from now on; default: they are let through. */
  behave(manners: (passing: Passing) => void): void;
  /** Breaks every connection. */
  cut(): void;
}

/** Puts itself before an API server; ends with the test. */
export async function rudeServer(t: TestContext, kubeconfig: string): Promise<RudeServer> {
  const config = JSON.parse(await readFile(kubeconfig, 'utf8'));
  const [{ cluster }] = config.clusters;
  const [{ user }] = config.users;
  const pem = (data: string) => Buffer.from(data, 'base64');
  const agent = new Agent({
    keepAlive: true,
    ca: pem(cluster['certificate-authority-data']),
    cert: pem(user['client-certificate-data']),
    key: pem(user['client-key-data']),
    servername: 'kubernetes.default',
  });
  const calls: Passing[] = [];
  let manners = (passing: Passing) => passing.pass();

  const onRequest = async (incoming: IncomingMessage, response: ServerResponse) => {
    const at = performance.now();
    const url = new URL(incoming.url ?? '/', cluster.server);
    const body = await buffer(incoming);
    // The way there has its own credentials; those that came are the test's to judge.
    const { authorization = '', ...others } = incoming.headers;
    const headers = { ...others, host: url.host };
    const forward = () => request(url, { method: incoming.method, headers, agent }).end(body);
    const passing: Passing = {
      method: incoming.method ?? '',
      path: url.pathname,
      isWatch: url.searchParams.has('watch'),
      authorization,
      at,
      response,
      refuse(status, headers = {}) {
        const body = { kind: 'Status', apiVersion: 'v1', status: 'Failure', code: status, message: 'not now' };
        response.writeHead(status, { 'Content-Type': 'application/json', ...headers }).end(JSON.stringify(body));
      },
      pass(back) {
        const sent = forward();
        sent.once('response', (answer: IncomingMessage) => {
          response.writeHead(answer.statusCode ?? 502, answer.headers);
          response.flushHeaders();
          if (!back) return answer.pipe(response);
          answer.on('data', (piece: Buffer) => back(piece, response)).on('end', () => response.end());
          return answer.on('error', () => response.destroy());
        });
        sent.on('error', () => response.destroy());
        response.once('close', () => sent.destroy());
      },
      async lose() {
        const [answer] = await once(forward(), 'response');
        await once(answer.resume(), 'end');
        return answer.statusCode;
      },
    };
    calls.push(passing);
    manners(passing);
  };
  const server = createServer(onRequest).listen(0, '127.0.0.1');
  await new Promise(resolve => server.once('listening', resolve));
  const folder = await mkdtemp(join(tmpdir(), 'kwq-rude-'));
  const file = join(folder, 'config');
  const port = (server.address() as AddressInfo).port;
  await writeFile(
    file,
    JSON.stringify({
      ...config,
      clusters: [{ name: config.clusters[0].name, cluster: { server: `http://127.0.0.1:${port}` } }],
      users: [{ name: config.users[0].name, user: {} }],
    }),
  );
  t.after(async () => {
    server.closeAllConnections();
    server.close();
    agent.destroy();
    await rm(folder, { recursive: true, force: true });
  });
  return {
    kubeconfig: file,
    calls,
    behave(next) {
      manners = next;
    },
    cut: () => server.closeAllConnections(),
  };
}
