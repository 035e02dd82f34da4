import { rmSync } from 'node:fs';
import { binary } from './binaries.ts';
import { certificate, componentKubeconfig } from './certificates.ts';
import { assertAlive, ensureDaemon, stopDaemon } from './daemon.ts';
import { kubectl } from './kubectl.ts';
import { BRIDGE_ADDRESS, ETCD, inLab, SERVICE_NETWORK } from './layout.ts';
import type { Report } from './progress.ts';
import { until } from './until.ts';

/** Limits for a machine of two cores that runs hundreds of short Jobs; the defaults are 20 and 30. */
const CLIENT_LIMITS = ['--kube-api-qps=500', '--kube-api-burst=1000'];
const ALONE = ['--leader-elect=false', '--bind-address=127.0.0.1'];

/** Starts etcd and waits until it answers; data that etcd cannot read any more (after a power cut) is given up, with a word about it. */
export async function ensureEtcd(report: Report): Promise<void> {
  const start = async () => {
    await ensureDaemon({ name: 'etcd', argv: etcdArgv() });
    await until('etcd answers', async () => (await fetch(`${ETCD}/readyz`, { signal: AbortSignal.timeout(2000) })).ok, {
      timeoutMs: 30_000,
      orThrow: () => assertAlive('etcd'),
    });
  };
  try {
    await start();
  } catch (error) {
    report(
      `etcd cannot use the cluster's old data (${error instanceof Error ? error.message.split('\n')[0] : error}); starting with an empty cluster`,
    );
    await stopDaemon('etcd');
    rmSync(inLab('etcd'), { recursive: true, force: true });
    await start();
  }
}

/** Starts the API server and waits until it is ready. */
export async function ensureApiServer(): Promise<void> {
  await ensureDaemon({
    name: 'kube-apiserver',
    argv: apiServerArgv(),
    reads: ['apiserver.crt', 'ca.crt', 'service-account.pub', 'kubelet-client.crt'].map(certificate),
  });
  await until('the API server is ready', async () => (await kubectl(['get', '--raw', '/readyz'])) === 'ok', {
    timeoutMs: 90_000,
    orThrow: () => assertAlive('kube-apiserver'),
  });
}

/** Starts the controller manager and the scheduler. */
export async function ensureControllers(): Promise<void> {
  await ensureDaemon({
    name: 'kube-controller-manager',
    argv: controllerManagerArgv(),
    reads: [componentKubeconfig('controller-manager')],
  });
  await ensureDaemon({
    name: 'kube-scheduler',
    argv: [binary('kube-scheduler'), `--kubeconfig=${componentKubeconfig('scheduler')}`, ...ALONE, ...CLIENT_LIMITS],
    reads: [componentKubeconfig('scheduler')],
  });
}

function etcdArgv(): string[] {
  const peer = 'http://127.0.0.1:2380';
  return [
    binary('etcd'),
    '--name=lab',
    `--data-dir=${inLab('etcd')}`,
    // The data is not worth waiting for the disk: `down` throws it away.
    '--unsafe-no-fsync',
    `--listen-client-urls=${ETCD}`,
    `--advertise-client-urls=${ETCD}`,
    `--listen-peer-urls=${peer}`,
    `--initial-advertise-peer-urls=${peer}`,
    `--initial-cluster=lab=${peer}`,
    '--log-level=warn',
  ];
}

function apiServerArgv(): string[] {
  return [
    binary('kube-apiserver'),
    `--etcd-servers=${ETCD}`,
    `--bind-address=${BRIDGE_ADDRESS}`,
    `--advertise-address=${BRIDGE_ADDRESS}`,
    '--secure-port=6443',
    `--tls-cert-file=${certificate('apiserver.crt')}`,
    `--tls-private-key-file=${certificate('apiserver.key')}`,
    `--client-ca-file=${certificate('ca.crt')}`,
    `--service-account-key-file=${certificate('service-account.pub')}`,
    `--service-account-signing-key-file=${certificate('service-account.key')}`,
    '--service-account-issuer=https://kubernetes.default.svc.cluster.local',
    `--service-cluster-ip-range=${SERVICE_NETWORK}`,
    '--authorization-mode=Node,RBAC',
    '--enable-admission-plugins=NodeRestriction',
    `--kubelet-client-certificate=${certificate('kubelet-client.crt')}`,
    `--kubelet-client-key=${certificate('kubelet-client.key')}`,
    `--kubelet-certificate-authority=${certificate('ca.crt')}`,
    '--kubelet-preferred-address-types=InternalIP',
    '--profiling=false',
    '--v=1',
  ];
}

function controllerManagerArgv(): string[] {
  return [
    binary('kube-controller-manager'),
    `--kubeconfig=${componentKubeconfig('controller-manager')}`,
    `--service-account-private-key-file=${certificate('service-account.key')}`,
    `--root-ca-file=${certificate('ca.crt')}`,
    `--cluster-signing-cert-file=${certificate('ca.crt')}`,
    `--cluster-signing-key-file=${certificate('ca.key')}`,
    '--use-service-account-credentials',
    '--concurrent-job-syncs=20',
    ...ALONE,
    ...CLIENT_LIMITS,
  ];
}
