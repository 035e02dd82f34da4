import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePorts } from '../../freePorts.ts';
import type { EditorInstall } from './install.ts';
import { waitFor } from './waitFor.ts';

const run = promisify(execFile);

export interface ServerOptions {
  install: EditorInstall;
  /** Paths of .vsix files, installed before the start. */
  extensions?: string[];
  /** Opens folders in restricted mode, without a question. */
  untrusted?: boolean;
  /** Added to the settings that keep VS Code quiet. */
  settings?: Record<string, unknown>;
  /** Added to this process's environment; extensions, tasks and terminals get it. */
  env?: Record<string, string>;
  /** The HOME of extensions and terminals: a fresh folder, when not given. */
  home?: string;
  signal?: AbortSignal;
}

export interface Server {
  /** http://127.0.0.1:PORT */
  address: string;
  /** The folder that holds the server's user data, extensions and, unless another was given, HOME. */
  folder: string;
  install(vsix: string): Promise<void>;
  /** Path and content of each log file that extensions and the extension host have written. */
  logs(): Promise<Map<string, string>>;
  /** Ends the server and all that was started in it, and removes its folder. */
  stop(): Promise<void>;
}

const quiet = {
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.colorTheme': 'Default Dark Modern',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'telemetry.telemetryLevel': 'off',
  'extensions.autoUpdate': false,
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'update.mode': 'none',
  'security.workspace.trust.enabled': false,
  'git.enabled': false,
  'chat.disableAIFeatures': true,
  'editor.minimap.enabled': false,
  // A parent that sticks to the top lies over the rows that are to be clicked.
  'workbench.tree.enableStickyScroll': false,
  // The terminal is then made of elements whose text can be read.
  'terminal.integrated.gpuAcceleration': 'off',
  'remote.autoForwardPorts': false,
  // As on a desktop; in a browser files are saved while one types.
  'files.autoSave': 'off',
};

const restricted = {
  'security.workspace.trust.enabled': true,
  'security.workspace.trust.startupPrompt': 'never',
  'security.workspace.trust.banner': 'never',
};

/**
 * Starts a VS Code server on a free loopback port, with a folder of its own; it ends with this process at the latest.
 * @throws when it does not answer within 30 s, with what it printed
 */
export async function startServer(options: ServerOptions): Promise<Server> {
  await removeAbandoned();
  // Short: it holds a Unix socket, whose path may have 107 bytes.
  const folder = await mkdtemp(join(tmpdir(), `kwq-editor-${process.pid}-`));
  const userData = join(folder, 'ud');
  const extensions = join(folder, 'ext');
  const env = serverEnvironment(options, folder);
  const base = [options.install.entry, '--user-data-dir', userData, '--extensions-dir', extensions];
  const install = async (vsix: string) => {
    await run(options.install.node, [...base, '--install-extension', vsix, '--force'], { env, timeout: 60_000 });
  };
  let child: ChildProcess | undefined;
  const stop = async () => {
    if (child) await endGroup(child);
    await endStragglers(folder);
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    await mkdir(join(userData, 'User'), { recursive: true });
    await mkdir(extensions);
    await writeFile(join(folder, 'config.yaml'), 'auth: none\n');
    const settings = { ...quiet, ...(options.untrusted && restricted), ...options.settings };
    await writeFile(join(userData, 'User/settings.json'), JSON.stringify(settings, null, 2));
    for (const vsix of options.extensions ?? []) await install(vsix);
    const [port] = await freePorts(1);
    const address = `http://127.0.0.1:${port}`;
    const args = [
      ...['--config', join(folder, 'config.yaml'), '--auth', 'none', '--bind-addr', `127.0.0.1:${port}`],
      ...['--disable-telemetry', '--disable-update-check', '--disable-proxy'],
      ...(options.untrusted ? [] : ['--disable-workspace-trust']),
      ...['--disable-getting-started-override', '--ignore-last-opened'],
    ];
    // setpriv: the kernel ends the server if this process is killed before it could.
    const command = ['--pdeathsig', 'TERM', options.install.node, ...base, ...args];
    child = spawn('setpriv', command, { env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    const output = collect(child);
    await waitFor('the editor server to answer', () => healthy(address, child), {
      timeout: 30_000,
      signal: options.signal,
      instead: () => output.join('').slice(-2000),
    });
    return { address, folder, install, logs: () => readLogs(join(userData, 'logs')), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function serverEnvironment(options: ServerOptions, folder: string): NodeJS.ProcessEnv {
  const own = options.home ? {} : { HOME: folder, XDG_CONFIG_HOME: join(folder, '.config') };
  return {
    ...process.env,
    ...own,
    XDG_DATA_HOME: join(folder, '.local/share'),
    SHELL: '/bin/bash',
    EXTENSIONS_GALLERY: '{"serviceUrl":"","itemUrl":"","resourceUrlTemplate":""}',
    // By this, processes that left the server's group are found at the end.
    WORK_QUEUE_TEST_EDITOR: folder,
    ...options.env,
  };
}

function collect(child: ChildProcess): string[] {
  const output: string[] = [];
  const keep = (chunk: Buffer) => {
    output.push(chunk.toString());
    if (output.length > 200) output.shift();
  };
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  child.on('error', error => output.push(String(error)));
  return output;
}

async function healthy(address: string, child: ChildProcess | undefined): Promise<boolean> {
  if (child?.exitCode !== null) throw new Error(`The editor server ended with exit code ${child?.exitCode}.`);
  const response = await fetch(`${address}/healthz`, { signal: AbortSignal.timeout(2000) }).catch(() => undefined);
  return response?.ok ?? false;
}

function signalGroup(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-pid, signal);
  } catch {
    return false;
  }
}

async function endGroup(child: ChildProcess): Promise<void> {
  const pid = child.pid;
  if (pid === undefined || !signalGroup(pid, 'SIGTERM')) return;
  await waitFor('the editor server to end', () => !signalGroup(pid, 0), { timeout: 10_000 }).catch(() =>
    signalGroup(pid, 'SIGKILL'),
  );
}

// Terminals are sessions of their own. They end with their pty, unless something in them ignores that.
async function endStragglers(folder: string): Promise<void> {
  await waitFor('the programs of the terminals to end', async () => (await processesOf(folder)).length === 0, {
    timeout: 5000,
  }).catch(async () => {
    for (const pid of await processesOf(folder)) process.kill(pid, 'SIGKILL');
  });
}

/** The processes that were started in the server of a folder, the server itself among them. */
export async function processesOf(folder: string): Promise<number[]> {
  const pids = (await readdir('/proc')).filter(name => /^\d+$/.test(name)).map(Number);
  const marked = await Promise.all(
    pids
      .map(pid => readFile(`/proc/${pid}/environ`, 'latin1').catch(() => ''))
      .map(async environ => {
        return (await environ).split('\0').includes(`WORK_QUEUE_TEST_EDITOR=${folder}`);
      }),
  );
  return pids.filter((pid, index) => marked[index] && pid !== process.pid);
}

/** Removes the folders of servers whose starter was killed; the servers themselves ended with it. */
async function removeAbandoned(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const pid = /^kwq-editor-(\d+)-/.exec(name)?.[1];
    if (pid && !existsSync(`/proc/${pid}`)) await rm(join(tmpdir(), name), { recursive: true, force: true });
  }
}

async function readLogs(folder: string): Promise<Map<string, string>> {
  const logs = new Map<string, string>();
  if (!existsSync(folder)) return logs;
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile() && path.includes('/exthost')) logs.set(path, await readFile(path, 'utf8'));
  }
  return logs;
}
