/** What is wrong with an image's name; `placeholder`: it is still one that the documentation leaves to fill in. */
export type ImageProblem = 'empty' | 'placeholder' | 'upper-case' | 'bad-characters' | 'bad-tag' | 'too-long';

/** The parts of an image reference, as written. */
export interface ImageReference {
  /** Host and port; undefined: Docker Hub. */
  registry: string | undefined;
  path: string;
  tag: string | undefined;
  digest: string | undefined;
}

// The grammar of https://github.com/distribution/reference, which docker and containerd both use.
const COMPONENT = '[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*';
const HOST_LABEL = '(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])';
const PATH = new RegExp(`^${COMPONENT}(?:/${COMPONENT})*$`);
const REGISTRY = new RegExp(`^(?:${HOST_LABEL}(?:\\.${HOST_LABEL})*|\\[[0-9a-fA-F:]+\\])(?::[0-9]+)?$`);
const TAG = /^\w[\w.-]{0,127}$/;
const DIGEST = /^[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}$/;
const MAX_NAME_LENGTH = 255;

/** Is the reference empty, or does it still have a part to fill in: `<repo>/…`, `gcr.io/<project>/…`? */
export function isPlaceholderImage(reference: string): boolean {
  return reference.trim() === '' || /[<>]/.test(reference);
}

/** What keeps the reference from naming an image; undefined when nothing does. */
export function checkImage(reference: string): ImageProblem | undefined {
  if (reference.trim() === '') return 'empty';
  if (isPlaceholderImage(reference)) return 'placeholder';
  const { registry, path, tag, digest } = parseImage(reference);
  if (tag !== undefined && !TAG.test(tag)) return 'bad-tag';
  if (digest !== undefined && !DIGEST.test(digest)) return 'bad-tag';
  // docker would take `Name/app` for a registry called Name; nobody means that.
  if (registry !== undefined && /^[^.:]*[A-Z][^.:]*$/.test(registry)) return 'upper-case';
  if (registry !== undefined && !REGISTRY.test(registry)) return 'bad-characters';
  if (!PATH.test(path)) return PATH.test(path.toLowerCase()) ? 'upper-case' : 'bad-characters';
  return (registry === undefined ? 0 : registry.length + 1) + path.length > MAX_NAME_LENGTH ? 'too-long' : undefined;
}

/** Splits a reference as docker does; for a reference that checkImage refuses the parts are a guess. */
export function parseImage(reference: string): ImageReference {
  const [beforeDigest = '', digest] = splitAt(reference, reference.indexOf('@'));
  const slash = beforeDigest.indexOf('/');
  const first = beforeDigest.slice(0, Math.max(0, slash));
  const isRegistry = /[.:A-Z]/.test(first) || first === 'localhost';
  const rest = isRegistry ? beforeDigest.slice(slash + 1) : beforeDigest;
  const [path = '', tag] = splitAt(rest, rest.indexOf(':', rest.lastIndexOf('/')));
  return { registry: isRegistry ? first : undefined, path, tag, digest };
}

/** The reference with its registry and tag written out, as containerd and podman keep it. */
export function fullName(reference: string): string {
  const { registry, path, tag, digest } = parseImage(reference);
  const inHub = path.includes('/') ? path : `library/${path}`;
  const name = registry === undefined ? `docker.io/${inHub}` : `${registry}/${path}`;
  return digest === undefined ? `${name}:${tag ?? 'latest'}` : `${name}@${digest}`;
}

/** The reference without its digest: what is built and pushed has a name, and gets its digest by that. */
export function withoutDigest(reference: string): string {
  return reference.replace(/@.*$/, '');
}

function splitAt(text: string, at: number): [string, string | undefined] {
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}
