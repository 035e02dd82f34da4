import { checkImage, fullName } from './image.ts';
import type { LocalCluster } from './localCluster.ts';

/** The programs that build and push images, in the order in which they are looked for. */
export const IMAGE_TOOLS = ['docker', 'podman', 'nerdctl'] as const;
export type ImageTool = (typeof IMAGE_TOOLS)[number];

/**
 * argv that builds an image.
 *
 * @param o.context folder that the tool sends, @param o.dockerfile its Dockerfile when it is not the folder's own
 * @param o.platform such as linux/amd64, when it is not the machine's own
 * Throws RangeError for an image that checkImage refuses, as all of these functions do.
 */
export function buildCommand(o: {
  tool?: ImageTool | undefined;
  image: string;
  context: string;
  dockerfile?: string | undefined;
  platform?: string | undefined;
}): string[] {
  const { tool = 'docker', context } = o;
  const dockerfile = o.dockerfile === undefined ? [] : ['-f', asPath(o.dockerfile)];
  const platform = o.platform === undefined ? [] : ['--platform', checkedPlatform(o.platform)];
  return [tool, 'build', '-t', nameFor(tool, o.image), ...dockerfile, ...platform, asPath(context)];
}

/** argv that pushes an image to the registry of its name. */
export function pushCommand(image: string, tool: ImageTool = 'docker'): string[] {
  return [tool, 'push', nameFor(tool, image)];
}

/**
 * The argv, one after the other, that bring an image into a local cluster. kind, minikube and k3d take docker's images by
 * name; those of other tools from an archive.
 * @param o.archive path of a file that is not there yet, for that archive
 */
export function loadCommands(o: {
  tool?: ImageTool | undefined;
  image: string;
  cluster: LocalCluster;
  archive: string;
}): string[][] {
  const { tool = 'docker', cluster } = o;
  const image = nameFor(tool, o.image);
  if (tool === 'docker') return [load(cluster, image, false)];
  return [[tool, 'save', '-o', o.archive, image], load(cluster, o.archive, true)];
}

function load({ tool, name }: LocalCluster, what: string, isArchive: boolean): string[] {
  switch (tool) {
    case 'kind':
      return ['kind', 'load', isArchive ? 'image-archive' : 'docker-image', what, '--name', name];
    case 'k3d':
      return ['k3d', 'image', 'import', what, '--cluster', name];
    case 'minikube':
      return ['minikube', 'image', 'load', what, '--profile', name];
  }
}

/** argv that prints an image's labels as JSON; it fails when the image is not there. */
export function labelsCommand(image: string, tool: ImageTool = 'docker'): string[] {
  return [tool, 'image', 'inspect', '--format', '{{json .Config.Labels}}', nameFor(tool, image)];
}

/**
 * argv that runs a program in a new container of an image, with its standard input from ours.
 * @param o.program the program and its arguments; @param o.container the container's name, to end it by
 */
export function runCommand(o: {
  tool?: ImageTool | undefined;
  image: string;
  program: readonly string[];
  container: string;
}): string[] {
  const { tool = 'docker' } = o;
  const [program = '', ...args] = o.program;
  const entrypoint = ['--entrypoint', program];
  return [tool, 'run', '--rm', '-i', '--name', o.container, ...entrypoint, nameFor(tool, o.image), ...args];
}

/** argv that ends a container, at once. */
export function endCommand(container: string, tool: ImageTool = 'docker'): string[] {
  return [tool, 'rm', '--force', container];
}

/** The tool would read a reference that begins with `-` as an option. podman would take a short name for one of its own. */
function nameFor(tool: ImageTool, image: string): string {
  const problem = checkImage(image);
  if (problem !== undefined) throw new RangeError(`not the name of an image (${problem}): ${image}`);
  return tool === 'podman' ? fullName(image) : image;
}

function checkedPlatform(platform: string): string {
  if (!isPlatform(platform)) throw new RangeError(`not a platform: ${platform}`);
  return platform;
}

/** Is it os/architecture or os/architecture/variant? */
export function isPlatform(text: string): boolean {
  return /^[a-z0-9]+\/[a-z0-9]+(?:\/[a-z0-9]+)?$/.test(text);
}

/** A path that begins with `-` is not an option. */
function asPath(path: string): string {
  return path.startsWith('-') ? `./${path}` : path;
}
