import * as vscode from 'vscode';
import type { Model } from '../model/model.ts';
import { CONTEXT_KEYS } from './ids.ts';

/** Keeps the keys that decide which welcome text an empty view shows at what the links are. */
export function keepContextKeys({ broker, cluster }: Model): vscode.Disposable {
  const set = () => {
    void vscode.commands.executeCommand('setContext', CONTEXT_KEYS.broker, broker.state.kind);
    void vscode.commands.executeCommand('setContext', CONTEXT_KEYS.cluster, cluster.state.kind);
  };
  set();
  const endings = [broker.onDidChange.on(set), cluster.onDidChange.on(set)];
  return vscode.Disposable.from(...endings.map(ending => new vscode.Disposable(() => ending.dispose())));
}
