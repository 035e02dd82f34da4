import { parseImage } from '../workload/image.ts';
import type { RegistryLook } from '../workload/imageVerdict.ts';

const TIMEOUT_MS = 4000;
/** A manifest is at most 4 MiB by the registries' own rule; a token or a config is less. */
const MAX_BYTES = 4 * 1024 * 1024;

const MANIFESTS = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ');

/**
 * Asks an image's registry, as anybody may, whether the image is there and for which platforms
 * (https://github.com/opencontainers/distribution-spec, with the token of
 * https://distribution.github.io/distribution/spec/auth/token). Registries of this machine are asked by HTTP, as docker
 * does. Never rejects: whatever is no clear answer is `unknown`, a private image included.
 * @param o.image a reference that checkImage takes
 */
export async function lookInRegistry(o: { image: string; signal: AbortSignal }): Promise<RegistryLook> {
  const { registry, path, tag, digest } = parseImage(o.image);
  const isHub = registry === undefined || registry === 'docker.io' || registry === 'index.docker.io';
  const base = isHub ? 'https://registry-1.docker.io' : `${isLoopback(registry) ? 'http' : 'https'}://${registry}`;
  const repository = isHub && !path.includes('/') ? `library/${path}` : path;
  const signal = AbortSignal.any([o.signal, AbortSignal.timeout(TIMEOUT_MS)]);
  const ask = new Asker(base, repository, signal);
  try {
    return await look(ask, digest ?? tag ?? 'latest');
  } catch {
    return { kind: 'unknown' };
  }
}

async function look(ask: Asker, reference: string): Promise<RegistryLook> {
  const response = await ask.get(`manifests/${reference}`, MANIFESTS);
  const answer = await readJson(response);
  if (response.status === 404) return isNoSuchImage(answer) ? { kind: 'missing' } : { kind: 'unknown' };
  if (!response.ok) return { kind: 'unknown' };
  const digest = response.headers.get('docker-content-digest') ?? undefined;
  return { kind: 'found', digest, platforms: await platformsOf(ask, answer) };
}

interface Platform {
  os?: unknown;
  architecture?: unknown;
}

/** An index names its platforms; a manifest of one image names its config, which has them. */
async function platformsOf(ask: Asker, manifest: unknown): Promise<string[] | undefined> {
  const { manifests, config } = manifest as {
    manifests?: { platform?: Platform }[];
    config?: { digest?: unknown };
  };
  if (Array.isArray(manifests)) {
    return manifests.flatMap(({ platform }) => words(platform)).filter(platform => platform !== 'unknown/unknown');
  }
  if (typeof config?.digest !== 'string' || !/^\w+:[0-9a-f]+$/.test(config.digest)) return undefined;
  const response = await ask.get(`blobs/${config.digest}`, '*/*');
  if (!response.ok) return undefined;
  const platforms = words((await readJson(response)) as Platform);
  return platforms.length > 0 ? platforms : undefined;
}

function words(platform: Platform | undefined): string[] {
  const { os, architecture } = platform ?? {};
  return typeof os === 'string' && typeof architecture === 'string' ? [`${os}/${architecture}`] : [];
}

/** GETs of one repository, with the token that its registry gives anybody. */
class Asker {
  readonly #base: string;
  readonly #repository: string;
  readonly #signal: AbortSignal;
  #token: string | undefined;

  constructor(base: string, repository: string, signal: AbortSignal) {
    this.#base = base;
    this.#repository = repository;
    this.#signal = signal;
  }

  async get(what: string, accept: string): Promise<Response> {
    const response = await this.#send(what, accept);
    const challenge = response.headers.get('www-authenticate');
    if (response.status !== 401 || challenge === null || this.#token !== undefined) return response;
    await response.body?.cancel();
    this.#token = await this.#askToken(challenge);
    return this.#token === undefined ? response : await this.#send(what, accept);
  }

  #send(what: string, accept: string): Promise<Response> {
    const authorization = this.#token === undefined ? {} : { Authorization: `Bearer ${this.#token}` };
    const url = `${this.#base}/v2/${this.#repository}/${what}`;
    return fetch(url, { headers: { Accept: accept, ...authorization }, signal: this.#signal });
  }

  async #askToken(challenge: string): Promise<string | undefined> {
    const { realm, service } = parameters(challenge);
    const url = realm === undefined ? null : URL.parse(realm);
    const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && isLoopback(url.host));
    if (!/^bearer /i.test(challenge) || !url || !isSafe) return undefined;
    if (service !== undefined) url.searchParams.set('service', service);
    url.searchParams.set('scope', `repository:${this.#repository}:pull`);
    const response = await fetch(url, { signal: this.#signal });
    if (!response.ok) return undefined;
    const { token, access_token } = (await readJson(response)) as { token?: unknown; access_token?: unknown };
    return [token, access_token].find(one => typeof one === 'string');
  }
}

/** The parameters of a challenge: `Bearer realm="…",service="…"`. */
function parameters(challenge: string): Record<string, string | undefined> {
  return Object.fromEntries([...challenge.matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value]) => [name, value]));
}

/** Only a registry's own words count: a 404 may also come from something that is no registry. */
function isNoSuchImage(answer: unknown): boolean {
  const { errors } = answer as { errors?: { code?: unknown }[] };
  return Array.isArray(errors) && errors.some(({ code }) => code === 'MANIFEST_UNKNOWN' || code === 'NAME_UNKNOWN');
}

async function readJson(response: Response): Promise<object> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    if (size > MAX_BYTES) throw new RangeError('the answer is too large');
    chunks.push(chunk);
  }
  try {
    const value: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'));
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}

function isLoopback(host: string): boolean {
  return /^(?:localhost|127(?:\.\d+){3}|\[::1\])(?::\d+)?$/.test(host);
}
