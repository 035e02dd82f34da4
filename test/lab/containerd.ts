import { existsSync, rmSync } from 'node:fs';
import path from 'node:path';
import { attempt, run } from './command.ts';
import { assertAlive, ensureDaemon } from './daemon.ts';
import { BRIDGE, CONTAINERD_SOCKET, inHome, inLab, NODE_POD_NETWORK, REGISTRY, RUN } from './layout.ts';
import { findProcesses, signalProcess } from './process.ts';
import { until } from './until.ts';

/** containerd's namespaces: kubelet's Pods, and dockerd's containers. */
const CONTAINER_NAMESPACES = ['k8s.io', 'moby'] as const;
const STATE = path.dirname(CONTAINERD_SOCKET);
export const PAUSE_IMAGE = `${REGISTRY}/lab/pause:1`;

/** Starts containerd, which runs Pods and dockerd's containers, and waits until it answers. */
export async function ensureContainerd(): Promise<void> {
  const config = inLab('etc', 'containerd.toml');
  await ensureDaemon({
    name: 'containerd',
    argv: ['/usr/bin/containerd', '--config', config],
    files: {
      [config]: configuration(),
      [path.join(hostsFolder(), '_default', 'hosts.toml')]: hosts(),
      [path.join(cniFolder(), '10-lab.conflist')]: JSON.stringify(cni()),
    },
  });
  await until('containerd answers', async () => (await ctr(['version'])).code === 0, {
    timeoutMs: 30_000,
    orThrow: () => assertAlive('containerd'),
  });
}

/** Fetches an image for Pods from the lab's registry, whatever registry its full name is of. */
export async function pullImage(name: string): Promise<void> {
  await run(
    [
      'ctr',
      '--address',
      CONTAINERD_SOCKET,
      '--namespace',
      'k8s.io',
      'images',
      'pull',
      '--hosts-dir',
      hostsFolder(),
      name,
    ],
    {
      timeoutMs: 120_000,
    },
  );
}

/** Ends every container and deletes it, together with what containerd remembers of it. Images stay. */
export async function removeContainers(): Promise<void> {
  for (const namespace of CONTAINER_NAMESPACES) {
    const names = async (kind: string) =>
      (await ctr(['--namespace', namespace, kind, 'list', '--quiet'])).stdout.split('\n').filter(name => name !== '');
    const tasks = await names('tasks');
    if (tasks.length > 0) await ctr(['--namespace', namespace, 'tasks', 'delete', '--force', ...tasks]);
    const containers = await names('containers');
    if (containers.length > 0) await ctr(['--namespace', namespace, 'containers', 'delete', ...containers]);
  }
}

/** What is left of containers when containerd has ended: shims, and CRI's notes about Pods. */
export function removeContainerRemains(): void {
  for (const pid of shims()) signalProcess(pid, 'SIGKILL');
  for (const name of ['containers', 'sandboxes']) {
    rmSync(inHome('containerd', 'io.containerd.grpc.v1.cri', name), { recursive: true, force: true });
  }
}

/** The pids of the processes that hold containers for our containerd. */
export function shims(): number[] {
  return findProcesses(
    argv => path.basename(argv[0] ?? '') === 'containerd-shim-runc-v2' && argv.includes(CONTAINERD_SOCKET),
  );
}

async function ctr(args: string[]) {
  // Without a socket ctr would wait for one.
  if (!existsSync(CONTAINERD_SOCKET)) return { code: 1, stdout: '', stderr: 'no socket' };
  return await attempt(['ctr', '--address', CONTAINERD_SOCKET, '--connect-timeout', '5s', ...args], {
    timeoutMs: 30_000,
  });
}

function hostsFolder(): string {
  return inLab('etc', 'registries');
}

function cniFolder(): string {
  return inLab('etc', 'cni');
}

function configuration(): string {
  // restrict_oom_score_adj: root without CAP_SYS_RESOURCE (in a container) may not lower a process's score, and every Pod would fail.
  return `version = 2
root = "${inHome('containerd')}"
state = "${STATE}"
[grpc]
  address = "${CONTAINERD_SOCKET}"
[plugins."io.containerd.internal.v1.opt"]
  path = "${inHome('containerd', 'opt')}"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "${PAUSE_IMAGE}"
  restrict_oom_score_adj = true
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "/usr/lib/cni"
    conf_dir = "${cniFolder()}"
  [plugins."io.containerd.grpc.v1.cri".containerd]
    snapshotter = "overlayfs"
    default_runtime_name = "runc"
    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
      runtime_type = "io.containerd.runc.v2"
      [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
        SystemdCgroup = false
        Root = "${path.join(RUN, 'runc')}"
  [plugins."io.containerd.grpc.v1.cri".registry]
    config_path = "${hostsFolder()}"
`;
}

/** Every registry name is served by ours: docker.io/library/x as well as localhost:5000/x. */
function hosts(): string {
  return `server = "http://${REGISTRY}"
[host."http://${REGISTRY}"]
  capabilities = ["pull", "resolve"]
`;
}

function cni(): unknown {
  return {
    cniVersion: '0.4.0',
    name: 'lab',
    plugins: [
      {
        type: 'bridge',
        bridge: BRIDGE,
        isGateway: true,
        ipMasq: true,
        hairpinMode: true,
        ipam: {
          type: 'host-local',
          dataDir: inLab('cni'),
          ranges: [[{ subnet: NODE_POD_NETWORK }]],
          routes: [{ dst: '0.0.0.0/0' }],
        },
      },
    ],
  };
}
