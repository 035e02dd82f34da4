import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { BrokerError } from '../../../src/broker/error.ts';
import { listQueues } from '../../../src/broker/listQueues.ts';

type ListOptions = Parameters<typeof listQueues>[0];

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

async function management(answer: Answer, path?: string) {
  const server = createServer(answer);
  await new Promise<void>(resolve => (path ? server.listen(path, resolve) : server.listen(0, '127.0.0.1', resolve)));
  const listening = server.address();
  const address = { tls: false, host: '127.0.0.1', port: 5672, user: 'ann', password: 'se@cret:ü', vhost: 'a/b' };
  return {
    options: {
      address,
      ...(path ? { socketPath: path } : { managementPort: typeof listening === 'object' ? listening?.port : 0 }),
    } satisfies ListOptions,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise(resolve => server.close(resolve));
    },
  };
}

async function failure(options: ListOptions): Promise<BrokerError> {
  const error = await listQueues(options).then(
    () => assert.fail('queues were listed'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof BrokerError, String(error));
  return error;
}

test('the queues of the vhost are listed with the figures that the broker gives', async () => {
  const seen: (string | undefined)[] = [];
  await using server = await management((request, response) => {
    seen.push(request.url, request.headers.authorization);
    response.end(
      JSON.stringify([
        { name: 'job2', type: 'quorum', durable: true, messages_ready: 0, messages_unacknowledged: 3, consumers: 2 },
        { name: 'job1', type: 'classic', durable: false },
      ]),
    );
  });
  assert.deepEqual(await listQueues(server.options), [
    { name: 'job1', type: 'classic', durable: false, ready: undefined, unacked: undefined, consumers: undefined },
    { name: 'job2', type: 'quorum', durable: true, ready: 0, unacked: 3, consumers: 2 },
  ]);
  assert.match(seen[0] ?? '', /^\/api\/queues\/a%2Fb\?/);
  assert.equal(seen[1], `Basic ${Buffer.from('ann:se@cret:ü').toString('base64')}`);
});

test('a long listing arrives packed, in one answer, and stops nothing meanwhile', async () => {
  const names = Array.from({ length: 50_000 }, (_, i) => `job-${String(i).padStart(5, '0')} "ü" {[\\`);
  const answer = gzipSync(JSON.stringify(names.map(name => ({ name, type: 'classic', durable: true }))));
  let requests = 0;
  await using server = await management((_request, response) => {
    requests++;
    response.setHeader('content-encoding', 'gzip').end(answer);
  });
  let turns = 0;
  let listening = true;
  const turn = () => {
    turns++;
    if (listening) setImmediate(turn);
  };
  turn();
  const listed = await listQueues(server.options);
  listening = false;
  assert.deepEqual(
    listed.map(queue => queue.name),
    names,
  );
  assert.equal(requests, 1);
  // 3 MB in pieces of 16 KiB.
  assert.ok(turns > 100, `${turns} turns of the event loop`);
});

test('a name is looked for by the broker, or here when it is in more names than the broker puts into an answer', async () => {
  const asked: URLSearchParams[] = [];
  let pages = 1;
  await using server = await management((request, response) => {
    const query = new URL(request.url ?? '', 'http://x').searchParams;
    asked.push(query);
    const found = [{ name: 'a+JOB' }, { name: 'job' }];
    response.end(
      JSON.stringify(query.has('page') ? { items: found, page_count: pages } : [...found, { name: 'other' }]),
    );
  });
  const names = async () => (await listQueues({ ...server.options, name: 'Job' })).map(queue => queue.name);
  assert.deepEqual(await names(), ['a+JOB', 'job']);
  assert.deepEqual([asked.length, asked[0]?.get('name'), asked[0]?.get('use_regex')], [1, 'Job', 'false']);
  pages = 2;
  assert.deepEqual(await names(), ['a+JOB', 'job']);
  assert.equal(asked.length, 3);
});

test('no queue of a name is no error', async () => {
  await using server = await management((_request, response) => response.end('{"items":[],"page_count":0}'));
  assert.deepEqual(await listQueues({ ...server.options, name: 'x' }), []);
});

test('a vhost that the API does not know is named so', async () => {
  await using server = await management((_request, response) => {
    response.writeHead(404).end('{"error":"Object Not Found","reason":"Not Found"}');
  });
  assert.equal((await failure(server.options)).code, 'no-vhost');
  assert.equal((await failure({ ...server.options, name: 'x' })).code, 'no-vhost');
});

test('the API is reached through a tunnel', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'broker-test-'));
  {
    await using server = await management((_request, response) => response.end('[{"name":"q"}]'), join(folder, 's'));
    assert.equal((await listQueues(server.options)).length, 1);
    // Inside the cluster the API is plain also where AMQP is not.
    const address = { ...server.options.address, tls: true };
    assert.equal((await listQueues({ ...server.options, address })).length, 1);
  }
  rmSync(folder, { recursive: true });
});

test('a wrong password is told from a user who may not use the API', async () => {
  let reason = 'Not_Authorized';
  await using server = await management((_request, response) => {
    response.statusCode = 401;
    response.end(JSON.stringify({ error: 'not_authorized', reason }));
  });
  assert.equal((await failure(server.options)).code, 'refused');
  reason = 'Not management user';
  const error = await failure(server.options);
  assert.equal(error.code, 'no-permission');
  assert.equal(error.detail, 'Not management user');
});

for (const [what, answer] of [
  ['has no such page', (_, response) => response.writeHead(404).end('<h1>Not Found</h1>')],
  ['answers in HTML', (_, response) => response.end('<!doctype html>')],
  ['answers with other JSON', (_, response) => response.end('{"items":[]}')],
  ['breaks off in the middle', (_, response) => response.writeHead(200, { 'content-length': 100 }).write('[{"name":')],
  ['answers half a list', (_, response) => response.end('[{"name":"q"},')],
  ['hangs up', request => request.socket.destroy()],
] as [string, Answer][]) {
  test(`a server that ${what} is not the management API`, async () => {
    await using server = await management((request, response) => {
      answer(request, response);
      if (what.startsWith('breaks')) setImmediate(() => request.socket.destroy());
    });
    assert.equal((await failure(server.options)).code, 'management-off');
  });
}

test('a server that does not answer is given up after the timeout', async () => {
  await using server = await management(() => undefined);
  assert.equal((await failure({ ...server.options, timeoutMs: 50 })).code, 'management-off');
});

test('an answer without end is not kept', async () => {
  await using server = await management((_request, response) => {
    response.write('[{"name":"');
    const more = () => {
      while (response.write('x'.repeat(2 ** 16)));
      response.once('drain', more);
    };
    more();
  });
  const error = await failure(server.options);
  assert.equal(error.code, 'management-off');
  assert.match(error.detail, /more than/);
});

test('listing can be cancelled', async () => {
  const cancel = new AbortController();
  await using server = await management(() => cancel.abort());
  assert.equal((await failure({ ...server.options, signal: cancel.signal })).code, 'cancelled');
});

test('where nobody listens the management API is off', async () => {
  const server = await management(() => undefined);
  await server[Symbol.asyncDispose]();
  assert.equal((await failure(server.options)).code, 'management-off');
});
