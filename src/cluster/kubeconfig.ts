import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { KubeConfig } from '@kubernetes/client-node';
import { ClusterError } from './error.ts';
import type { ExecConfig } from './execPlugin.ts';

/** What the kubeconfig offers. `files`: the files that it comes from (there or not). */
export interface Contexts {
  contexts: { name: string; cluster: string; namespace: string }[];
  current: string | undefined;
  files: string[];
}

/** One context with what it names: where the cluster is, who the user is. */
export interface Identity {
  context: string;
  namespace: string;
  cluster: KubeConfig['clusters'][number];
  user: KubeConfig['users'][number];
  /** The user's credential plugin. */
  exec: ExecConfig | undefined;
}

const IN_CLUSTER_TOKEN = '/var/run/secrets/kubernetes.io/serviceaccount/token';

/**
 * The contexts of the kubeconfig that kubectl would use; no network, no plugin is run.
 * @param o.kubeconfig a file's path, instead of KUBECONFIG or ~/.kube/config
 * @throws ClusterError `no-kubeconfig` with the path and what is wrong with it
 */
export function readContexts(o: { kubeconfig?: string } = {}): Contexts {
  const config = loadKubeConfig(o);
  return {
    contexts: config.contexts.map(({ name, cluster, namespace }) => ({
      name,
      cluster,
      namespace: namespace || 'default',
    })),
    current: config.contexts.some(c => c.name === config.currentContext) ? config.currentContext : undefined,
    files: kubeconfigFiles(o),
  };
}

/**
 * Finds a context and what it names.
 * @param o.context its name; without it the current one
 * @throws ClusterError `no-kubeconfig`, `no-context`
 */
export function readIdentity(o: { kubeconfig?: string; context?: string }): Identity {
  const config = loadKubeConfig(o);
  const name = o.context ?? config.currentContext;
  const context = config.contexts.find(one => one.name === name);
  if (!context) {
    throw new ClusterError('no-context', name ? `no context "${name}" in the kubeconfig` : 'no current context is set');
  }
  const cluster = config.clusters.find(one => one.name === context.cluster);
  if (!cluster) throw new ClusterError('no-context', `context "${name}": no cluster "${context.cluster}"`);
  if (!URL.canParse(cluster.server))
    throw new ClusterError('no-context', `context "${name}": no URL: ${cluster.server}`);
  const user = context.user ? config.users.find(one => one.name === context.user) : { name: 'anonymous' };
  if (!user) throw new ClusterError('no-context', `context "${name}": no user "${context.user}"`);
  const exec: ExecConfig | undefined = user.exec ?? user.authProvider?.config?.exec;
  return { context: context.name, namespace: context.namespace || 'default', cluster, user, exec };
}

/**
 * Loads the kubeconfig by kubectl's rules: of several files the first that names a thing wins, a missing one is passed
 * over, an empty one says nothing; relative paths start at the file they stand in. Only inside a Pod, and only where
 * there is no file at all, the Pod's own service account.
 * @throws ClusterError `no-kubeconfig`
 */
function loadKubeConfig(o: { kubeconfig?: string }): KubeConfig {
  const files = kubeconfigFiles(o);
  const present = o.kubeconfig ? files : files.filter(file => existsSync(file));
  if (present.length === 0) {
    if (process.env.KUBERNETES_SERVICE_HOST && existsSync(IN_CLUSTER_TOKEN)) {
      const config = new KubeConfig();
      config.loadFromCluster();
      return config;
    }
    throw new ClusterError('no-kubeconfig', `${files.join(delimiter)}: no such file`);
  }
  const merged = new KubeConfig();
  for (const file of present) {
    const config = loadFile(file);
    if (!merged.currentContext && config.currentContext) merged.setCurrentContext(config.currentContext);
    addMissing(merged.clusters, config.clusters);
    addMissing(merged.users, config.users);
    addMissing(merged.contexts, config.contexts);
  }
  return merged;
}

/** The files that the kubeconfig comes from, there or not. @param o.kubeconfig a file's path, instead of KUBECONFIG or ~/.kube/config */
export function kubeconfigFiles(o: { kubeconfig?: string }): string[] {
  if (o.kubeconfig) return [resolve(o.kubeconfig)];
  const fromEnvironment = (process.env.KUBECONFIG ?? '').split(delimiter).filter(file => file !== '');
  return fromEnvironment.length > 0 ? fromEnvironment.map(file => resolve(file)) : [join(homedir(), '.kube', 'config')];
}

function loadFile(file: string): KubeConfig {
  const config = new KubeConfig();
  try {
    // The YAML reader behind loadFromString refuses an empty text; kubectl takes it for an empty config.
    if (readFileSync(file, 'utf8').trim() !== '') config.loadFromFile(file, { onInvalidEntry: 'filter' });
  } catch (error) {
    throw new ClusterError('no-kubeconfig', `${file}: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
  for (const user of config.users) {
    // As kubectl: a plugin named by a relative path lies beside the kubeconfig, a bare name is looked up in PATH.
    if (typeof user.exec?.command === 'string' && /[/\\]/.test(user.exec.command)) {
      user.exec.command = resolve(dirname(file), user.exec.command);
    }
  }
  return config;
}

function addMissing<T extends { name: string }>(into: T[], from: readonly T[]): void {
  for (const one of from) if (!into.some(other => other.name === one.name)) into.push(one);
}
