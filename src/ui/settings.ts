import * as vscode from 'vscode';
import type { NamedBroker } from '../model/brokerPlaces.ts';
import { IMAGE_TOOLS, type ImageTool } from '../workload/imageCommands.ts';
import { SETTINGS } from './ids.ts';

/** The settings, one typed getter each; nobody else reads the configuration. */
export class Settings {
  /** The broker's URL without a password; undefined: the one that the workspace's job.yaml names. */
  get broker(): string | undefined {
    return this.#text(SETTINGS.broker);
  }

  /** Brokers besides the workspace's own; entries without a name or URL are left out. */
  get brokers(): NamedBroker[] {
    const entries = vscode.workspace.getConfiguration().get<Partial<NamedBroker>[]>(SETTINGS.brokers) ?? [];
    return entries.flatMap(({ name, url, ...files }) => (name && url ? [{ ...files, name, url }] : []));
  }

  /** Patterns of the contexts and brokers where nothing may be taken away lightly. */
  get production(): string[] {
    return vscode.workspace.getConfiguration().get<string[]>(SETTINGS.production) ?? [];
  }

  /** The kubeconfig's path; undefined: KUBECONFIG or ~/.kube/config, as kubectl reads it. */
  get kubeconfig(): string | undefined {
    return this.#text(SETTINGS.kubeconfig);
  }

  /** The program that builds and pushes images; undefined: the first that is in PATH. */
  get imageTool(): ImageTool | undefined {
    const tool = this.#text(SETTINGS.imageTool);
    return IMAGE_TOOLS.find(known => known === tool);
  }

  /** Calls the listener after a change of any of the product's settings. */
  onDidChange(listener: () => void): vscode.Disposable {
    return vscode.workspace.onDidChangeConfiguration(event => {
      if (event.affectsConfiguration('workQueue')) listener();
    });
  }

  #text(key: string): string | undefined {
    return vscode.workspace.getConfiguration().get<string>(key)?.trim() || undefined;
  }
}
