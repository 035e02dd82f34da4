import * as vscode from 'vscode';
import { checkImage, type ImageProblem } from '../../../workload/image.ts';
import type { LocalCluster } from '../../../workload/localCluster.ts';
import { checkForPush, type RegistryProblem } from '../../../workload/registryRules.ts';

/**
 * Asks for the name of a worker's image; what is wrong with it is said while it is typed.
 * @param value what stands there at first
 * @param local the cluster in use, when names that no registry takes are good for it
 * @throws CancellationError when the person gives none
 */
export async function askImageName(value: string, local: LocalCluster | undefined): Promise<string> {
  const image = await vscode.window.showInputBox({
    title: vscode.l10n.t('Name of the Worker’s Image'),
    prompt: local
      ? vscode.l10n.t(
          'For {0} cluster {1} any name does: job-wq-1:1 is loaded into it. With a registry (registry/name:tag) it is pushed there. It is written into job.yaml.',
          local.tool,
          local.name,
        )
      : vscode.l10n.t(
          'registry/name:tag, as it is pushed and the cluster pulls it; for Docker Hub user/name:tag, for GitHub ghcr.io/owner/name:tag. It is written into job.yaml.',
        ),
    placeHolder: local ? 'job-wq-1:1' : 'registry.example.com/team/job-wq-1:1',
    value,
    ignoreFocusOut: true,
    validateInput: text => validate(text.trim(), local),
  });
  if (image === undefined) throw new vscode.CancellationError();
  return image.trim();
}

function validate(
  text: string,
  local: LocalCluster | undefined,
): string | vscode.InputBoxValidationMessage | undefined {
  const problem = checkImage(text);
  if (problem) return imageProblem(problem);
  if (local && isForLoading(text)) {
    const message = vscode.l10n.t('This is loaded into {0} cluster {1}, and not pushed.', local.tool, local.name);
    return { message, severity: vscode.InputBoxValidationSeverity.Info };
  }
  const refused = checkForPush(text);
  if (refused === undefined) return undefined;
  // A digest never works; the rules of a registry may have been changed by those who run it.
  const severity =
    refused === 'has-digest' ? vscode.InputBoxValidationSeverity.Error : vscode.InputBoxValidationSeverity.Warning;
  return { message: registryProblem(refused), severity };
}

/** Is it a name that can only be meant for loading: one without a registry and without a user? */
export function isForLoading(image: string): boolean {
  return !image.includes('/');
}

/** @returns what is wrong with an image's name, and how it should be */
export function imageProblem(problem: ImageProblem): string {
  switch (problem) {
    case 'empty':
      return vscode.l10n.t('Enter a name such as {0}.', 'registry.example.com/team/job-wq-1:1');
    case 'placeholder':
      return vscode.l10n.t('Put the real name in place of the part between < and >.');
    case 'upper-case':
      return vscode.l10n.t('Only the tag may have capital letters.');
    case 'bad-characters':
      return vscode.l10n.t(
        'The parts between the slashes begin and end with a letter or digit; between them dots, dashes and underscores are allowed.',
      );
    case 'bad-tag':
      return vscode.l10n.t(
        'The tag after the colon has up to 128 letters, digits, dots, dashes and underscores, and does not begin with a dot or dash.',
      );
    case 'too-long':
      return vscode.l10n.t('The name is too long: at most 255 characters before the tag.');
  }
}

function registryProblem(problem: RegistryProblem): string {
  switch (problem) {
    case 'hub-needs-user':
      return vscode.l10n.t(
        'Without a registry or user name this cannot be pushed: Docker Hub keeps such names for its own images.',
      );
    case 'hub-too-deep':
      return vscode.l10n.t('Docker Hub has only user/name: one slash. For another registry begin with its host.');
    case 'ghcr-needs-owner':
      return vscode.l10n.t('GitHub wants ghcr.io/OWNER/name, the owner in small letters.');
    case 'artifact-needs-repository':
      return vscode.l10n.t('Artifact Registry wants REGION-docker.pkg.dev/PROJECT/REPOSITORY/name.');
    case 'gcr-needs-project':
      return vscode.l10n.t('Container Registry wants gcr.io/PROJECT/name.');
    case 'has-digest':
      return vscode.l10n.t('Leave out the digest after the @: the image gets it when it is pushed.');
  }
}
