import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { cacheDir } from './cache.ts';

/**
 * Sockets, pid files and mounts of the running lab. Not in the cache: there is one lab a machine, whoever's
 * cache it was made in, a reboot clears it, and socket paths stay far below the limit of 108 characters.
 */
export const RUN = '/run/kube-work-queue';
/** Names the cache folder that the running lab was made in. */
export const HOME_FILE = path.join(RUN, 'home');

export const NODE = 'lab-node';
export const BRIDGE = 'kwq0';
export const BRIDGE_ADDRESS = '10.244.0.1';
export const POD_NETWORK = '10.244.0.0/16';
export const NODE_POD_NETWORK = '10.244.0.0/24';
export const SERVICE_NETWORK = '10.96.0.0/16';
export const API_SERVICE_ADDRESS = '10.96.0.1';
export const DNS_ADDRESS = '10.96.0.10';
export const BROKER_ADDRESS = '10.96.0.20';
/** dockerd's own bridge, so that a docker daemon of the machine's owner and its docker0 are left alone. */
export const DOCKER_BRIDGE = 'kwq-docker0';
export const DOCKER_BRIDGE_ADDRESS = '172.30.0.1/24';
export const REGISTRY = '127.0.0.1:5000';
export const API_SERVER = `https://${BRIDGE_ADDRESS}:6443`;
export const ETCD = 'http://127.0.0.1:2379';

export const CONTAINERD_SOCKET = path.join(RUN, 'containerd', 'containerd.sock');
export const DOCKER_SOCKET = path.join(RUN, 'docker.sock');
export const DOCKER_HOST = `unix://${DOCKER_SOCKET}`;
/** Debian's client: an own one in /usr/local may be newer than the daemon and warn in its output. */
export const DOCKER_CLIENT = '/usr/bin/docker';

/** The cache folder of the lab that runs on this machine; ours when none runs. */
export function home(): string {
  return existsSync(HOME_FILE) ? readFileSync(HOME_FILE, 'utf8').trim() : cacheDir();
}

/** A path below the running lab's cache folder. */
export function inHome(...names: string[]): string {
  return path.join(home(), ...names);
}

/** A path below the state of the cluster (configuration, certificates, data). */
export function inLab(...names: string[]): string {
  return inHome('lab', ...names);
}

export const KUBECONFIG = {
  admin: () => inLab('kubeconfig', 'admin.yaml'),
  developer: () => inLab('kubeconfig', 'developer.yaml'),
  viewer: () => inLab('kubeconfig', 'viewer.yaml'),
};
