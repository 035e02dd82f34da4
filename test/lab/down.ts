import { existsSync, readdirSync, rmSync } from 'node:fs';
import { cniNamespaces, FIXED_FOLDERS, readBaseline } from './baseline.ts';
import { containerProcesses, removeCgroups } from './cgroups.ts';
import { attempt } from './command.ts';
import { ensureContainerd, removeContainerRemains, removeContainers } from './containerd.ts';
import { endStrays, stopDaemon } from './daemon.ts';
import { endUnfinishedImages } from './images.ts';
import { HOME_FILE, inLab, RUN } from './layout.ts';
import { withLock } from './lock.ts';
import { removeMounts } from './mounts.ts';
import { removeNetwork } from './network.ts';
import { assertMachine } from './packages.ts';
import { signalProcess } from './process.ts';
import type { Report } from './progress.ts';
import { forgetMadeFrom } from './status.ts';
import { until } from './until.ts';

/** Kept below the lab's folder, beside binaries and images: what makes the next `up` quick. */
const KEPT = ['certificates', 'kubeconfig', 'log'];

/**
 * Takes the lab down: ends every process, removes its mounts, interfaces, rules and cgroups, puts the machine's
 * settings back and forgets the cluster's state. Binaries, images and certificates stay in the cache. Works on
 * whatever a killed run has left, too.
 */
export async function labDown(report: Report = line => process.stderr.write(`${line}\n`)): Promise<void> {
  assertMachine();
  await withLock(report, async () => {
    if (!existsSync(HOME_FILE)) {
      report('the lab is not up');
      return;
    }
    forgetMadeFrom();
    // Whatever would start a container again goes first.
    await Promise.all(
      ['kube-proxy', 'kubelet', 'kube-scheduler', 'kube-controller-manager'].map(name => stopDaemon(name)),
    );
    await Promise.all([endContainers(report), stopDaemon('kube-apiserver').then(() => stopDaemon('etcd'))]);
    await stopDaemon('dockerd');
    await stopDaemon('containerd');
    removeContainerRemains();
    await endContainerProcesses();
    await stopDaemon('registry');
    await endStrays();
    endUnfinishedImages();
    await removeMounts();
    await removeNetworkNamespaces();
    await removeNetwork();
    removeCgroups();
    removeState();
    report('the lab is down');
  });
}

/** By containerd, which then forgets them; it is started for that when it does not run. */
async function endContainers(report: Report): Promise<void> {
  try {
    await ensureContainerd();
    await removeContainers();
  } catch (error) {
    // What is left is ended below, by what the kernel knows about it.
    report(`containerd cannot clean up: ${error instanceof Error ? error.message : error}`);
  }
}

async function endContainerProcesses(): Promise<void> {
  await until(
    'the processes in containers end',
    () => {
      const pids = containerProcesses();
      for (const pid of pids) signalProcess(pid, 'SIGKILL');
      return pids.length === 0;
    },
    { timeoutMs: 15_000 },
  );
}

async function removeNetworkNamespaces(): Promise<void> {
  const others = readBaseline()?.networkNamespaces ?? [];
  for (const name of cniNamespaces()) if (!others.includes(name)) await attempt(['ip', 'netns', 'delete', name]);
}

function removeState(): void {
  for (const name of readdirSync(inLab()))
    if (!KEPT.includes(name)) rmSync(inLab(name), { recursive: true, force: true });
  const others = readBaseline()?.folders ?? [];
  for (const folder of FIXED_FOLDERS) if (!others.includes(folder)) rmSync(folder, { recursive: true, force: true });
  rmSync(RUN, { recursive: true, force: true });
}
