import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openCluster } from '../../src/cluster/index.ts';
import { freePorts } from '../freePorts.ts';
import { binary } from '../lab/binaries.ts';
import { certificate } from '../lab/certificates.ts';
import { KUBECONFIG } from '../lab/layout.ts';
import { until } from '../lab/until.ts';

const READY_TIMEOUT_MS = 60_000;

/** An API server of one's own, to be treated badly. It has no controllers: what is written there stays as it is. */
export interface OwnApiServer extends AsyncDisposable {
  /** A kubeconfig of its administrator. */
  kubeconfig: string;
  /** Ends it with SIGKILL. */
  kill(): Promise<void>;
  /** Starts it again with the data that it had. Returns when it answers. */
  start(): Promise<void>;
  /** Holds every thread of it (SIGSTOP), or lets them go on. */
  hold(): void;
  letGo(): void;
}

/** Starts etcd and an API server on ports of this machine, with data in a folder that ends with them. */
export async function ownApiServer(): Promise<OwnApiServer> {
  const folder = await mkdtemp(join(tmpdir(), 'kwq-api-server-'));
  const [client = 0, peer = 0, secure = 0] = await freePorts(3);
  const kubeconfig = join(folder, 'config');
  const config = JSON.parse(await readFile(KUBECONFIG.admin(), 'utf8'));
  // Its certificate is the lab's: it knows that name, not this address.
  Object.assign(config.clusters[0].cluster, {
    server: `https://127.0.0.1:${secure}`,
    'tls-server-name': 'kubernetes.default',
  });
  await writeFile(kubeconfig, JSON.stringify(config));

  const etcd = run(etcdArgv(folder, client, peer));
  const argv = apiServerArgv(folder, client, secure);
  let apiServer = run(argv);
  const cluster = openCluster({ kubeconfig });
  const untilUp = () =>
    until(
      'the API server answers',
      async () => {
        await cluster.request({ path: '/api/v1/namespaces/default', retry: false, timeoutMs: 2_000 });
        return true;
      },
      {
        timeoutMs: READY_TIMEOUT_MS,
        intervalMs: 20,
        orThrow: () => {
          if (apiServer.exitCode !== null) throw new Error(`the API server ended with ${apiServer.exitCode}`);
        },
      },
    );
  const end = async (child: ChildProcess) => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  };
  const dispose = async () => {
    cluster.close();
    await end(apiServer);
    await end(etcd);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await untilUp();
  } catch (error) {
    await dispose();
    throw error;
  }
  return {
    kubeconfig,
    kill: () => end(apiServer),
    async start() {
      apiServer = run(argv);
      await untilUp();
    },
    hold() {
      apiServer.kill('SIGSTOP');
    },
    letGo() {
      apiServer.kill('SIGCONT');
    },
    [Symbol.asyncDispose]: dispose,
  };
}

function run([program = '', ...args]: string[]): ChildProcess {
  const child = spawn(program, args, { stdio: 'ignore' });
  // However the tests end.
  process.once('exit', () => child.kill('SIGKILL'));
  return child;
}

function etcdArgv(folder: string, client: number, peer: number): string[] {
  const [clientUrl, peerUrl] = [`http://127.0.0.1:${client}`, `http://127.0.0.1:${peer}`];
  return [
    binary('etcd'),
    '--name=own',
    `--data-dir=${join(folder, 'etcd')}`,
    '--unsafe-no-fsync',
    `--listen-client-urls=${clientUrl}`,
    `--advertise-client-urls=${clientUrl}`,
    `--listen-peer-urls=${peerUrl}`,
    `--initial-advertise-peer-urls=${peerUrl}`,
    `--initial-cluster=own=${peerUrl}`,
    '--log-level=error',
  ];
}

function apiServerArgv(folder: string, etcd: number, secure: number): string[] {
  return [
    binary('kube-apiserver'),
    `--etcd-servers=http://127.0.0.1:${etcd}`,
    '--bind-address=127.0.0.1',
    `--secure-port=${secure}`,
    `--cert-dir=${folder}`,
    `--tls-cert-file=${certificate('apiserver.crt')}`,
    `--tls-private-key-file=${certificate('apiserver.key')}`,
    `--client-ca-file=${certificate('ca.crt')}`,
    `--service-account-key-file=${certificate('service-account.pub')}`,
    `--service-account-signing-key-file=${certificate('service-account.key')}`,
    '--service-account-issuer=https://kubernetes.default.svc.cluster.local',
    '--service-cluster-ip-range=10.97.0.0/24',
    '--authorization-mode=AlwaysAllow',
    '--endpoint-reconciler-type=none',
    // No controller makes the account that it asks for.
    '--disable-admission-plugins=ServiceAccount',
    '--profiling=false',
  ];
}
