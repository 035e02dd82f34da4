import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { digest, digestOf } from './cache.ts';
import { attempt, run } from './command.ts';
import { inHome } from './layout.ts';
import { type Report, timed } from './progress.ts';

/** The one Kubernetes program acts as the component by whose name it is called. */
const COMPONENTS = [
  'kube-apiserver',
  'kube-controller-manager',
  'kube-scheduler',
  'kube-proxy',
  'kubelet',
  'kubectl',
] as const;
const PROGRAMS = ['pause', 'etcd', 'coredns', 'kubernetes'] as const;
const UNFINISHED = '.unfinished';
type Program = (typeof PROGRAMS)[number];

/** The version of a module as a program's go.mod pins it, with its v. */
export function pinnedVersion(program: Program, module: string): string {
  const text = readFileSync(path.join(sources(program), 'go.mod'), 'utf8');
  const version = new RegExp(`^(?:require )?\\s*${module} (v\\S+)`, 'm').exec(text)?.[1];
  if (version === undefined) throw new Error(`${program}/go.mod does not name ${module}`);
  return version;
}

/** Where a program is or will be: its folder's name holds the digest of what it is made from. */
export function binary(name: Exclude<Program, 'kubernetes'> | (typeof COMPONENTS)[number]): string {
  const program = PROGRAMS.find(known => known === name) ?? 'kubernetes';
  return path.join(binaryFolder(program), name);
}

/**
 * Builds the programs that are not in the cache yet, one after the other, telling how far each is.
 * @throws Error when the Go toolchain is missing or a build fails
 */
export async function ensureBinaries(report: Report): Promise<void> {
  removeUnfinished();
  for (const program of PROGRAMS) {
    if (!existsSync(binaryFolder(program))) await build(program, report);
  }
}

async function build(program: Program, report: Report): Promise<void> {
  if ((await attempt(['go', 'version'])).code !== 0) {
    throw new Error('the lab needs Go 1.26 or newer on the PATH: it compiles Kubernetes, etcd and CoreDNS');
  }
  const cwd = sources(program);
  await timed(report, `${program}: fetching modules`, () =>
    run(['go', 'mod', 'download'], { cwd, timeoutMs: 15 * 60_000 }),
  );
  const packages = (await run(['go', 'list', '-deps', '.'], { cwd, env: { CGO_ENABLED: '0' }, timeoutMs: 5 * 60_000 }))
    .trim()
    .split('\n').length;
  const target = binaryFolder(program);
  const unfinished = `${target}${UNFINISHED}`;
  mkdirSync(unfinished, { recursive: true });
  try {
    let compiled = 0;
    await timed(
      report,
      `${program}: building`,
      () =>
        run(['go', 'build', '-v', ...buildFlags(program), '-o', path.join(unfinished, program), '.'], {
          cwd,
          env: { CGO_ENABLED: '0' },
          timeoutMs: 60 * 60_000,
          onLine: () => compiled++,
        }),
      () => `${compiled} of at most ${packages} packages compiled`,
    );
    if (program === 'kubernetes') for (const name of COMPONENTS) symlinkSync(program, path.join(unfinished, name));
    // In one step, so that a killed build leaves nothing that looks like a whole one.
    renameSync(unfinished, target);
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
}

/** Of builds that were killed. */
function removeUnfinished(): void {
  const parent = inHome('bin');
  if (!existsSync(parent)) return;
  for (const name of readdirSync(parent)) {
    if (name.endsWith(UNFINISHED)) rmSync(path.join(parent, name), { recursive: true, force: true });
  }
}

function buildFlags(program: Program): string[] {
  const flags = ['-s', '-w'];
  if (program === 'kubernetes') {
    const version = pinnedVersion(program, 'k8s.io/kubernetes');
    const [major, minor] = version.slice(1).split('.');
    const variables = { gitVersion: version, gitMajor: major, gitMinor: minor, gitTreeState: 'clean' };
    for (const [name, value] of Object.entries(variables))
      flags.push(`-X k8s.io/component-base/version.${name}=${value}`);
    flags.push(`-X k8s.io/client-go/pkg/version.gitVersion=${version}`);
  }
  return ['-trimpath', '-buildvcs=false', `-ldflags=${flags.join(' ')}`];
}

function binaryFolder(program: Program): string {
  return inHome('bin', `${program}-${digest(digestOf(sources(program)), process.arch, ...buildFlags(program))}`);
}

function sources(program: Program): string {
  return path.join(import.meta.dirname, program);
}
