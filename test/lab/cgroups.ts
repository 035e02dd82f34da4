import { existsSync, readdirSync, readFileSync, rmdirSync } from 'node:fs';
import path from 'node:path';
import { DOCKER_CGROUP } from './docker.ts';

const ROOT = '/sys/fs/cgroup';
/** kubelet's, containerd's (for a sandbox without a parent) and dockerd's. */
const NAMES = ['kubepods', 'k8s.io', DOCKER_CGROUP];

/** The lab's cgroups, in the one hierarchy (v2) or in each controller's (v1). */
export function labCgroups(): string[] {
  const roots = [
    ROOT,
    ...readdirSync(ROOT, { withFileTypes: true })
      .filter(entry => entry.isDirectory())
      .map(entry => path.join(ROOT, entry.name)),
  ];
  return roots.flatMap(root => NAMES.map(name => path.join(root, name))).filter(folder => existsSync(folder));
}

/** The pids of all processes in the lab's cgroups: everything that runs in a container. */
export function containerProcesses(): number[] {
  const pids = labCgroups().flatMap(folder => below(folder).flatMap(pidsOf));
  return [...new Set(pids)];
}

/** Removes the lab's cgroups, which must be empty of processes. */
export function removeCgroups(): void {
  // From the innermost: a cgroup with others in it cannot be removed.
  for (const folder of labCgroups()) for (const each of below(folder).reverse()) rmdirSync(each);
}

/** A folder and all folders in it, outermost first. */
function below(folder: string): string[] {
  const inner = readdirSync(folder, { withFileTypes: true }).filter(entry => entry.isDirectory());
  return [folder, ...inner.flatMap(entry => below(path.join(folder, entry.name)))];
}

function pidsOf(cgroup: string): number[] {
  try {
    return readFileSync(path.join(cgroup, 'cgroup.procs'), 'utf8')
      .trim()
      .split('\n')
      .filter(line => line !== '')
      .map(Number);
  } catch {
    // It has just been removed, or is of a kind that lists no processes.
    return [];
  }
}
