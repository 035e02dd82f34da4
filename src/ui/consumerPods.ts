import type { QueueConsumer } from '../broker/index.ts';
import type { Connected } from '../model/connected.ts';
import type { App } from './app.ts';

/**
 * Finds the Pods that consumers' connections come from, by their addresses. What was found for a connection is kept for
 * as long as that lasts: an address is another Pod's later.
 */
export class ConsumerPods {
  readonly #app: App;
  #known = new Map<string, string>();
  #unknown = new Set<string>();

  constructor(app: App) {
    this.#app = app;
  }

  /** @returns the Pods' names by the connections' peers (`address:port`) */
  async find(
    consumers: readonly QueueConsumer[],
    connected: Connected,
    signal: AbortSignal,
  ): Promise<ReadonlyMap<string, string>> {
    const peers = [...new Set(consumers.flatMap(({ peer }) => peer ?? []))];
    this.#known = new Map(peers.flatMap(peer => (this.#known.has(peer) ? [[peer, this.#known.get(peer) ?? '']] : [])));
    this.#match(
      peers,
      this.#app.model.runs.rows.flatMap(({ pods }) => pods),
    );
    const left = peers.filter(peer => !this.#known.has(peer) && !this.#unknown.has(peer));
    // The broker of another place sees addresses that only look like those of Pods.
    if (left.length > 0 && connected.service) this.#match(left, await this.#list(connected.service.namespace, signal));
    this.#unknown = new Set(peers.filter(peer => !this.#known.has(peer)));
    return this.#known;
  }

  #match(peers: string[], pods: readonly { name: string; ip: string | undefined; phase: string }[]): void {
    const running = new Map(pods.filter(({ phase }) => phase === 'running').map(({ ip, name }) => [ip, name]));
    for (const peer of peers) {
      const name = running.get(hostOf(peer));
      if (name !== undefined && !this.#known.has(peer)) this.#known.set(peer, name);
    }
  }

  // Workers stand in the chosen namespace, also where the broker is one for many namespaces and has its own.
  async #list(ofBroker: string, signal: AbortSignal) {
    const cluster = await this.#app.model.cluster.get().catch(() => undefined);
    if (!cluster) return [];
    const { listPods } = await this.#app.model.cluster.api();
    const namespaces = [...new Set([cluster.namespace, ofBroker])];
    const lists = await Promise.all(
      // Who may not list Pods sees the addresses.
      namespaces.map(namespace => listPods(cluster, { namespace, signal }).catch(() => [])),
    );
    return lists.flat();
  }
}

/** @returns the address of `10.1.2.3:5000` or `[fd00::1]:5000` */
const hostOf = (peer: string) => peer.replace(/:\d+$/, '').replace(/^\[(.*)\]$/, '$1');
