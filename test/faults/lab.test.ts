import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { after, before, test } from 'node:test';
import { IP_FORWARD, readBaseline, readSysctl } from '../lab/baseline.ts';
import { containerProcesses, labCgroups } from '../lab/cgroups.ts';
import { attempt, run } from '../lab/command.ts';
import { shims } from '../lab/containerd.ts';
import { labProcesses } from '../lab/daemon.ts';
import { labDown } from '../lab/down.ts';
import { RUN } from '../lab/layout.ts';
import { labMounts } from '../lab/mounts.ts';
import { runInPod } from '../lab/pod.ts';
import { signalProcess } from '../lab/process.ts';
import { DAEMONS, type LabStatus } from '../lab/status.ts';
import { until } from '../lab/until.ts';
import { labUp } from '../lab/up.ts';

// Each test takes the lab as the one before has left it: up, down, up, down.
before(() => labUp(), { timeout: 60 * 60_000 });
// Whatever happened here, the tests that follow have a lab.
after(() => labUp());

test('a lab of which every process was killed comes up again', async () => {
  const before = await labUp();
  await killEverything();
  const after = await labUp();
  for (const name of DAEMONS) assert.notEqual(after.pids[name], before.pids[name], `${name} was not killed`);
  await assertWorks(after);
});

test('down clears away what a killed lab has left', async () => {
  await killEverything();
  await labDown();
  await assertNothingLeft();
});

test('an up that was killed half-way is completed by the next one', async () => {
  const first = spawn(process.execPath, ['test/lab/main.ts', 'up'], { stdio: 'ignore' });
  await until('the first up has started Pods', () => shims().length > 0, { timeoutMs: 120_000, intervalMs: 20 });
  first.kill('SIGKILL');
  await once(first, 'exit');
  await killEverything();
  await assertWorks(await labUp());
});

test('down leaves no process, mount, interface, rule, cgroup or setting', async () => {
  const forwarding = readBaseline()?.sysctls[IP_FORWARD];
  await labDown();
  await assertNothingLeft();
  assert.equal(readSysctl(IP_FORWARD), forwarding);
});

test('two ups at once bring up one lab', async () => {
  const [one, other] = await Promise.all([labUp(), labUp()]);
  assert.deepEqual(one.pids, other.pids);
  await assertWorks(one);
});

/** As when the machine's processes are all ended at once. */
async function killEverything(): Promise<void> {
  const killAll = () => {
    const victims = [...labProcesses(), ...shims(), ...containerProcesses()];
    for (const pid of victims) signalProcess(pid, 'SIGKILL');
    return victims.length === 0;
  };
  await until('everything of the lab is gone', killAll, { timeoutMs: 10_000 });
}

async function assertWorks(lab: LabStatus): Promise<void> {
  assert.equal(lab.up, true);
  const script = `getent hosts lab-rabbitmq.lab
    amqp-declare-queue --url="$1" --queue=lab-test && amqp-delete-queue --url="$1" --queue=lab-test`;
  const said = await runInPod(`lab-test-${Date.now()}`, script, lab.broker.url);
  assert.match(said, /^10\.96\.0\.20\s/m);
  assert.match(said, /^lab-test$/m);
  const version = await run([lab.docker, 'version', '--format', '{{.Server.Version}}'], {
    env: { DOCKER_HOST: lab.dockerHost },
  });
  assert.notEqual(version, '');
}

async function assertNothingLeft(): Promise<void> {
  assert.deepEqual([...labProcesses(), ...shims(), ...containerProcesses()], [], 'processes');
  assert.deepEqual(labMounts(), [], 'mounts');
  const links = Object.keys(networkInterfaces()).concat(readdirSync('/sys/class/net'));
  assert.deepEqual(
    links.filter(name => /^(kwq|veth)/.test(name)),
    [],
    'interfaces',
  );
  const routes = await run(['ip', 'route']);
  assert.doesNotMatch(routes, /10\.244\.|10\.96\.|172\.30\.0\./, 'routes');
  for (const family of ['iptables', 'ip6tables']) {
    assert.doesNotMatch((await attempt([`${family}-save`])).stdout, /KUBE-|CNI-|KWQ-|kwq/, family);
  }
  assert.deepEqual(labCgroups(), [], 'cgroups');
  const namespaces = existsSync('/run/netns') ? readdirSync('/run/netns') : [];
  assert.deepEqual(
    namespaces.filter(name => name.startsWith('cni-')),
    [],
    'network namespaces',
  );
  assert.equal(existsSync(RUN), false, 'run folder');
}
