import { rmSync } from 'node:fs';
import path from 'node:path';
import { type CommandOptions, run } from './command.ts';
import { assertAlive, daemonAlive, ensureDaemon } from './daemon.ts';
import {
  CONTAINERD_SOCKET,
  DOCKER_BRIDGE,
  DOCKER_CLIENT,
  DOCKER_HOST,
  DOCKER_SOCKET,
  inHome,
  inLab,
  REGISTRY,
  RUN,
} from './layout.ts';
import { until } from './until.ts';

export const DOCKER_CGROUP = 'kwq-docker';
const PID_FILE = path.join(RUN, 'dockerd.pid');

/** Starts dockerd, on the same containerd as the Pods', and waits until it answers. */
export async function ensureDocker(): Promise<void> {
  // After a SIGKILL dockerd takes its old pid file for another daemon of its kind.
  if (!daemonAlive('dockerd')) for (const left of [PID_FILE, DOCKER_SOCKET]) rmSync(left, { force: true });
  const config = inLab('etc', 'dockerd.json');
  await ensureDaemon({
    name: 'dockerd',
    argv: ['/usr/sbin/dockerd', '--config-file', config],
    files: {
      [config]: JSON.stringify({
        'data-root': inHome('docker'),
        'exec-root': path.join(RUN, 'docker'),
        pidfile: PID_FILE,
        hosts: [DOCKER_HOST],
        containerd: CONTAINERD_SOCKET,
        'storage-driver': 'overlay2',
        'exec-opts': ['native.cgroupdriver=cgroupfs'],
        'cgroup-parent': `/${DOCKER_CGROUP}`,
        bridge: DOCKER_BRIDGE,
        // A published port (`docker run -p`) is for this machine only.
        ip: '127.0.0.1',
        'registry-mirrors': [`http://${REGISTRY}`],
        'insecure-registries': [REGISTRY],
        'log-level': 'warn',
      }),
    },
  });
  await until('dockerd answers', async () => (await docker(['version', '--format', '{{.Server.Version}}'])) !== '', {
    timeoutMs: 60_000,
    orThrow: () => assertAlive('dockerd'),
  });
}

/** Runs the docker client against the lab's daemon, without the user's own client settings; returns its output. */
export async function docker(args: string[], options: CommandOptions = {}): Promise<string> {
  const env = { DOCKER_HOST, DOCKER_CONFIG: inLab('docker-client'), DOCKER_CONTEXT: '', DOCKER_BUILDKIT: '0' };
  return await run([DOCKER_CLIENT, ...args], { ...options, env: { ...env, ...options.env } });
}
