import * as vscode from 'vscode';
import type { Model } from '../model/model.ts';
import { CONTEXT_KEYS } from './ids.ts';
import { currentLocalCluster } from './nodePlatform.ts';

/** Keeps the keys that decide which welcome text an empty view shows, and what menus offer, at what the links are. */
export function keepContextKeys(model: Model): vscode.Disposable {
  const { broker, cluster } = model;
  const setLocal = async () => {
    // Nothing connects for a menu: the cluster is known once something else has opened it.
    const local = cluster.place && (await currentLocalCluster({ model }));
    await vscode.commands.executeCommand('setContext', CONTEXT_KEYS.localCluster, local?.tool ?? '');
  };
  const set = () => {
    void setLocal();
    void vscode.commands.executeCommand('setContext', CONTEXT_KEYS.broker, broker.state.kind);
    void vscode.commands.executeCommand('setContext', CONTEXT_KEYS.cluster, cluster.state.kind);
  };
  set();
  const endings = [broker.onDidChange.on(set), cluster.onDidChange.on(set)];
  return vscode.Disposable.from(...endings.map(ending => new vscode.Disposable(() => ending.dispose())));
}
