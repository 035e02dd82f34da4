import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import * as vscode from 'vscode';
import { parseImage } from '../../../workload/image.ts';
import { withProgress } from '../../command.ts';
import { plainText } from '../../plainText.ts';
import { imageDefinition, imageTask, runTask } from '../../tasks.ts';
import { UserError } from '../../userError.ts';
import type { WorkerFolder } from './workerFolder.ts';

const ASK_DOCKER_MS = 10_000;

/**
 * Builds or pushes a worker's image in the terminal and waits for the end.
 * @throws UserError when docker fails; CancellationError when the person ends it
 */
export async function runDocker(action: 'build' | 'push', image: string, worker: WorkerFolder): Promise<void> {
  const title = action === 'build' ? vscode.l10n.t('Building {0}', image) : vscode.l10n.t('Pushing {0}', image);
  await withProgress(title, async signal => {
    const task = imageTask(worker.workspace, imageDefinition(action, image, worker));
    const exitCode = await runTask(task, signal);
    if (exitCode === 0) return;
    const cause = await dockerProblem(signal);
    if (exitCode === undefined && cause === undefined) throw new vscode.CancellationError();
    throw new UserError(failed(action, image, exitCode, cause));
  });
}

function failed(
  action: 'build' | 'push',
  image: string,
  exitCode: number | undefined,
  cause: string | undefined,
): string {
  if (cause !== undefined) {
    return action === 'build'
      ? vscode.l10n.t('{0} was not built: {1}', image, cause)
      : vscode.l10n.t('{0} was not pushed: {1}', image, cause);
  }
  return action === 'build'
    ? vscode.l10n.t('{0} was not built: docker ended with exit code {1}. The terminal says why.', image, exitCode ?? '')
    : vscode.l10n.t(
        '{0} was not pushed: docker ended with exit code {1}. The terminal says why; after “denied” or “unauthorized”, log in with: docker login {2}',
        image,
        exitCode ?? '',
        parseImage(image).registry ?? 'docker.io',
      );
}

/** docker's exit code does not tell a bad Dockerfile from a missing daemon. @returns what is wrong with docker itself */
async function dockerProblem(signal: AbortSignal): Promise<string | undefined> {
  try {
    await promisify(execFile)('docker', ['version', '--format', '{{.Server.Version}}'], {
      signal,
      timeout: ASK_DOCKER_MS,
    });
    return undefined;
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof Error)) return String(error);
    if ('code' in error && error.code === 'ENOENT') {
      return vscode.l10n.t('docker was not found in PATH. Install Docker, then restart the editor.');
    }
    const stderr = 'stderr' in error && typeof error.stderr === 'string' ? error.stderr : '';
    const words = plainText(stderr).trim().split('\n').at(-1);
    return vscode.l10n.t('Docker’s daemon does not answer; is it started? docker says: {0}', words || error.message);
  }
}
