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

/**
 * argv that builds an image.
 *
 * @param o.context folder that docker sends, @param o.dockerfile its Dockerfile when it is not the folder's own
 * @param o.platform such as linux/amd64, when it is not the machine's own
 * Throws RangeError for an image that checkImage refuses.
 */
export function buildCommand(o: { image: string; context: string; dockerfile?: string; platform?: string }): string[] {
  const dockerfile = o.dockerfile === undefined ? [] : ['-f', asPath(o.dockerfile)];
  const platform = o.platform === undefined ? [] : ['--platform', o.platform];
  return ['docker', 'build', '-t', checked(o.image), ...dockerfile, ...platform, asPath(o.context)];
}

/** argv that gives an image a second name. Throws RangeError for an image that checkImage refuses. */
export function tagCommand(from: string, to: string): string[] {
  return ['docker', 'tag', checked(from), checked(to)];
}

/** argv that pushes an image to the registry of its name. Throws RangeError for an image that checkImage refuses. */
export function pushCommand(image: string): string[] {
  return ['docker', 'push', checked(image)];
}

/** docker would read a reference that begins with `-` as an option. */
function checked(image: string): string {
  const problem = checkImage(image);
  if (problem !== undefined) throw new RangeError(`not the name of an image (${problem}): ${image}`);
  return image;
}

/** A path that begins with `-` is not an option. */
function asPath(path: string): string {
  return path.startsWith('-') ? `./${path}` : path;
}

function splitAt(text: string, at: number): [string, string | undefined] {
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}
