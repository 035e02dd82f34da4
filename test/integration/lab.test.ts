import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { before, test } from 'node:test';
import { attempt, run } from '../lab/command.ts';
import { labProcesses } from '../lab/daemon.ts';
import { runInPod } from '../lab/pod.ts';
import { type LabStatus, labStatus } from '../lab/status.ts';
import { labUp } from '../lab/up.ts';

let lab: LabStatus;

before(async () => {
  lab = await labUp();
});

function as(user: 'developer' | 'viewer', ...args: string[]) {
  return attempt([lab.kubectl, '--kubeconfig', lab.kubeconfigs[user], ...args], { timeoutMs: 20_000 });
}

async function assertMay(user: 'developer' | 'viewer', ...args: string[]): Promise<void> {
  const result = await as(user, ...args);
  assert.equal(result.code, 0, `${user} may not ${args.join(' ')}: ${result.stderr}`);
}

async function assertMayNot(user: 'developer' | 'viewer', ...args: string[]): Promise<void> {
  const result = await as(user, ...args);
  assert.notEqual(result.code, 0, `${user} may ${args.join(' ')}`);
  assert.match(result.stderr, /forbidden/i);
}

const inTeam = ['--namespace', 'team'];
const newSecret = ['create', 'secret', 'generic', 'lab-test', '--from-literal=a=b', ...inTeam];

test('the developer does everything in the namespace team', async () => {
  await assertMay('developer', 'get', 'pods,jobs,secrets,events', ...inTeam);
  await as('developer', 'delete', 'secret', 'lab-test', ...inTeam, '--ignore-not-found');
  await assertMay('developer', ...newSecret);
  await assertMay('developer', 'delete', 'secret', 'lab-test', ...inTeam);
  for (const door of ['exec', 'portforward', 'log']) {
    await assertMay('developer', 'auth', 'can-i', 'create', 'pods', `--subresource=${door}`, ...inTeam);
  }
});

test('the developer sees nothing of the other namespaces', async () => {
  await assertMayNot('developer', 'get', 'pods', '--namespace', 'default');
  await assertMayNot('developer', 'get', 'pods', '--namespace', lab.broker.namespace);
  await assertMayNot('developer', 'get', 'pods', '--all-namespaces');
  await assertMayNot('developer', 'get', 'namespaces');
  await assertMayNot('developer', 'get', 'nodes');
});

test('the viewer reads everywhere, except Secrets', async () => {
  await assertMay('viewer', 'get', 'pods,services,events,configmaps,jobs,statefulsets', '--all-namespaces');
  await assertMay('viewer', 'get', 'namespaces,nodes');
  await assertMay('viewer', 'logs', lab.broker.pod, '--namespace', lab.broker.namespace, '--tail=1');
  await assertMayNot('viewer', 'get', 'secrets', '--namespace', 'default');
  await assertMayNot('viewer', 'get', 'secrets', '--all-namespaces');
});

test('the viewer changes nothing and gets into no Pod', async () => {
  await assertMayNot('viewer', ...newSecret);
  await assertMayNot('viewer', 'create', 'job', 'lab-test', '--image=debian:12-slim', ...inTeam);
  await assertMayNot('viewer', 'delete', 'pod', lab.broker.pod, '--namespace', lab.broker.namespace);
  await assertMayNot('viewer', 'exec', lab.broker.pod, '--namespace', lab.broker.namespace, '--', 'true');
});

test('nothing of the lab listens beyond loopback and its own bridge', async () => {
  const ours = new Set([...labProcesses(), ...Object.values(lab.pids)]);
  const listed = (await run(['ss', '-H', '-l', '-t', '-u', '-n', '-p'])).trim().split('\n');
  const sockets = listed.flatMap(line => {
    const pids = [...line.matchAll(/pid=(\d+)/g)].map(match => Number(match[1]));
    return pids.some(pid => ours.has(pid)) ? [line.split(/\s+/)[4] ?? ''] : [];
  });
  assert.ok(sockets.includes('10.244.0.1:6443'), `the API server is not among ${sockets}`);
  const beyond = sockets.filter(address => !/^(127\.0\.0\.1|10\.244\.0\.1|\[::1\]):\d+$/.test(address));
  assert.deepEqual(beyond, []);
});

test('nothing from a Pod, and nothing for a Pod or Service, leaves by another interface', async () => {
  const route = async (address: string) => await attempt(['ip', '-oneline', 'route', 'get', address]);
  assert.match((await route('10.96.200.200')).stdout, / dev kwq0 /);
  assert.notEqual((await route('10.244.200.200')).code, 0, 'a Pod address that is not in use has a route');
  const script =
    'curl --silent --max-time 5 http://$1/; echo "curl: $?"; getent hosts example.com || echo no such name';
  const said = await runInPod(`lab-test-${process.pid}`, script, await gateway());
  // 7: refused at once, by the guard.
  assert.match(said, /curl: 7\n/);
  assert.match(said, /no such name/);
});

/** An address outside: the machine's router. */
async function gateway(): Promise<string> {
  const routes = JSON.parse(await run(['ip', '-json', 'route', 'show', 'default'])) as { gateway?: string }[];
  return routes[0]?.gateway ?? '192.0.2.1';
}

test('the status says where everything is', async () => {
  const status = await labStatus();
  assert.equal(status.up, true);
  for (const file of [
    status.kubeconfig,
    status.docker,
    status.kubectl,
    status.containerd,
    status.dockerHost.replace('unix://', ''),
  ]) {
    assert.ok(existsSync(file), `${file} does not exist`);
  }
  assert.deepEqual(Object.keys(status.kubeconfigs), ['admin', 'developer', 'viewer']);
  assert.equal(new Set(Object.values(status.pids)).size, 9);
  assert.match(status.versions.kubernetes ?? '', /^v1\.\d+\.\d+$/);
  assert.match(status.versions.rabbitmq ?? '', /^4\./);
  const { broker } = status;
  const found = await run([
    lab.kubectl,
    '--kubeconfig',
    lab.kubeconfig,
    'get',
    'service',
    broker.service,
    '--namespace',
    broker.namespace,
    '-o',
    'jsonpath={.spec.clusterIP}',
  ]);
  assert.equal(found, new URL(broker.url).hostname);
  assert.equal(
    JSON.stringify(JSON.parse(await run([process.execPath, 'test/lab/main.ts', 'status', '--json']))),
    JSON.stringify(status),
  );
});

test('the docker daemon gets images by their short names from the lab', async () => {
  const docker = (...args: string[]) =>
    run([lab.docker, ...args], { env: { DOCKER_HOST: lab.dockerHost }, timeoutMs: 120_000 });
  await docker('pull', '--quiet', 'debian:12-slim');
  await docker('pull', '--quiet', `${lab.registry}/lab/worker:1`);
});

test('a second up finds the lab running and leaves it alone', async () => {
  const again = await labUp();
  assert.deepEqual(again.pids, lab.pids);
});
