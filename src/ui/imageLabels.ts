import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { type ImageTool, labelsCommand } from '../workload/imageCommands.ts';
import { missingWords } from './imageTool.ts';
import { isMissing } from './programs.ts';
import { UserError } from './userError.ts';

const INSPECT_MS = 10_000;

/**
 * The labels of an image that is on this machine; undefined when it is not there, or the tool's daemon does not answer.
 * @throws UserError without the tool, else the system's error; the signal's reason when it aborts
 */
export async function imageLabels(
  image: string,
  tool: ImageTool,
  signal: AbortSignal,
): Promise<Record<string, unknown> | undefined> {
  const [program = '', ...args] = labelsCommand(image, tool);
  try {
    const { stdout } = await promisify(execFile)(program, args, { signal, timeout: INSPECT_MS });
    const labels: unknown = JSON.parse(stdout);
    return typeof labels === 'object' && labels !== null ? { ...labels } : {};
  } catch (error) {
    signal.throwIfAborted();
    if (isMissing(error)) throw new UserError(missingWords(tool), { warning: true });
    // An exit code: the tool answered.
    if (error instanceof Error && 'code' in error && typeof error.code === 'number') return undefined;
    throw error;
  }
}
