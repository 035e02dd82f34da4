import { existsSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { BRIDGE_IPTABLES, IP_FORWARD, readBaseline, writeSysctl } from './baseline.ts';
import { attempt, run } from './command.ts';
import {
  BRIDGE,
  BRIDGE_ADDRESS,
  DOCKER_BRIDGE,
  DOCKER_BRIDGE_ADDRESS,
  NODE_POD_NETWORK,
  POD_NETWORK,
  SERVICE_NETWORK,
} from './layout.ts';

const GUARD = 'KWQ-GUARD';

/** What `up` says before it changes the network set-up. */
export const NETWORK_WORDS = [
  `a bridge ${BRIDGE} with ${BRIDGE_ADDRESS} for Pods (${POD_NETWORK}) and Services (${SERVICE_NETWORK}), and ${DOCKER_BRIDGE} for docker build`,
  'packet forwarding between them, and firewall rules that keep Pod and Service addresses off every other interface',
  '`npm run lab -- down` takes all of it away again',
];

/** Loads the kernel modules that the cluster needs, where they are not part of the kernel. */
export async function loadModules(): Promise<void> {
  if (!existsSync(`/proc/sys/${BRIDGE_IPTABLES}`)) await attempt(['modprobe', 'br_netfilter']);
  await attempt(['modprobe', 'overlay']);
}

/**
 * Makes bridges, routes and the guard, or completes what is there. Comes before the first Pod.
 * @throws Error when another interface of the machine uses the lab's addresses
 */
export async function ensureNetwork(): Promise<void> {
  assertAddressesFree();
  // Before dockerd starts: finding it off, dockerd would set the whole machine's forwarding policy to DROP.
  writeSysctl(IP_FORWARD, '1');
  writeSysctl(BRIDGE_IPTABLES, '1');
  await ensureGuard();
  await ensureBridge(BRIDGE, `${BRIDGE_ADDRESS}/24`);
  await ensureBridge(DOCKER_BRIDGE, DOCKER_BRIDGE_ADDRESS);
  // A Service or Pod address that iptables does not know (yet) must not follow the default route.
  await run(['ip', 'route', 'replace', SERVICE_NETWORK, 'dev', BRIDGE, 'src', BRIDGE_ADDRESS]);
  await run(['ip', 'route', 'replace', 'unreachable', POD_NETWORK]);
}

/** Takes bridges, routes, Pods' interfaces and all firewall rules of the lab away, and puts the kernel settings back. */
export async function removeNetwork(): Promise<void> {
  await attempt(['ip', 'route', 'del', 'unreachable', POD_NETWORK]);
  for (const name of await podInterfaces()) await attempt(['ip', 'link', 'delete', name]);
  for (const bridge of [BRIDGE, DOCKER_BRIDGE]) await attempt(['ip', 'link', 'delete', bridge]);
  for (const family of ['iptables', 'ip6tables']) await removeRules(family);
  for (const [name, value] of Object.entries(readBaseline()?.sysctls ?? {})) writeSysctl(name, value);
}

async function ensureBridge(name: string, address: string): Promise<void> {
  if ((await attempt(['ip', 'link', 'show', name])).code !== 0)
    await run(['ip', 'link', 'add', name, 'type', 'bridge']);
  await run(['ip', 'address', 'replace', address, 'dev', name]);
  await run(['ip', 'link', 'set', name, 'up']);
}

/** Firewall rules by which nothing from or for Pods and Services leaves except over loopback and the bridge. */
async function ensureGuard(): Promise<void> {
  // One restore a table: the whole chain is there at once, and a second time changes nothing.
  const rejects = [
    `-A ${GUARD} -o lo -j RETURN`,
    `-A ${GUARD} -o ${BRIDGE} -j RETURN`,
    `-A ${GUARD} -s ${POD_NETWORK} -j REJECT`,
    `-A ${GUARD} -d ${POD_NETWORK} -j REJECT`,
    `-A ${GUARD} -d ${SERVICE_NETWORK} -j REJECT`,
  ];
  await run(['iptables-restore', '--noflush'], {
    input: ['*filter', `:${GUARD} - [0:0]`, ...rejects, 'COMMIT', ''].join('\n'),
  });
  for (const chain of ['FORWARD', 'OUTPUT']) await ensureFirst('filter', chain);
  // kube-proxy puts an ACCEPT before the rejects above; nothing gets past this one, which is not so quick to tell the sender.
  const drops = rejects.map(rule => rule.replace('REJECT', 'DROP'));
  await run(['iptables-restore', '--noflush'], {
    input: ['*mangle', `:${GUARD} - [0:0]`, ...drops, 'COMMIT', ''].join('\n'),
  });
  await ensureFirst('mangle', 'POSTROUTING');
}

async function ensureFirst(table: string, chain: string): Promise<void> {
  const rule = [chain, '-j', GUARD];
  if ((await attempt(['iptables', '-w', '-t', table, '-C', ...rule])).code !== 0) {
    await run(['iptables', '-w', '-t', table, '-I', ...rule]);
  }
}

async function removeRules(family: string): Promise<void> {
  const own = ['KUBE-', 'CNI-', GUARD, BRIDGE, DOCKER_BRIDGE, NODE_POD_NETWORK, '172\\.30\\.0\\.'];
  if (readBaseline()?.dockerChains !== true) own.push('DOCKER');
  const isOwn = new RegExp(own.join('|'));
  for (const table of ['nat', 'filter', 'mangle']) {
    const saved = await attempt([`${family}-save`, '-t', table]);
    if (saved.code !== 0 || !isOwn.test(saved.stdout)) continue;
    const kept = saved.stdout.split('\n').filter(line => !isOwn.test(line));
    await run([`${family}-restore`, '-T', table], { input: kept.join('\n') });
  }
}

/** The host's ends of Pods' interfaces that are left on the bridge. */
async function podInterfaces(): Promise<string[]> {
  const listed = await attempt(['ip', '-json', 'link', 'show', 'master', BRIDGE, 'type', 'veth']);
  if (listed.code !== 0 || listed.stdout.trim() === '') return [];
  const links = JSON.parse(listed.stdout) as { ifname?: string }[];
  return links.flatMap(link => (link.ifname === undefined ? [] : [link.ifname]));
}

function assertAddressesFree(): void {
  const taken = /^(10\.244|10\.96|172\.30\.0)\./;
  for (const [name, addresses] of Object.entries(networkInterfaces())) {
    if (name === BRIDGE || name === DOCKER_BRIDGE) continue;
    const address = addresses?.find(each => taken.test(each.address));
    if (address !== undefined)
      throw new Error(`this machine's interface ${name} has ${address.address}, which the lab needs for itself`);
  }
}
