import { createHash } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import type { Journal } from '../broker/index.ts';
import type { ItemFormat } from '../workload/formats.ts';
import type { LineRange } from '../workload/readItems.ts';

/** A publication as it is kept on disk until it has ended well. */
export interface Publication {
  runId: string;
  /** What the person took the items from, by the name that they see: a file's, or '' for the clipboard. */
  name: string;
  source: KeptSource;
  format: ItemFormat;
  leaveOutDuplicates: boolean;
  /** Messages that it sends in all. */
  items: number;
  /** The last line of the source. */
  lastLine: number;
  /** BrokerPlace.id, and the broker's URL without its password. */
  place: string;
  broker: string;
  queue: string;
  /** Milliseconds since the epoch. */
  startedAt: number;
  /** The process that publishes; undefined: it has stopped. */
  process: number | undefined;
  /** The person has stopped it; nobody need be reminded of it. */
  cancelled: boolean;
  /** undefined: nothing was sent yet. */
  journal: Journal | undefined;
}

/** Where the items are: a file of the person's, or a copy of what they had selected. Both are known by their bytes. */
export type KeptSource =
  | { kind: 'file'; path: string; sha256: string }
  | {
      kind: 'copy';
      path: string;
      sha256: string;
      document: string | undefined;
      lines: readonly LineRange[] | undefined;
    };

/** How long ago whoever is at work has said so at most; a process of the same number may be another one. */
const ALIVE_MS = 20_000;
/** How long what a person has stopped can be gone on with. */
const KEEP_CANCELLED_MS = 7 * 24 * 60 * 60 * 1_000;

/** The publications that have not ended well, one file each, in a folder of the workspace's own. */
export class Publications {
  readonly #folder: string;

  /** @param storage a folder, which need not be there yet */
  constructor(storage: string) {
    this.#folder = join(storage, 'publications');
  }

  /** Writes a publication so that a crash at any moment leaves the old or the new account, whole. */
  async save(publication: Publication): Promise<void> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const path = this.#path(publication.runId, 'json');
    const file = await open(`${path}.new`, 'w', 0o600);
    try {
      await file.writeFile(JSON.stringify(packed(publication)));
      await file.datasync();
    } finally {
      await file.close();
    }
    await rename(`${path}.new`, path);
  }

  /**
   * Keeps a copy of items that are in no file.
   * @returns its path and the SHA-256 of its bytes
   */
  async keepCopy(runId: string, text: Iterable<string>): Promise<{ path: string; sha256: string }> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const path = this.#path(runId, 'items');
    const hash = createHash('sha256');
    const pieces = [...text];
    // UTF-8 has no form for half of a character pair, and the copy must be left out of where the original was.
    const encoding = pieces.every(piece => piece.isWellFormed()) ? 'utf8' : 'utf16le';
    const file = await open(path, 'w', 0o600);
    try {
      if (encoding === 'utf16le' && !pieces[0]?.startsWith('\uFEFF')) pieces.unshift('\uFEFF');
      for (const piece of pieces) {
        const bytes = Buffer.from(piece, encoding);
        hash.update(bytes);
        await file.appendFile(bytes);
      }
      await file.datasync();
    } finally {
      await file.close();
    }
    return { path, sha256: hash.digest('hex') };
  }

  /** Says that somebody is at work on it; to be called every few seconds. */
  async touch(runId: string, now = Date.now()): Promise<void> {
    await utimes(this.#path(runId, 'json'), now / 1_000, now / 1_000).catch(() => undefined);
  }

  /** Forgets a publication, and the copy of its items. */
  async remove(runId: string): Promise<void> {
    for (const ending of ['json', 'json.new', 'items']) await rm(this.#path(runId, ending), { force: true });
  }

  /** How many are kept, those that somebody is at work on too. */
  async kept(): Promise<number> {
    return (await this.#names()).length;
  }

  /** Those that nobody is at work on, the latest first. */
  async unfinished(now = Date.now()): Promise<Publication[]> {
    const found: Publication[] = [];
    for (const name of await this.#names()) {
      const path = join(this.#folder, name);
      const publication = await read(path);
      if (!publication || (isAlive(publication) && (await isFresh(path, now)))) continue;
      if (publication.cancelled && now - publication.startedAt > KEEP_CANCELLED_MS)
        await this.remove(publication.runId);
      else found.push(publication);
    }
    return found.sort((a, b) => b.startedAt - a.startedAt);
  }

  async #names(): Promise<string[]> {
    const names = await readdir(this.#folder).catch(() => []);
    return names.filter(name => name.endsWith('.json'));
  }

  #path(runId: string, ending: string): string {
    return join(this.#folder, `${runId}.${ending}`);
  }
}

async function read(path: string): Promise<Publication | undefined> {
  try {
    const publication = JSON.parse(await readFile(path, 'utf8'));
    return typeof publication?.runId === 'string' ? unpacked(publication) : undefined;
  } catch {
    // One of another version, or somebody else's: nothing that can be gone on with.
    return undefined;
  }
}

type Failures = Journal['failed'];
interface Packed extends Omit<Publication, 'journal'> {
  journal: (Omit<Journal, 'failed'> & { failed: (Failures[number] & { to: number })[] }) | undefined;
}

/** A full queue may refuse a million lines that follow each other, and the account is written twice a second. */
function packed(publication: Publication): Packed {
  const { journal } = publication;
  const failed: (Failures[number] & { to: number })[] = [];
  for (const { line, reason } of journal?.failed ?? []) {
    const last = failed.at(-1);
    if (last?.to === line - 1 && last.reason === reason) last.to = line;
    else failed.push({ line, to: line, reason });
  }
  return { ...publication, journal: journal && { ...journal, failed } };
}

function unpacked(publication: Packed): Publication {
  const { journal } = publication;
  const failed: Failures = [];
  for (const { line, to, reason } of journal?.failed ?? [])
    for (let each = line; each <= to; each++) failed.push({ line: each, reason });
  return { ...publication, journal: journal && { ...journal, failed } };
}

function isAlive({ process: id }: Publication): boolean {
  if (id === undefined) return false;
  try {
    process.kill(id, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

async function isFresh(path: string, now: number): Promise<boolean> {
  const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: 0 }));
  return now - mtimeMs < ALIVE_MS;
}
