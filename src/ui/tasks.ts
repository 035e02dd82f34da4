import { posix } from 'node:path';
import * as vscode from 'vscode';
import { buildCommand, checkImage, pushCommand } from '../workload/image.ts';
import { imageProblem } from './commands/worker/image.ts';
import { findWorkers } from './commands/worker/workerFolder.ts';
import { TASK_TYPE } from './ids.ts';
import { type Script, ScriptTerminal } from './scriptTerminal.ts';

export type ImageAction = 'build' | 'push' | 'build-and-push';

/** An entry of tasks.json. `context` (by default `.`) and `dockerfile` are paths in the task's workspace folder. */
export interface ImageTask extends vscode.TaskDefinition {
  type: typeof TASK_TYPE;
  action: ImageAction;
  image: string;
  context?: string;
  dockerfile?: string;
}

/** Offers building and pushing the workspace's workers to Run Task and tasks.json. */
export function registerTasks(): vscode.Disposable {
  return vscode.tasks.registerTaskProvider(TASK_TYPE, { provideTasks, resolveTask });
}

async function provideTasks(): Promise<vscode.Task[]> {
  if (!vscode.workspace.isTrusted) return [];
  const workers = await findWorkers();
  return workers.flatMap(worker => {
    const image = worker.job?.image;
    if (image === undefined || checkImage(image)) return [];
    return (['build', 'push', 'build-and-push'] as const).map(action =>
      imageTask(worker.workspace, imageDefinition(action, image, worker)),
    );
  });
}

function resolveTask(task: vscode.Task): vscode.Task | undefined {
  const { scope, definition } = task;
  const workspace = typeof scope === 'object' ? scope : vscode.workspace.workspaceFolders?.[0];
  if (!vscode.workspace.isTrusted || !workspace) return undefined;
  if (isImageTask(definition)) {
    const problem = checkImage(definition.image);
    return problem ? refusal(task, workspace, imageProblem(problem)) : imageTask(workspace, definition);
  }
  const needed = vscode.l10n.t(
    'A task of type workQueue needs "action" (build, push or build-and-push) and "image", the image’s name.',
  );
  return refusal(task, workspace, needed);
}

function isImageTask(definition: vscode.TaskDefinition): definition is ImageTask {
  const { action, image, context, dockerfile } = definition;
  return (
    (action === 'build' || action === 'push' || action === 'build-and-push') &&
    typeof image === 'string' &&
    (context === undefined || typeof context === 'string') &&
    (dockerfile === undefined || typeof dockerfile === 'string')
  );
}

/** A task that only says what is wrong with its definition: for one that is not resolved the editor blames the extension. */
function refusal({ definition, name }: vscode.Task, workspace: vscode.WorkspaceFolder, words: string): vscode.Task {
  const script: Script = async write => {
    write(words);
    return 1;
  };
  const execution = new vscode.CustomExecution(async () => new ScriptTerminal(script));
  return new vscode.Task(definition, workspace, name, TASK_TYPE, execution, []);
}

/** @returns the definition of a task for the worker in `folder`, which lies in `workspace` */
export function imageDefinition(
  action: ImageAction,
  image: string,
  { workspace, folder }: { workspace: vscode.WorkspaceFolder; folder: vscode.Uri },
): ImageTask {
  const context = posix.relative(workspace.uri.path, folder.path);
  // With ./ a folder whose name begins with a dash is not read as an option.
  return { type: TASK_TYPE, action, image, ...(context && { context: `./${context}` }) };
}

/**
 * Makes the task of a definition. Building and pushing are docker itself, given its arguments one by one; both in a
 * row are a task that runs these two, since a task is one process.
 */
export function imageTask(workspace: vscode.WorkspaceFolder, definition: ImageTask): vscode.Task {
  const { action, image, context = '.', dockerfile } = definition;
  const name = action === 'build-and-push' ? 'build and push' : action;
  const execution =
    action === 'build-and-push'
      ? new vscode.CustomExecution(async () => new ScriptTerminal(buildThenPush(workspace, definition)))
      : docker(action === 'build' ? buildCommand({ image, context, dockerfile }) : pushCommand(image), workspace);
  // An empty list of problem matchers: without one the editor asks which to use.
  const task = new vscode.Task(
    definition,
    workspace,
    context === '.' ? name : `${name} (${context.replace(/^\.\//, '')})`,
    TASK_TYPE,
    execution,
    [],
  );
  task.presentationOptions = {
    reveal: action === 'build-and-push' ? vscode.TaskRevealKind.Never : vscode.TaskRevealKind.Always,
    panel: vscode.TaskPanelKind.Shared,
    showReuseMessage: false,
  };
  return task;
}

function docker([program = '', ...args]: string[], workspace: vscode.WorkspaceFolder): vscode.ProcessExecution {
  return new vscode.ProcessExecution(program, args, { cwd: workspace.uri.fsPath });
}

/** The task "build and push": its terminal says how the two ended, docker's own words are in theirs. */
function buildThenPush(workspace: vscode.WorkspaceFolder, definition: ImageTask): Script {
  return async (write, signal) => {
    for (const action of ['build', 'push'] as const) {
      const task = imageTask(workspace, { ...definition, action });
      const exitCode = await runTask(task, signal);
      if (exitCode !== 0) {
        write(vscode.l10n.t('{0}: failed, its terminal says why', task.name));
        return exitCode ?? 1;
      }
      write(vscode.l10n.t('{0}: done', task.name));
    }
    return 0;
  };
}

/**
 * Runs a task of one process to its end; there is no limit in time, because a person watches it and can end it.
 * @returns the exit code; undefined when the process did not start or was ended from the terminal
 * @throws the signal's reason when it aborts; the task is ended then
 */
export function runTask(task: vscode.Task, signal: AbortSignal): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const started = Promise.resolve(vscode.tasks.executeTask(task));
    const listeners = vscode.Disposable.from(
      vscode.tasks.onDidEndTaskProcess(async event => event.execution === (await started) && end(event.exitCode)),
      // The only one of the two that comes when the process could not be started.
      vscode.tasks.onDidEndTask(async event => event.execution === (await started) && end(undefined)),
    );
    const onAbort = () => {
      void started.then(execution => execution.terminate());
      listeners.dispose();
      reject(signal.reason);
    };
    const end = (exitCode: number | undefined) => {
      listeners.dispose();
      signal.removeEventListener('abort', onAbort);
      resolve(exitCode);
    };
    signal.addEventListener('abort', onAbort, { once: true });
    started.catch(error => {
      reject(error);
      end(undefined);
    });
  });
}
