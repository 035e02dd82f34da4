import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';

const MANIFEST = 'application/vnd.docker.distribution.manifest.v2+json';
const INDEX = 'application/vnd.docker.distribution.manifest.list.v2+json';
const REPOSITORY = 'lab/other-architecture';

/**
 * Puts an image into a registry whose one program no machine of the lab can run (it is for IBM Z), and an index that has
 * no other; the same each time, so that it stands there once.
 * @returns their references
 */
export async function otherArchitecture(registry: string): Promise<{ single: string; index: string }> {
  const base = `http://${registry}/v2/${REPOSITORY}`;
  const tar = tarOf('worker', program());
  const layer = gzipSync(tar);
  const config = Buffer.from(
    JSON.stringify({
      architecture: 's390x',
      os: 'linux',
      config: { Cmd: ['/worker'] },
      rootfs: { type: 'layers', diff_ids: [digestOf(tar)] },
    }),
  );
  for (const blob of [layer, config]) await upload(base, blob);
  const described = (mediaType: string, blob: Buffer) => ({ mediaType, size: blob.length, digest: digestOf(blob) });
  const manifest = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: MANIFEST,
      config: described('application/vnd.docker.container.image.v1+json', config),
      layers: [described('application/vnd.docker.image.rootfs.diff.tar.gzip', layer)],
    }),
  );
  const platform = { os: 'linux', architecture: 's390x' };
  const index = Buffer.from(
    JSON.stringify({ schemaVersion: 2, mediaType: INDEX, manifests: [{ ...described(MANIFEST, manifest), platform }] }),
  );
  await put(`${base}/manifests/single`, MANIFEST, manifest);
  await put(`${base}/manifests/index`, INDEX, index);
  return { single: `${registry}/${REPOSITORY}:single`, index: `${registry}/${REPOSITORY}:index` };
}

async function upload(base: string, blob: Buffer): Promise<void> {
  const started = await fetch(`${base}/blobs/uploads/`, { method: 'POST', signal: within() });
  const url = new URL(started.headers.get('location') ?? '', base);
  url.searchParams.set('digest', digestOf(blob));
  await put(url.href, 'application/octet-stream', blob);
}

async function put(url: string, type: string, body: Buffer): Promise<void> {
  const headers = { 'Content-Type': type };
  const response = await fetch(url, { method: 'PUT', headers, body: new Uint8Array(body), signal: within() });
  assert.equal(response.status, 201, `${url}: ${await response.text()}`);
}

const within = () => AbortSignal.timeout(10_000);

const digestOf = (blob: Buffer) => `sha256:${createHash('sha256').update(blob).digest('hex')}`;

/** The head of an ELF program, as far as the kernel reads it before it sees whose it is. */
function program(): Buffer {
  const elf = Buffer.alloc(64);
  // 64 bits, big-endian, an executable, for machine 22 (IBM S/390).
  elf.set([0x7f, 0x45, 0x4c, 0x46, 2, 2, 1]);
  elf.writeUInt16BE(2, 16);
  elf.writeUInt16BE(22, 18);
  return elf;
}

/** A tar archive of one executable file (POSIX ustar). */
function tarOf(name: string, content: Buffer): Buffer {
  const head = Buffer.alloc(512);
  head.write(name, 0);
  head.write('0000755\0', 100);
  head.write(`${content.length.toString(8).padStart(11, '0')}\0`, 124);
  head.write('00000000000\0', 136);
  head.write('        0', 148);
  head.write('ustar\x0000', 257);
  const sum = head.reduce((total, byte) => total + byte, 0);
  head.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  const padded = Buffer.alloc(512);
  content.copy(padded);
  return Buffer.concat([head, padded, Buffer.alloc(1024)]);
}
