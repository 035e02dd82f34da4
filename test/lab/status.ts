import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { binary, pinnedVersion } from './binaries.ts';
import { BROKER, brokerAnswers, brokerVersion } from './broker.ts';
import { attempt } from './command.ts';
import { daemonAlive, readPid } from './daemon.ts';
import { dnsAnswers } from './dns.ts';
import { kubectl } from './kubectl.ts';
import { CONTAINERD_SOCKET, DOCKER_CLIENT, DOCKER_HOST, KUBECONFIG, REGISTRY, RUN } from './layout.ts';

export interface LabStatus {
  /** Every daemon runs, and the API server, DNS and the broker answer. */
  up: boolean;
  /** The administrator's kubeconfig. */
  kubeconfig: string;
  /** developer: everything in namespace `team` and nothing else; viewer: reads everything but Secrets. */
  kubeconfigs: { admin: string; developer: string; viewer: string };
  /** unix://… */
  dockerHost: string;
  /** Paths: docker client, kubectl, containerd's socket. */
  docker: string;
  kubectl: string;
  containerd: string;
  /** host:port; serves every image name to Pods. */
  registry: string;
  /** A RabbitMQ for tests, reachable from this machine and from Pods; the user and password of url are its management API's too. */
  broker: { url: string; management: string; namespace: string; service: string; pod: string };
  /** Of the daemons that are alive. */
  pids: Record<string, number>;
  versions: Record<string, string>;
}

/** All daemons, in the order in which they depend on each other. */
export const DAEMONS = [
  ...['registry', 'containerd', 'dockerd', 'etcd', 'kube-apiserver'],
  ...['kube-controller-manager', 'kube-scheduler', 'kube-proxy', 'kubelet'],
];
const MADE_FROM = path.join(RUN, 'made-from');

/** What runs and where it is; never throws because of something that does not run. */
export async function labStatus(): Promise<LabStatus> {
  const alive = DAEMONS.filter(daemonAlive);
  // When not all of them run, no address of the lab may be called: there may be no bridge to keep it on this machine.
  const whole = alive.length === DAEMONS.length;
  const [answering, versions] = await Promise.all([whole && allAnswer(), readVersions(whole)]);
  return {
    up: answering,
    kubeconfig: KUBECONFIG.admin(),
    kubeconfigs: { admin: KUBECONFIG.admin(), developer: KUBECONFIG.developer(), viewer: KUBECONFIG.viewer() },
    dockerHost: DOCKER_HOST,
    docker: DOCKER_CLIENT,
    kubectl: binary('kubectl'),
    containerd: CONTAINERD_SOCKET,
    registry: REGISTRY,
    broker: { ...BROKER },
    pids: Object.fromEntries(alive.map(name => [name, readPid(name)?.pid ?? 0])),
    versions,
  };
}

/** The digest of the sources by which the running lab was brought up to its end; undefined when it never was. */
export function madeFrom(): string | undefined {
  return existsSync(MADE_FROM) ? readFileSync(MADE_FROM, 'utf8') : undefined;
}

export function writeMadeFrom(sources: string): void {
  writeFileSync(MADE_FROM, sources);
}

/** Called before something is changed: until `up` has ended well, nobody may take the lab for whole. */
export function forgetMadeFrom(): void {
  rmSync(MADE_FROM, { force: true });
}

async function allAnswer(): Promise<boolean> {
  const ready = async () => (await kubectl(['get', '--raw', '/readyz'], { timeoutMs: 5000 })) === 'ok';
  const answers = await Promise.all([ready, dnsAnswers, brokerAnswers].map(ask => ask().catch(() => false)));
  return answers.every(each => each);
}

async function readVersions(brokerToo: boolean): Promise<Record<string, string>> {
  const packages = ['containerd', 'runc', 'docker.io', 'docker-registry', 'containernetworking-plugins'];
  // An unknown package makes its exit code bad, yet it tells of the others.
  const listed = await attempt(['dpkg-query', '--show', ...packages]);
  const pairs = [...listed.stdout.matchAll(/^(\S+)\t(\S+)$/gm)].map(([, name, version]) => [name, version]);
  const rabbitmq = brokerToo ? await brokerVersion().catch(() => undefined) : undefined;
  return {
    kubernetes: pinnedVersion('kubernetes', 'k8s.io/kubernetes'),
    etcd: pinnedVersion('etcd', 'go.etcd.io/etcd/server/v3'),
    coredns: pinnedVersion('coredns', 'github.com/coredns/coredns'),
    ...(Object.fromEntries(pairs) as Record<string, string>),
    ...(rabbitmq === undefined ? {} : { rabbitmq }),
  };
}
