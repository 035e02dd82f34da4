import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { run } from './command.ts';
import { RUN } from './layout.ts';

/** What the machine was like before the lab touched it, so that `down` can put it back. */
export interface Baseline {
  /** Kernel settings that the lab changes, by their path below /proc/sys. */
  sysctls: Record<string, string>;
  /** Whether a docker daemon of the machine's owner has its iptables chains already. */
  dockerChains: boolean;
  /** Folders with a fixed place that kubelet, containerd or CNI make and that were there already. */
  folders: string[];
  /** Network namespaces that CNI has made for somebody else. */
  networkNamespaces: string[];
}

export const IP_FORWARD = 'net/ipv4/ip_forward';
export const BRIDGE_IPTABLES = 'net/bridge/bridge-nf-call-iptables';
/** Made by kubelet and containerd, whatever their configuration says. */
export const FIXED_FOLDERS = ['/var/lib/kubelet', '/var/log/containers', '/run/containerd', '/run/kubernetes'];
const NETWORK_NAMESPACES = '/run/netns';
const FILE = path.join(RUN, 'baseline.json');

/** Notes what the machine is like, unless it is noted already (a killed run must not count as the machine's own state). */
export async function noteBaseline(): Promise<void> {
  if (existsSync(FILE)) return;
  const baseline: Baseline = {
    sysctls: Object.fromEntries([IP_FORWARD, BRIDGE_IPTABLES].map(name => [name, readSysctl(name)])),
    dockerChains: (await run(['iptables-save'])).includes(':DOCKER'),
    folders: FIXED_FOLDERS.filter(folder => existsSync(folder)),
    networkNamespaces: cniNamespaces(),
  };
  mkdirSync(RUN, { recursive: true, mode: 0o700 });
  writeFileSync(FILE, JSON.stringify(baseline));
}

/** What was noted; undefined when `up` never ran since the machine started. */
export function readBaseline(): Baseline | undefined {
  return existsSync(FILE) ? (JSON.parse(readFileSync(FILE, 'utf8')) as Baseline) : undefined;
}

export function readSysctl(name: string): string {
  return readFileSync(path.join('/proc/sys', name), 'utf8').trim();
}

export function writeSysctl(name: string, value: string): void {
  if (readSysctl(name) !== value) writeFileSync(path.join('/proc/sys', name), value);
}

/** Names of the network namespaces that CNI made for Pods. */
export function cniNamespaces(): string[] {
  if (!existsSync(NETWORK_NAMESPACES)) return [];
  return readdirSync(NETWORK_NAMESPACES).filter(name => name.startsWith('cni-'));
}
