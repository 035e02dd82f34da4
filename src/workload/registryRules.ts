import { parseImage } from './image.ts';
import type { ImageTool } from './imageCommands.ts';

export type RegistryKind = 'docker-hub' | 'ghcr' | 'artifact-registry' | 'gcr' | 'plain';

/** Why a registry would not take an image of that name. */
export type RegistryProblem =
  | 'hub-needs-user'
  | 'hub-too-deep'
  | 'ghcr-needs-owner'
  | 'artifact-needs-repository'
  | 'gcr-needs-project'
  | 'has-digest';

const HUB = new Set(['docker.io', 'index.docker.io', 'registry-1.docker.io']);

/** Whose registry an image's name means. */
export function registryKind(reference: string): RegistryKind {
  const { registry } = parseImage(reference);
  if (registry === undefined || HUB.has(registry)) return 'docker-hub';
  if (registry === 'ghcr.io') return 'ghcr';
  if (registry.endsWith('-docker.pkg.dev')) return 'artifact-registry';
  return registry === 'gcr.io' || registry.endsWith('.gcr.io') ? 'gcr' : 'plain';
}

/**
 * What keeps an image from being pushed under its name, by the rules of the registry that the name means; undefined when
 * nothing does. The reference is one that checkImage takes.
 *
 * Docker Hub: user/name. GitHub: ghcr.io/owner/name. Artifact Registry: REGION-docker.pkg.dev/PROJECT/REPOSITORY/name
 * (cloud.google.com/artifact-registry/docs/docker/names). Container Registry: gcr.io/PROJECT/name.
 */
export function checkForPush(reference: string): RegistryProblem | undefined {
  const { path, digest } = parseImage(reference);
  if (digest !== undefined) return 'has-digest';
  const parts = path.split('/');
  switch (registryKind(reference)) {
    case 'docker-hub':
      if (parts.length < 2 || parts[0] === 'library') return 'hub-needs-user';
      return parts.length > 2 ? 'hub-too-deep' : undefined;
    case 'ghcr':
      return parts.length < 2 ? 'ghcr-needs-owner' : undefined;
    case 'artifact-registry':
      return parts.length < 3 ? 'artifact-needs-repository' : undefined;
    case 'gcr':
      return parts.length < 2 ? 'gcr-needs-project' : undefined;
    case 'plain':
      return undefined;
  }
}

/** argv of the interactive command after which pushing to the image's registry is allowed. */
export function loginCommand(reference: string, tool: ImageTool): string[] {
  const { registry } = parseImage(reference);
  switch (registryKind(reference)) {
    case 'docker-hub':
      // podman has no registry of its own to log in to.
      return tool === 'docker' ? [tool, 'login'] : [tool, 'login', 'docker.io'];
    case 'artifact-registry':
    case 'gcr':
      // Lets docker fetch a token from gcloud at every push; podman and nerdctl read the same file.
      return ['gcloud', 'auth', 'configure-docker', registry ?? ''];
    default:
      return [tool, 'login', registry ?? ''];
  }
}
