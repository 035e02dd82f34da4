import { copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { debianArchive } from './archive.ts';
import { binary } from './binaries.ts';
import { digest, digestOf } from './cache.ts';
import { run } from './command.ts';
import { docker } from './docker.ts';
import { inLab, REGISTRY } from './layout.ts';
import { removeMounts } from './mounts.ts';
import { findProcesses, signalProcess } from './process.ts';
import { type Report, timed } from './progress.ts';
import { registryHas } from './registry.ts';

interface Image {
  /** Without registry and tag. */
  name: string;
  tags: string[];
  /** A digest of all that it is made from; the registry keeps it as one more tag. */
  key: string;
  /** Makes the image in dockerd under a name with a tag; onLine gets what the makers print. */
  make: (reference: string, onLine: (line: string) => void) => Promise<unknown>;
}

const CERTIFICATES = '/usr/local/share/ca-certificates';
const IMPORT_OPTIONS = [
  '--change',
  'CMD ["bash"]',
  '--change',
  'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
];
/** Part of every key: raise it when the way in which images are made changes. */
const RECIPE = '1';

/** Base images, the broker and the worker: all that needs nothing compiled. */
export async function ensureDebianImages(report: Report): Promise<void> {
  endUnfinishedImages();
  await removeMounts(rootsFolder());
  rmSync(rootsFolder(), { recursive: true, force: true });
  const bookworm = base('bookworm', ['12-slim', '12', 'bookworm', 'bookworm-slim', 'latest']);
  const trixie = base('trixie', ['13-slim', '13', 'trixie', 'trixie-slim']);
  await Promise.all([ensureImage(bookworm, report), ensureImage(trixie, report)]);
  const rabbitmq = ['4-management', '4', 'management', 'latest'];
  await ensureImage(fromDockerfile('library/rabbitmq', rabbitmq, 'rabbitmq', trixie), report);
  await ensureImage(fromDockerfile('lab/worker', ['1'], 'worker', bookworm), report);
}

/** Ends the makers of base images that a killed `up` has left behind. */
export function endUnfinishedImages(): void {
  for (const pid of findProcesses(argv => argv.some(word => word.startsWith(`${rootsFolder()}/`))))
    signalProcess(pid, 'SIGKILL');
}

/** The images around a single compiled program. */
export async function ensureProgramImages(report: Report): Promise<void> {
  for (const name of ['pause', 'coredns'] as const) await ensureImage(around(name), report);
}

async function ensureImage(image: Image, report: Report): Promise<void> {
  const tags = [...image.tags, `made-from-${image.key}`];
  const has = await Promise.all(tags.map(tag => registryHas(image.name, tag)));
  if (has.every(each => each)) return;
  let doing = 'started';
  const make = async () => {
    const references = tags.map(tag => `${REGISTRY}/${image.name}:${tag}`);
    const [first = '', ...others] = references;
    await image.make(first, line => {
      if (line.trim() !== '') doing = line.trim().slice(0, 80);
    });
    for (const reference of others) await docker(['tag', first, reference]);
    doing = 'pushing it to the registry';
    // The key last: an interrupted push is done again.
    for (const reference of references) await docker(['push', '--quiet', reference], { timeoutMs: 300_000 });
  };
  await timed(report, `image ${image.name}:${image.tags[0]}`, make, () => doing);
}

function base(suite: string, tags: string[]): Image {
  const certificates = existsSync(CERTIFICATES) ? digestOf(CERTIFICATES) : '';
  return {
    name: 'library/debian',
    tags,
    key: digest(RECIPE, suite, certificates),
    make: (reference, onLine) => makeBase(suite, reference, onLine),
  };
}

async function makeBase(suite: string, reference: string, onLine: (line: string) => void): Promise<void> {
  const archive = await debianArchive();
  mkdirSync(rootsFolder(), { recursive: true });
  const root = mkdtempSync(path.join(rootsFolder(), `${suite}-`));
  try {
    // Without an address, debootstrap takes the one that it knows for the suite.
    const argv = [
      'debootstrap',
      '--variant=minbase',
      '--include=ca-certificates',
      suite,
      root,
      ...(archive ? [archive.main] : []),
    ];
    await run(argv, { timeoutMs: 15 * 60_000, onLine });
    if (archive !== undefined) writeFileSync(path.join(root, 'etc/apt/sources.list'), sourcesList(suite, archive));
    // As in the official images: an installation in a Dockerfile starts no services.
    writeFileSync(path.join(root, 'usr/sbin/policy-rc.d'), '#!/bin/sh\nexit 101\n', { mode: 0o755 });
    for (const folder of ['var/cache/apt/archives', 'var/lib/apt/lists']) emptyFolder(path.join(root, folder));
    if (existsSync(CERTIFICATES)) {
      // Where HTTPS goes through an authority of the machine's own, pip and npm in `docker build` need it as well.
      cpSync(CERTIFICATES, path.join(root, CERTIFICATES), { recursive: true });
      await run(['chroot', root, 'update-ca-certificates']);
    }
    const archiveFile = `${root}.tar`;
    try {
      await run(['tar', '--directory', root, '--create', '--file', archiveFile, '.'], { timeoutMs: 300_000 });
      await docker(['import', ...IMPORT_OPTIONS, archiveFile, reference], { timeoutMs: 300_000 });
    } finally {
      rmSync(archiveFile, { force: true });
    }
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

/** Where the base images' file systems are put together. */
function rootsFolder(): string {
  return inLab('roots');
}

function sourcesList(suite: string, archive: { main: string; security: string | undefined }): string {
  const lines = [`deb ${archive.main} ${suite} main`, `deb ${archive.main} ${suite}-updates main`];
  if (archive.security !== undefined) lines.push(`deb ${archive.security} ${suite}-security main`);
  return `${lines.join('\n')}\n`;
}

function emptyFolder(folder: string): void {
  for (const name of readdirSync(folder)) rmSync(path.join(folder, name), { recursive: true, force: true });
}

/** An image built from one of the folders beside this file, upon one of the base images. */
function fromDockerfile(name: string, tags: string[], folder: string, parent: Image): Image {
  const context = path.join(import.meta.dirname, folder);
  return {
    name,
    tags,
    key: digest(RECIPE, parent.key, digestOf(context)),
    make: (reference, onLine) => build(reference, context, onLine),
  };
}

function around(name: 'pause' | 'coredns'): Image {
  const program = binary(name);
  const make: Image['make'] = async (reference, onLine) => {
    mkdirSync(rootsFolder(), { recursive: true });
    const context = mkdtempSync(path.join(rootsFolder(), `${name}-`));
    try {
      copyFileSync(program, path.join(context, name));
      writeFileSync(path.join(context, 'Dockerfile'), `FROM scratch\nCOPY ${name} /${name}\nENTRYPOINT ["/${name}"]\n`);
      await build(reference, context, onLine);
    } finally {
      rmSync(context, { recursive: true, force: true });
    }
  };
  // The path of the program holds the digest of its sources.
  return { name: `lab/${name}`, tags: ['1'], key: digest(RECIPE, path.basename(path.dirname(program))), make };
}

async function build(reference: string, context: string, onLine: (line: string) => void): Promise<void> {
  await docker(['build', '--tag', reference, context], { timeoutMs: 15 * 60_000, onLine });
}
