import type { Cluster, Contexts } from '../cluster/index.ts';
import { Emitter, type Ending } from './emitter.ts';
import { type LinkState, UntrustedError } from './link.ts';
import { watchFiles } from './watchFiles.ts';

/** A context and namespace, as chosen or as the kubeconfig says. */
export interface Place {
  context: string;
  namespace: string;
}

/** What a person chose instead of the kubeconfig's own; kept by the editor, never written to the kubeconfig. */
export interface Choice {
  get(): Partial<Place>;
  set(choice: Partial<Place>): Promise<void>;
}

export interface ClusterLinkOptions {
  kubeconfig: () => string | undefined;
  choice: Choice;
  trusted: () => boolean;
}

/** The Kubernetes part is large (a quarter of a second to load), so it is loaded when it is first needed. */
export type ClusterApi = typeof import('../cluster/index.ts');

/** The cluster that the views and commands speak to: which one, and how it stands. */
export class ClusterLink {
  readonly onDidChange = new Emitter();
  readonly #options: ClusterLinkOptions;
  #cluster: Cluster | undefined;
  #state: LinkState = { kind: 'none' };
  #watchedFiles = '';
  #watching: Ending | undefined;

  constructor(options: ClusterLinkOptions) {
    this.#options = options;
  }

  get state(): LinkState {
    return this.#state;
  }

  /** What the watch of the cluster saw last; the link's own state follows it. */
  set state(state: LinkState) {
    if (this.#state.kind === state.kind && this.#state.kind !== 'away') return;
    this.#state = state;
    this.onDidChange.fire();
  }

  /** Known once the kubeconfig has been read. */
  get place(): Place | undefined {
    return this.#cluster && { context: this.#cluster.context, namespace: this.#cluster.namespace };
  }

  api(): Promise<ClusterApi> {
    return import('../cluster/index.ts');
  }

  /**
   * The cluster of the chosen context and namespace. Connects nothing yet.
   * @throws ClusterError no-kubeconfig, no-context; UntrustedError
   */
  async get(): Promise<Cluster> {
    if (!this.#options.trusted()) {
      this.state = { kind: 'untrusted' };
      throw new UntrustedError('the workspace is not trusted');
    }
    const { openCluster } = await this.api();
    if (this.#cluster) return this.#cluster;
    try {
      const contexts = await this.contexts();
      const choice = this.#options.choice.get();
      const known = contexts.contexts.some(context => context.name === choice.context);
      this.#cluster = openCluster({
        kubeconfig: this.#options.kubeconfig(),
        context: known ? choice.context : undefined,
        namespace: known || !choice.context ? choice.namespace : undefined,
      });
      this.state = { kind: 'connecting' };
      this.onDidChange.fire();
      return this.#cluster;
    } catch (error) {
      this.state = { kind: 'none' };
      throw error;
    }
  }

  /** The contexts that the kubeconfig has; its files are watched from then on, be they there or not. */
  async contexts(): Promise<Contexts> {
    const { kubeconfigFiles, readContexts } = await this.api();
    const from = { kubeconfig: this.#options.kubeconfig() };
    // Also when there is nothing to read: what is written later is then noticed.
    this.#watch(kubeconfigFiles(from));
    return readContexts(from);
  }

  /** Takes another context or namespace, for this workspace only. */
  async choose(choice: Partial<Place>): Promise<void> {
    await this.#options.choice.set(choice);
    this.reset();
  }

  /** Forgets the open cluster: the kubeconfig, the setting or the choice has changed. */
  reset(): void {
    this.#cluster?.close();
    this.#cluster = undefined;
    this.#state = { kind: 'none' };
    this.onDidChange.fire();
  }

  dispose(): void {
    this.#watching?.dispose();
    this.#cluster?.close();
    this.#cluster = undefined;
  }

  #watch(files: string[]): void {
    const key = files.join('\n');
    if (key === this.#watchedFiles) return;
    this.#watching?.dispose();
    this.#watchedFiles = key;
    this.#watching = watchFiles(files, () => this.reset());
  }
}
