import * as vscode from 'vscode';
import type { Cluster } from '../../../cluster/index.ts';
import type { App } from '../../app.ts';
import { pickOne } from '../../pickOne.ts';
import { UserError } from '../../userError.ts';

/** Command: takes another context of the kubeconfig, for this workspace only; the kubeconfig is not changed. */
export async function chooseContext(app: App): Promise<void> {
  const { contexts, current } = await app.model.cluster.contexts();
  if (contexts.length === 0) throw new UserError(vscode.l10n.t('The kubeconfig has no contexts.'), { warning: true });
  const chosen = app.model.cluster.place?.context ?? current;
  const items = contexts.map(({ name, cluster, namespace }) => ({
    label: name,
    description: name === chosen ? vscode.l10n.t('in use here') : '',
    detail: vscode.l10n.t('cluster {0}, namespace {1}', cluster, namespace),
  }));
  const picked = await pickOne(items, {
    title: vscode.l10n.t('Choose Context'),
    placeHolder: vscode.l10n.t('For this workspace; your kubeconfig and kubectl are left as they are'),
  });
  await app.model.cluster.choose({ context: picked.label });
  await app.model.cluster.get();
}

/** Command: takes another namespace, for this workspace only. */
export async function chooseNamespace(app: App): Promise<void> {
  const cluster = await app.model.cluster.get();
  const names = await namespaces(app, cluster);
  const title = vscode.l10n.t('Choose Namespace in {0}', cluster.context);
  const namespace = names
    ? await pick(names, cluster.namespace, title)
    : await vscode.window.showInputBox({
        title,
        prompt: vscode.l10n.t('You may not list the namespaces of this cluster: type the name.'),
        value: cluster.namespace,
        ignoreFocusOut: true,
        validateInput: problemOfNamespace,
      });
  if (namespace === undefined) throw new vscode.CancellationError();
  await app.model.cluster.choose({ context: cluster.context, namespace });
  await app.model.cluster.get();
}

/** Command: shows the Jobs of other namespaces beside those of the one in use; remembered for this workspace. */
export async function chooseNamespaces(app: App): Promise<void> {
  const cluster = await app.model.cluster.get();
  const names = await namespaces(app, cluster);
  const title = vscode.l10n.t('Show Jobs of Other Namespaces in {0}', cluster.context);
  const shown = app.jobFilter.namespaces;
  const chosen = names
    ? await pickSeveral(
        names.filter(name => name !== cluster.namespace),
        shown,
        title,
      )
    : await askSeveral(shown, title);
  if (!chosen) throw new vscode.CancellationError();
  await app.jobFilter.setNamespaces(chosen);
  await app.model.runs.refresh();
}

async function pickSeveral(names: string[], shown: string[], title: string): Promise<string[] | undefined> {
  const items = names.map(label => ({ label, picked: shown.includes(label) }));
  const placeHolder = vscode.l10n.t('None chosen: only the Jobs of the namespace in use');
  const picked = await vscode.window.showQuickPick(items, {
    title,
    placeHolder,
    canPickMany: true,
    ignoreFocusOut: true,
  });
  return picked?.map(({ label }) => label);
}

async function askSeveral(shown: string[], title: string): Promise<string[] | undefined> {
  const text = await vscode.window.showInputBox({
    title,
    prompt: vscode.l10n.t('You may not list the namespaces of this cluster: type the names, with spaces between them.'),
    value: shown.join(' '),
    ignoreFocusOut: true,
    validateInput: names =>
      words(names)
        .map(problemOfNamespace)
        .find(problem => problem !== undefined),
  });
  return text === undefined ? undefined : words(text);
}

const words = (text: string) => text.split(/\s+/).filter(word => word !== '');

function problemOfNamespace(name: string): string | undefined {
  return /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(name)
    ? undefined
    : vscode.l10n.t('Small letters, digits and hyphens only.');
}

// Who may see one namespace often may not list them all; the name can still be typed.
async function namespaces(app: App, cluster: Cluster): Promise<string[] | undefined> {
  const { listNamespaces, ClusterError } = await app.model.cluster.api();
  try {
    return await listNamespaces(cluster);
  } catch (error) {
    if (error instanceof ClusterError && error.code === 'forbidden') return undefined;
    throw error;
  }
}

async function pick(names: string[], current: string, title: string): Promise<string | undefined> {
  const items = names.map(label => ({ label, description: label === current ? vscode.l10n.t('in use here') : '' }));
  const placeHolder = vscode.l10n.t('For this workspace; your kubeconfig and kubectl are left as they are');
  return (await vscode.window.showQuickPick(items, { title, placeHolder, ignoreFocusOut: true }))?.label;
}
