import { execFileSync } from 'node:child_process';
import { rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * Builds the extension and packs it. Tests that run at the same time share one package: who starts them packs it and
 * names it in WORK_QUEUE_VSIX.
 * @returns the .vsix
 */
export function packageExtension(): string {
  const packed = process.env.WORK_QUEUE_VSIX;
  if (packed) return packed;
  const vsix = join(root, 'dist/kube-work-queue.vsix');
  rmSync(join(root, 'dist'), { recursive: true, force: true });
  execFileSync(process.execPath, ['esbuild.mjs'], { cwd: root, stdio: 'inherit' });
  const vsce = join(root, 'node_modules/@vscode/vsce/vsce');
  execFileSync(
    process.execPath,
    [vsce, 'package', '--no-dependencies', '--allow-missing-repository', '--no-rewrite-relative-links', '--out', vsix],
    {
      cwd: root,
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  );
  return vsix;
}

if (import.meta.main) {
  const vsix = packageExtension();
  console.log(`${vsix}: ${(statSync(vsix).size / 1000).toFixed(0)} kB`);
}
