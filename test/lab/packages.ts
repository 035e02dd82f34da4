import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { attempt, run } from './command.ts';
import { type Report, timed } from './progress.ts';

/** What the lab needs of Debian: a file that must be there, and the package that brings it. */
const NEEDS: [file: string, packageName: string][] = [
  ['/usr/bin/docker', 'docker.io'],
  ['/usr/sbin/dockerd', 'docker.io'],
  ['/usr/bin/containerd', 'containerd'],
  ['/usr/bin/containerd-shim-runc-v2', 'containerd'],
  ['/usr/sbin/runc', 'runc'],
  ['/usr/lib/cni/bridge', 'containernetworking-plugins'],
  ['/usr/bin/docker-registry', 'docker-registry'],
  ['/usr/sbin/debootstrap', 'debootstrap'],
  ['/usr/share/keyrings/debian-archive-keyring.gpg', 'debian-archive-keyring'],
  ['/usr/sbin/iptables', 'iptables'],
  ['/usr/sbin/conntrack', 'conntrack'],
  ['/usr/sbin/ebtables', 'ebtables'],
  ['/usr/sbin/ethtool', 'ethtool'],
  ['/usr/bin/socat', 'socat'],
  ['/usr/bin/ip', 'iproute2'],
  ['/usr/bin/openssl', 'openssl'],
  ['/etc/ssl/certs/ca-certificates.crt', 'ca-certificates'],
  ['/usr/bin/amqp-publish', 'amqp-tools'],
];
/** Their services would start at the next boot. */
const SERVICES = ['docker.service', 'docker.socket', 'containerd.service', 'docker-registry.service'];
const POLICY = '/usr/sbin/policy-rc.d';
const APT = ['apt-get', '-o', 'DPkg::Lock::Timeout=300', '-o', 'Dpkg::Use-Pty=0', '-q'];

/** Throws, in words, when the machine is not one that the lab can be set up on. */
export function assertMachine(): void {
  if (process.platform !== 'linux' || !existsSync('/etc/debian_version')) {
    throw new Error(
      'the lab needs Debian or Ubuntu (its container runtime, docker daemon and registry come from there)',
    );
  }
  if (process.getuid?.() !== 0)
    throw new Error('the lab needs root: it starts containers and sets up a network bridge');
}

/** Installs the Debian packages that are missing, without starting their services or removing anything. */
export async function ensurePackages(report: Report): Promise<void> {
  const missing = await missingPackages();
  if (missing.length === 0) return;
  report(`installing ${missing.length} packages of this machine's distribution: ${missing.join(' ')}`);
  report('  nothing is removed, and their services are neither started nor enabled');
  let line = '';
  await timed(
    report,
    'packages',
    () => install(missing, words => (line = words)),
    () => line,
  );
  const still = NEEDS.filter(([file]) => !existsSync(file)).map(([file]) => file);
  if (still.length > 0) throw new Error(`still missing after the installation: ${still.join(' ')}`);
}

async function missingPackages(): Promise<string[]> {
  const names = NEEDS.filter(([file]) => !existsSync(file)).map(([, name]) => name);
  // Since Debian 13 the client is a package of its own.
  if (!existsSync('/usr/bin/docker') && (await attempt(['apt-cache', 'show', 'docker-cli'])).code === 0)
    names.push('docker-cli');
  return [...new Set(names)];
}

async function install(names: string[], onLine: (line: string) => void): Promise<void> {
  const options = { env: { DEBIAN_FRONTEND: 'noninteractive' }, timeoutMs: 15 * 60_000, onLine };
  const ownPolicy = !existsSync(POLICY);
  // Debian's way to say that an installation must not start services.
  if (ownPolicy) writeFileSync(POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    await run([...APT, 'update'], options);
    const argv = [...APT, 'install', '--yes', '--no-install-recommends', '--no-remove', ...names];
    // Once more when it failed: another apt that ends in the middle cleans away the packages that ours has just fetched.
    if ((await attempt(argv, options)).code !== 0) {
      await run([...APT, 'install', '--yes', '--fix-broken', '--no-remove'], options);
      await run(argv, options);
    }
  } finally {
    if (ownPolicy) rmSync(POLICY, { force: true });
  }
  if (existsSync('/run/systemd/system')) await attempt(['systemctl', 'disable', '--quiet', ...SERVICES]);
}
