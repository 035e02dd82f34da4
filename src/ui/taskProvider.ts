import * as vscode from 'vscode';
import type { App } from './app.ts';
import { TASK_TYPE } from './ids.ts';

/** Offers building, pushing and loading the workspace's workers to Run Task and tasks.json; loaded when it is asked. */
export function registerTasks(app: App): vscode.Disposable {
  return vscode.tasks.registerTaskProvider(TASK_TYPE, {
    provideTasks: async () => (await import('./tasks.ts')).provideTasks(app),
    resolveTask: async task => (await import('./tasks.ts')).resolveTask(app, task),
  });
}
