import * as vscode from 'vscode';
import type { Ending } from '../../model/emitter.ts';
import { brokerHost, isServiceName } from '../../workload/findings/brokerPlace.ts';
import type { State } from '../../workload/findings.ts';
import type { JobInManifest } from '../../workload/manifest.ts';
import type { App } from '../app.ts';

/** How long (ms) what was found out about a Service is believed; a look costs one request. */
const BELIEVED = 30_000;
/** Milliseconds for one look. */
const TIMEOUT = 10_000;
/** Bytes; a Dockerfile is a page of text. */
const DOCKERFILE_AT_MOST = 256 * 1024;

/** What stands around a manifest and bears on its run: the Dockerfile beside it, and the Services of the namespace. */
export class Surroundings implements vscode.Disposable {
  readonly #app: App;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.#changed.event;
  readonly #watcher = vscode.workspace.createFileSystemWatcher('**/Dockerfile');
  readonly #dockerfiles = new Map<string, string | undefined>();
  readonly #services = new Map<string, { at: number; known: State['services'] }>();
  readonly #ending = new AbortController();
  readonly #disposables: Ending[];

  constructor(app: App) {
    this.#app = app;
    const forget = (uri: vscode.Uri) => {
      this.#dockerfiles.delete(folderOf(uri));
      this.#changed.fire();
    };
    let place = '';
    const onCluster = () => {
      const now = JSON.stringify([app.model.cluster.place, app.model.broker.state.kind]);
      if (now !== place) this.#services.clear();
      place = now;
    };
    this.#disposables = [
      this.#changed,
      this.#watcher,
      this.#watcher.onDidChange(forget),
      this.#watcher.onDidCreate(forget),
      this.#watcher.onDidDelete(forget),
      app.model.cluster.onDidChange.on(onCluster),
      app.model.broker.onDidChange.on(onCluster),
    ];
  }

  /** @returns the Dockerfile beside a manifest; undefined: there is none, or it is being read */
  dockerfile({ uri }: vscode.TextDocument): string | undefined {
    if (uri.scheme !== 'file') return undefined;
    const folder = folderOf(uri);
    if (!this.#dockerfiles.has(folder)) {
      this.#dockerfiles.set(folder, undefined);
      void this.#read(folder, dockerfileBeside(uri));
    }
    return this.#dockerfiles.get(folder);
  }

  /** @returns whether the host of a Job's BROKER_URL is a Service; undefined: not known, or not to be told by a look */
  services(job: JobInManifest): State['services'] {
    const host = brokerHost(job);
    if (host === undefined || !isServiceName(host) || !vscode.workspace.isTrusted) return undefined;
    const { place } = this.#app.model.cluster;
    // Another namespace's Services may not be ours to see.
    if (job.namespace !== undefined && job.namespace !== place?.namespace) return undefined;
    const entry = this.#services.get(host);
    if (!entry || performance.now() - entry.at > BELIEVED) {
      this.#services.set(host, { at: performance.now(), known: entry?.known });
      void this.#look(host);
    }
    return entry?.known;
  }

  dispose(): void {
    this.#ending.abort();
    for (const disposable of this.#disposables) disposable.dispose();
  }

  async #read(folder: string, uri: vscode.Uri): Promise<void> {
    try {
      if ((await vscode.workspace.fs.stat(uri)).size > DOCKERFILE_AT_MOST) return;
      this.#dockerfiles.set(folder, new TextDecoder().decode(await vscode.workspace.fs.readFile(uri)));
      this.#changed.fire();
    } catch {
      // There is none.
    }
  }

  async #look(host: string): Promise<void> {
    try {
      const { findService } = await this.#app.model.cluster.api();
      const cluster = await this.#app.model.cluster.get();
      const signal = AbortSignal.any([this.#ending.signal, AbortSignal.timeout(TIMEOUT)]);
      const found = (await findService(cluster, host, signal)) !== undefined;
      const entry = this.#services.get(host);
      if (!entry) return;
      const changed = entry.known?.found !== found;
      entry.known = { host, namespace: cluster.namespace, found };
      if (changed && !this.#ending.signal.aborted) this.#changed.fire();
    } catch {
      // Who may not look, or cannot, is told nothing.
    }
  }
}

const folderOf = (uri: vscode.Uri) => vscode.Uri.joinPath(uri, '..').toString();

/** @returns where the Dockerfile of a manifest's image would be */
export const dockerfileBeside = (uri: vscode.Uri): vscode.Uri => vscode.Uri.joinPath(uri, '..', 'Dockerfile');
