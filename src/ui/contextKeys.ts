import * as vscode from 'vscode';
import type { Model } from '../model/model.ts';
import type { Right } from '../model/rights.ts';
import { CONTEXT_KEYS } from './ids.ts';
import { currentLocalCluster } from './nodePlatform.ts';

const MAY: [key: string, right: Right][] = [
  [CONTEXT_KEYS.mayCreateJobs, 'createJobs'],
  [CONTEXT_KEYS.mayPatchJobs, 'patchJobs'],
  [CONTEXT_KEYS.mayDeleteJobs, 'deleteJobs'],
];

/** Keeps the keys that decide which welcome text an empty view shows, and what menus offer, at what the links are. */
export function keepContextKeys(model: Model): vscode.Disposable {
  const { broker, cluster, rights, runs } = model;
  const setLocal = async () => {
    // Nothing connects for a menu: the cluster is known once something else has opened it.
    const local = cluster.place && (await currentLocalCluster({ model }));
    await vscode.commands.executeCommand('setContext', CONTEXT_KEYS.localCluster, local?.tool ?? '');
  };
  const setRights = () => {
    const namespaces = runs.namespaces.map(({ namespace }) => namespace);
    for (const [key, right] of MAY) {
      const may = namespaces.length === 0 || namespaces.some(namespace => rights.may(right, namespace) !== false);
      void vscode.commands.executeCommand('setContext', key, may);
    }
  };
  const lookAtRights = () => {
    if (cluster.state.kind !== 'live') return;
    for (const { namespace } of runs.namespaces) void rights.look(namespace);
  };
  const set = () => {
    lookAtRights();
    setRights();
    void setLocal();
    void vscode.commands.executeCommand('setContext', CONTEXT_KEYS.broker, broker.state.kind);
    void vscode.commands.executeCommand('setContext', CONTEXT_KEYS.cluster, cluster.state.kind);
  };
  set();
  const endings = [broker.onDidChange.on(set), cluster.onDidChange.on(set), rights.onDidChange.on(setRights)];
  return vscode.Disposable.from(...endings.map(ending => new vscode.Disposable(() => ending.dispose())));
}
