import * as vscode from 'vscode';
import { NoBrokerError } from '../../../model/brokerPlaces.ts';
import { displayBrokerUrl, parseBrokerUrl } from '../../../workload/brokerUrl.ts';
import type { App } from '../../app.ts';
import { UserError } from '../../userError.ts';

const key = (display: string) => `password ${display}`;

/** The kept password of a broker. @param display its URL without the password */
export function keptPassword(secrets: vscode.SecretStorage, display: string): Thenable<string | undefined> {
  return secrets.get(key(display));
}

/** Command: asks for the broker's password and keeps it in the editor's secret storage. */
export async function enterPassword(app: App): Promise<void> {
  const display = await brokerDisplay(app);
  const password = await vscode.window.showInputBox({
    title: vscode.l10n.t('Password of {0}', display),
    prompt: vscode.l10n.t('Kept in the editor’s secret storage; “Forget Broker Password” removes it.'),
    password: true,
    ignoreFocusOut: true,
  });
  if (password === undefined) throw new vscode.CancellationError();
  await app.secrets.store(key(display), password);
  app.model.broker.reset();
  await app.model.broker.get();
}

/** Command: removes the kept password. */
export async function forgetPassword(app: App): Promise<void> {
  const display = await brokerDisplay(app);
  await app.secrets.delete(key(display));
  app.model.broker.reset();
  void vscode.window.showInformationMessage(vscode.l10n.t('The password of {0} is forgotten.', display));
}

// The broker's URL must have no password of its own: one that comes from a Secret or job.yaml is not asked for here.
async function brokerDisplay(app: App): Promise<string> {
  const url = app.settings.broker ?? (await manifestUrl(app));
  const parsed = url === undefined ? undefined : parseBrokerUrl(url);
  if (!parsed) {
    if (!app.model.broker.connected) throw new NoBrokerError('none');
    throw new UserError(
      vscode.l10n.t(
        'The password of {0} comes from a Secret of the cluster; none is kept here.',
        app.model.broker.connected.display,
      ),
      { warning: true },
    );
  }
  if ('problem' in parsed) throw new NoBrokerError('bad-url');
  if (parsed.address.password !== undefined) {
    throw new UserError(
      vscode.l10n.t(
        'The URL of {0} has its password in plain text; take it out there to have it kept here.',
        displayBrokerUrl(parsed.address),
      ),
      { warning: true },
    );
  }
  return displayBrokerUrl(parsed.address);
}

async function manifestUrl(app: App): Promise<string | undefined> {
  const named = (await app.manifests.jobs()).find(({ job }) => job.broker)?.job.broker?.value;
  return named && 'url' in named ? named.url : undefined;
}
