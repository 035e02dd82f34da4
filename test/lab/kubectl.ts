import { binary } from './binaries.ts';
import { type CommandOptions, run } from './command.ts';
import { inLab, KUBECONFIG } from './layout.ts';

/** Runs kubectl as the cluster's administrator and returns its output. Throws like run(). */
export async function kubectl(args: string[], options: CommandOptions = {}): Promise<string> {
  // Its cache would otherwise go to the user's home folder.
  return await run(
    [binary('kubectl'), '--kubeconfig', KUBECONFIG.admin(), '--cache-dir', inLab('kubectl-cache'), ...args],
    options,
  );
}

/** Creates objects or brings them to what is given. */
export async function apply(objects: object[]): Promise<void> {
  const list = { apiVersion: 'v1', kind: 'List', items: objects };
  await kubectl(['apply', '--server-side', '--force-conflicts', '--field-manager=lab', '-f', '-'], {
    input: JSON.stringify(list),
  });
}
