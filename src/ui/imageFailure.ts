import * as vscode from 'vscode';
import { parseImage } from '../workload/image.ts';
import type { ImageTool } from '../workload/imageCommands.ts';
import { type ImageTrouble, troubleOf } from '../workload/imageTrouble.ts';
import type { LocalCluster } from '../workload/localCluster.ts';
import { loginCommand, registryKind } from '../workload/registryRules.ts';
import { COMMANDS } from './ids.ts';
import type { ImageStep } from './imageSteps.ts';
import { missingWords } from './imageTool.ts';
import type { Ended } from './programs.ts';
import { type Action, UserError } from './userError.ts';

/** A program of the chain that did not do its part; `no-program`: it is not in PATH. */
export interface ImageFailure {
  step: ImageStep;
  tool: ImageTool;
  image: string;
  platform: string | undefined;
  cluster: LocalCluster | undefined;
  /** The worker's folder, for the commands that mend it. */
  folder: vscode.Uri;
  ended: Ended | 'no-program';
}

/** What of a build is no fault of the Dockerfile's; its own programs may print any words. */
const OF_BUILD = new Set<ImageTrouble | undefined>(['no-daemon', 'no-space', 'wrong-architecture']);

/** Says why an image was not built, pushed or loaded, with the command that mends it. */
export function imageFailure(failure: ImageFailure): UserError {
  const { step, image, cluster, ended } = failure;
  const [program = ''] = step.argv;
  const { text, actions = [] } =
    ended === 'no-program' ? { text: missingWords(program) } : cause(failure, ended, program);
  switch (step.kind) {
    case 'build':
      return new UserError(vscode.l10n.t('{0} was not built: {1}', image, text), { actions });
    case 'push':
      return new UserError(vscode.l10n.t('{0} was not pushed: {1}', image, text), { actions });
    case 'load':
      return new UserError(
        vscode.l10n.t(
          '{0} was not loaded into {1} cluster {2}: {3}',
          image,
          cluster?.tool ?? '',
          cluster?.name ?? '',
          text,
        ),
        { actions },
      );
  }
}

interface Cause {
  text: string;
  actions?: Action[];
}

function cause(failure: ImageFailure, { exitCode, output }: Ended, program: string): Cause {
  const said = troubleOf(output);
  const trouble = failure.step.kind === 'build' && !OF_BUILD.has(said) ? undefined : said;
  const { image, tool, platform, folder } = failure;
  const registry = parseImage(image).registry ?? 'docker.io';
  const words = lastLine(output);
  switch (trouble) {
    case 'no-daemon':
      return { text: vscode.l10n.t('{0} does not answer; is it started? It says: {1}', program, words) };
    case 'no-space':
      return { text: vscode.l10n.t('there is no space left. “{0} system prune” frees some.', tool) };
    case 'wrong-architecture':
      return {
        text: vscode.l10n.t(
          'this machine cannot run the programs of {0}, which the cluster’s nodes need. Set up emulation (qemu-user-static, binfmt), or build on such a machine.',
          platform ?? '',
        ),
      };
    case 'no-access':
      return {
        text: vscode.l10n.t(
          '{0} wants a login, or does not let you push there. {1}',
          registry,
          howToLogIn(image, tool),
        ),
        actions: [{ label: vscode.l10n.t('Log In and Push'), command: COMMANDS.logIn, args: [folder] }],
      };
    case 'certificate':
      return {
        text: vscode.l10n.t(
          '{0} does not trust the certificate of {1}. Put its certificate authority into {2}. It says: {3}',
          tool,
          registry,
          tool === 'podman' ? `/etc/containers/certs.d/${registry}/ca.crt` : `/etc/docker/certs.d/${registry}/ca.crt`,
          words,
        ),
      };
    case 'plain-http':
      return {
        text: vscode.l10n.t(
          '{0} speaks HTTP, and {1} insists on HTTPS. Allow it there: {2}',
          registry,
          tool,
          allowHttp(registry, tool),
        ),
      };
    case 'unreachable':
      return { text: vscode.l10n.t('{0} cannot be reached. Is the name right? It says: {1}', registry, words) };
    case 'throttled':
      return {
        text: vscode.l10n.t('{0} has had too many requests; try again later, or log in.', registry),
        actions: [{ label: vscode.l10n.t('Log In and Push'), command: COMMANDS.logIn, args: [folder] }],
      };
    case 'not-found':
      return {
        text: vscode.l10n.t(
          '{0} has no such repository. Create it there first, or correct the name. It says: {1}',
          registry,
          words,
        ),
      };
    case 'not-built':
      return {
        text: vscode.l10n.t('it is not built yet under that name.'),
        actions: [{ label: vscode.l10n.t('Build and Push'), command: COMMANDS.buildAndPush, args: [folder] }],
      };
    default:
      return {
        text: vscode.l10n.t(
          '{0} ended with exit code {1}, the terminal shows all it said. At last: {2}',
          program,
          exitCode ?? '?',
          words,
        ),
      };
  }
}

function howToLogIn(image: string, tool: ImageTool): string {
  const command = loginCommand(image, tool).join(' ');
  switch (registryKind(image)) {
    case 'docker-hub':
      return vscode.l10n.t(
        'Log in as the user or a member of “{0}”, with which the name begins: {1}',
        parseImage(image).path.split('/')[0] ?? '',
        command,
      );
    case 'ghcr':
      return vscode.l10n.t('Log in with a personal access token that has the scope write:packages: {0}', command);
    case 'artifact-registry':
      return vscode.l10n.t('The repository must be there, and docker needs gcloud’s login: {0}', command);
    default:
      return vscode.l10n.t('Log in with: {0}', command);
  }
}

function allowHttp(registry: string, tool: ImageTool): string {
  switch (tool) {
    case 'docker':
      return `{"insecure-registries": ["${registry}"]} (/etc/docker/daemon.json)`;
    case 'podman':
      return `[[registry]] location="${registry}" insecure=true (/etc/containers/registries.conf)`;
    case 'nerdctl':
      return `nerdctl --insecure-registry push …`;
  }
}

function lastLine(output: string): string {
  return (output.trim().split('\n').at(-1) ?? '').slice(0, 300);
}
