import { posix } from 'node:path';
import * as vscode from 'vscode';
import { checkImage } from '../workload/image.ts';
import { IMAGE_TOOLS, type ImageTool, isPlatform } from '../workload/imageCommands.ts';
import type { App } from './app.ts';
import { imageProblem } from './commands/worker/imageName.ts';
import { findWorkers } from './commands/worker/workerFolder.ts';
import { TASK_TYPE } from './ids.ts';
import type { ImageMade } from './imageChain.ts';
import { IMAGE_ACTIONS, type ImageAction, type ImageStep } from './imageSteps.ts';
import { currentLocalCluster } from './nodePlatform.ts';
import { type Script, ScriptTerminal } from './scriptTerminal.ts';

/**
 * An entry of tasks.json. `context` (by default `.`) and `dockerfile` are paths in the task's workspace folder. Without
 * `tool` and `platform` they are found, and without `cluster` the image is loaded into the one in use.
 */
export interface ImageTask extends vscode.TaskDefinition {
  type: typeof TASK_TYPE;
  action: ImageAction;
  image: string;
  context?: string;
  dockerfile?: string;
  tool?: ImageTool;
  platform?: string;
  cluster?: string;
}

/** @returns the building, pushing and loading of the workspace's workers */
export async function provideTasks(app: App): Promise<vscode.Task[]> {
  if (!vscode.workspace.isTrusted) return [];
  const workers = await findWorkers();
  const isLocal = (await currentLocalCluster(app)) !== undefined;
  const actions = IMAGE_ACTIONS.filter(action => isLocal || !action.endsWith('load'));
  return workers.flatMap(worker => {
    const image = worker.job?.image;
    if (image === undefined || checkImage(image)) return [];
    return actions.map(action => imageTask(app, worker.workspace, imageDefinition(action, image, worker)));
  });
}

/** @returns what a task of tasks.json does, or a task that says what is wrong with it */
export function resolveTask(app: App, task: vscode.Task): vscode.Task | undefined {
  const { scope, definition } = task;
  const workspace = typeof scope === 'object' ? scope : vscode.workspace.workspaceFolders?.[0];
  if (!vscode.workspace.isTrusted || !workspace) return undefined;
  if (isImageTask(definition)) {
    const problem = checkImage(definition.image);
    return problem ? refusal(task, workspace, imageProblem(problem)) : imageTask(app, workspace, definition);
  }
  const needed = vscode.l10n.t(
    'A task of type workQueue needs "action" ({0}) and "image", the image’s name. Of "tool" ({1}) and "platform" (such as linux/amd64) only these are known.',
    IMAGE_ACTIONS.join(', '),
    IMAGE_TOOLS.join(', '),
  );
  return refusal(task, workspace, needed);
}

function isImageTask(definition: vscode.TaskDefinition): definition is ImageTask {
  const { action, image, context, dockerfile, tool, platform, cluster } = definition;
  return (
    IMAGE_ACTIONS.includes(action) &&
    typeof image === 'string' &&
    [context, dockerfile, cluster].every(text => text === undefined || typeof text === 'string') &&
    (tool === undefined || IMAGE_TOOLS.includes(tool)) &&
    (platform === undefined || (typeof platform === 'string' && isPlatform(platform)))
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

/** Who follows a task besides the person at its terminal. */
export interface ImageWatcher {
  onStep: (step: ImageStep) => void;
  /** The chain has begun; it rejects as runImageChain does. */
  onStart: (chain: Promise<ImageMade>) => void;
}

/** Makes the task of a definition. The chain's programs get their arguments one by one, in one terminal. */
export function imageTask(
  app: App,
  workspace: vscode.WorkspaceFolder,
  definition: ImageTask,
  watcher?: ImageWatcher,
): vscode.Task {
  const { action, context = '.' } = definition;
  const name = action.replaceAll('-', ' ');
  const script: Script = async (write, signal) => {
    const onStep = watcher?.onStep ?? (() => {});
    // A part of the commands' own file: nothing of it is needed before a task runs.
    const { runImageChain } = await import('./commands/index.ts');
    const chain = runImageChain(app, { workspace, definition, write, onStep, signal });
    watcher?.onStart(chain);
    await chain;
    return 0;
  };
  // An empty list of problem matchers: without one the editor asks which to use.
  const task = new vscode.Task(
    definition,
    workspace,
    context === '.' ? name : `${name} (${context.replace(/^\.\//, '')})`,
    TASK_TYPE,
    new vscode.CustomExecution(async () => new ScriptTerminal(script)),
    [],
  );
  task.presentationOptions = {
    reveal: vscode.TaskRevealKind.Always,
    panel: vscode.TaskPanelKind.Shared,
    showReuseMessage: false,
  };
  return task;
}

/**
 * Runs a task to its end; there is no limit in time, because a person watches it and can end it.
 * @throws the signal's reason when it aborts; the task is ended then
 */
export function runTask(task: vscode.Task, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const started = Promise.resolve(vscode.tasks.executeTask(task));
    const listener = vscode.tasks.onDidEndTask(async event => event.execution === (await started) && end());
    const onAbort = () => {
      void started.then(execution => execution.terminate());
      listener.dispose();
      reject(signal.reason);
    };
    const end = () => {
      listener.dispose();
      signal.removeEventListener('abort', onAbort);
      resolve();
    };
    signal.addEventListener('abort', onAbort, { once: true });
    started.catch(error => {
      reject(error);
      end();
    });
  });
}
