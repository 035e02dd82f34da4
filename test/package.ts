import { execFileSync } from 'node:child_process';
import { rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Builds the extension and packs it. @returns the .vsix */
export async function packageExtension(): Promise<string> {
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
  const vsix = await packageExtension();
  console.log(`${vsix}: ${(statSync(vsix).size / 1000).toFixed(0)} kB`);
}
