import type * as vscode from 'vscode';
import type { Login } from '../model/brokerPlaces.ts';

const key = (display: string) => `login ${display}`;

/** What is kept for a broker. @param display its URL without the password */
export async function keptLogin(secrets: vscode.SecretStorage, display: string): Promise<Login | undefined> {
  const kept = await secrets.get(key(display));
  return kept === undefined ? undefined : JSON.parse(kept);
}

/** Keeps a broker's password, and its user where the URL has none, in the editor's secret storage. */
export function keepLogin(secrets: vscode.SecretStorage, display: string, login: Login): Thenable<void> {
  return secrets.store(key(display), JSON.stringify(login));
}

export function forgetLogin(secrets: vscode.SecretStorage, display: string): Thenable<void> {
  return secrets.delete(key(display));
}
