import * as vscode from 'vscode';
import type { BrokerPlace } from '../../../model/brokers.ts';
import { displayBrokerUrl } from '../../../workload/brokerUrl.ts';
import type { App } from '../../app.ts';
import { forgetLogin, keepLogin } from '../../logins.ts';
import { UserError } from '../../userError.ts';
import type { BrokerRow } from '../../views/queues.ts';
import { placeOf } from './place.ts';

/** Command: asks for a broker's password, and for its user where the URL names none, and keeps both. */
export async function enterPassword(app: App, row?: BrokerRow): Promise<void> {
  const place = placeOf(app, row);
  const { display, user } = await brokerOf(place);
  const asked = user === undefined ? await ask(vscode.l10n.t('User of {0}', display), false) : undefined;
  const password = await ask(vscode.l10n.t('Password of {0}', display), true);
  await keepLogin(app.secrets, display, asked === undefined ? { password } : { user: asked, password });
  place.link.reset();
  await place.link.get();
  await place.queues.refresh();
}

/** Command: removes the kept password. */
export async function forgetPassword(app: App, row?: BrokerRow): Promise<void> {
  const place = placeOf(app, row);
  const { display } = await brokerOf(place);
  await forgetLogin(app.secrets, display);
  place.link.reset();
  void vscode.window.showInformationMessage(vscode.l10n.t('The password of {0} is forgotten.', display));
}

async function ask(title: string, password: boolean): Promise<string> {
  const text = await vscode.window.showInputBox({
    title,
    prompt: vscode.l10n.t('Kept in the editor’s secret storage; “Forget Broker Password” removes it.'),
    password,
    ignoreFocusOut: true,
  });
  if (text === undefined) throw new vscode.CancellationError();
  return text;
}

// A password that comes from a Secret or stands in a URL is not asked for here.
async function brokerOf({ link }: BrokerPlace): Promise<{ display: string; user: string | undefined }> {
  const { address, login } = await link.find();
  const display = displayBrokerUrl(address);
  if (login === 'secret') {
    throw new UserError(
      vscode.l10n.t('The password of {0} comes from a Secret of the cluster; none is kept here.', display),
      { warning: true },
    );
  }
  if (address.password !== undefined) {
    throw new UserError(
      vscode.l10n.t('The URL of {0} has its password in plain text; take it out there to have it kept here.', display),
      { warning: true },
    );
  }
  return { display, user: address.user };
}
