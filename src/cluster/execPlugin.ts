import { spawn } from 'node:child_process';
import { ClusterError } from './error.ts';

/** The `exec` part of a kubeconfig's user. */
export interface ExecConfig {
  apiVersion?: string;
  command: string;
  args?: string[] | null;
  env?: { name: string; value: string }[] | null;
  installHint?: string;
  interactiveMode?: string;
  provideClusterInfo?: boolean;
}

/** The cluster as a plugin with `provideClusterInfo` is told of it. */
export interface PluginCluster {
  server: string;
  caData?: string;
  tlsServerName?: string;
  skipTLSVerify?: boolean;
  proxyUrl?: string;
}

/** What a plugin gave. `expires`: ms since 1970; undefined: valid until the server refuses it. */
export interface ExecCredential {
  token: string | undefined;
  cert: string | undefined;
  key: string | undefined;
  expires: number | undefined;
}

const MAX_OUTPUT_BYTES = 1024 * 1024;

/**
 * Runs a credential plugin (client-go credential plugins, client.authentication.k8s.io) without a terminal.
 * client-node's own runner has no time limit, no KUBERNETES_EXEC_INFO, and leaves a hanging plugin behind.
 * @param cluster what the plugin is told with `provideClusterInfo`
 * @param timeoutMs after so long the plugin and its children are killed
 * @param signal kills them, too
 * @throws ClusterError `credentials` with the plugin's last words
 */
export function runExecPlugin(
  exec: ExecConfig,
  cluster: PluginCluster,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<ExecCredential> {
  if (exec.interactiveMode === 'Always') {
    return Promise.reject(new ClusterError('credentials', `${exec.command} needs a terminal (interactiveMode Always)`));
  }
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    ...Object.fromEntries((exec.env ?? []).map(({ name, value }) => [name, value])),
    KUBERNETES_EXEC_INFO: JSON.stringify({
      kind: 'ExecCredential',
      apiVersion: exec.apiVersion ?? 'client.authentication.k8s.io/v1',
      spec: { interactive: false, ...(exec.provideClusterInfo ? { cluster: inPluginWords(cluster) } : {}) },
    }),
  };
  return new Promise((resolve, reject) => {
    const fail = (what: string) => reject(new ClusterError('credentials', `${exec.command}: ${what}`));
    const posix = process.platform !== 'win32';
    // A group of its own, so that what a wrapper script started can be ended with it.
    const child = spawn(exec.command, exec.args ?? [], { env, stdio: ['ignore', 'pipe', 'pipe'], detached: posix });
    const kill = () => {
      try {
        if (posix && child.pid) process.kill(-child.pid, 'SIGKILL');
        else child.kill('SIGKILL');
      } catch {
        // It has just ended by itself.
      }
    };
    const giveUp = (what: string) => {
      kill();
      fail(what);
    };
    const timer = setTimeout(() => giveUp(`no answer in ${timeoutMs / 1000} s`), timeoutMs);
    const onAbort = () => giveUp('ended');
    signal.addEventListener('abort', onAbort, { once: true });
    const release = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
    };
    let out = '';
    let err = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      out += text;
      if (out.length > MAX_OUTPUT_BYTES) kill();
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      err = (err + text).slice(-1000);
    });
    child.on('error', (error: NodeJS.ErrnoException) => {
      release();
      const hint = exec.installHint ? ` ${exec.installHint}` : '';
      fail(error.code === 'ENOENT' ? `not found in PATH=${env.PATH ?? ''}.${hint}` : error.message);
    });
    child.on('close', (code, killed) => {
      release();
      if (code !== 0) return fail(err.trim() || `ended with ${killed ?? `exit status ${code}`}`);
      const credential = readCredential(out);
      return credential ? resolve(credential) : fail('its output is no ExecCredential');
    });
  });
}

function inPluginWords(cluster: PluginCluster): Record<string, unknown> {
  return {
    server: cluster.server,
    'certificate-authority-data': cluster.caData,
    'tls-server-name': cluster.tlsServerName,
    'insecure-skip-tls-verify': cluster.skipTLSVerify,
    'proxy-url': cluster.proxyUrl,
  };
}

function readCredential(text: string): ExecCredential | undefined {
  try {
    const { status } = JSON.parse(text) as {
      status?: { token?: string; clientCertificateData?: string; clientKeyData?: string; expirationTimestamp?: string };
    };
    if (!status?.token && !status?.clientCertificateData) return undefined;
    const expires = Date.parse(status.expirationTimestamp ?? '');
    return {
      token: status.token,
      cert: status.clientCertificateData,
      key: status.clientKeyData,
      expires: Number.isNaN(expires) ? undefined : expires,
    };
  } catch {
    return undefined;
  }
}
