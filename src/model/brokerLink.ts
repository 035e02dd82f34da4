import type { BrokerError } from '../broker/index.ts';
import type { Cluster, ClusterError, Tunnel } from '../cluster/index.ts';
import { type BrokerAddress, displayBrokerUrl } from '../workload/brokerUrl.ts';
import {
  type BrokerFinder,
  type BrokerPlaces,
  type FoundBroker,
  NoBrokerError,
  tlsOf,
  withLogin,
} from './brokerPlaces.ts';
import type { Connected } from './connected.ts';
import { Emitter, type Ending } from './emitter.ts';
import type { LinkState } from './link.ts';

/** RabbitMQ's management plugin, without TLS: through the tunnel its way is private already. */
const MANAGEMENT_PORT = 15672;
/** How long (ms) a connection that nobody uses stays open. */
const IDLE = 60_000;

export type BrokerApi = typeof import('../broker/index.ts');

/** One broker: which it is, the tunnel that leads to it, and how the connection stands. */
export class BrokerLink {
  readonly onDidChange = new Emitter();
  readonly #places: BrokerPlaces;
  readonly #finder: BrokerFinder;
  #connecting: Promise<Connected> | undefined;
  #connected: Connected | undefined;
  #state: LinkState = { kind: 'none' };
  #awaySince: number | undefined;
  #tunnels: Tunnel[] = [];
  #generation = new AbortController();
  #holds = 0;
  #idle: NodeJS.Timeout | undefined;
  #found: FoundBroker | undefined;
  // What named the broker at the last attempt.
  #named: string | undefined;

  constructor(places: BrokerPlaces, finder: BrokerFinder) {
    this.#places = places;
    this.#finder = finder;
  }

  get state(): LinkState {
    return this.#state;
  }

  get connected(): Connected | undefined {
    return this.#connected;
  }

  /** Which broker it is, as last found; known also where it can't be connected to. */
  get found(): FoundBroker | undefined {
    return this.#found;
  }

  /** Which broker it is, without connecting. @throws NoBrokerError, ClusterError */
  async find(): Promise<FoundBroker> {
    if (!this.#places.trusted()) throw new NoBrokerError('untrusted');
    this.#found = await this.#finder.find();
    this.#named = this.#found.named;
    return this.#found;
  }

  api(): Promise<BrokerApi> {
    return import('../broker/index.ts');
  }

  /**
   * The open connection; connects when there is none.
   * @throws NoBrokerError, BrokerError, ClusterError
   */
  get(): Promise<Connected> {
    if (this.#connected) return Promise.resolve(this.#connected);
    if (this.#connecting) return this.#connecting;
    const connecting = this.#connect(this.#generation.signal).finally(() => {
      // After a reset another attempt may be under way already.
      if (this.#connecting === connecting) this.#connecting = undefined;
    });
    this.#connecting = connecting;
    return connecting;
  }

  /** Keeps the connection and its tunnel open until the hold is ended; a while after the last one they are closed. */
  hold(): Ending {
    let held = true;
    this.#holds++;
    clearTimeout(this.#idle);
    return {
      dispose: () => {
        if (!held) return;
        held = false;
        this.#holds--;
        this.#restLater();
      },
    };
  }

  /**
   * Looks whether the place still names the broker that it named before, and lets go of that one if not.
   * @returns whether it names another
   */
  async recheck(): Promise<boolean> {
    // Where nobody uses a broker, the next to do so finds it anew; until then job.yaml need not be read.
    if (!this.#connected && this.#holds === 0) return false;
    const named = await this.#finder.named();
    if (named === this.#named) return false;
    this.#named = named;
    this.reset();
    return true;
  }

  /** Closes everything; the next get() finds the broker anew. */
  reset(): void {
    this.#generation.abort();
    this.#generation = new AbortController();
    this.#connecting = undefined;
    this.#awaySince = undefined;
    void this.#close();
    this.#set({ kind: 'none' });
  }

  dispose(): void {
    clearTimeout(this.#idle);
    this.#generation.abort();
    void this.#close();
  }

  #restLater(): void {
    clearTimeout(this.#idle);
    // After dispose() only the last holds end.
    if (this.#holds > 0 || this.#generation.signal.aborted) return;
    this.#idle = setTimeout(() => {
      if (!this.#connected) return;
      void this.#close();
      this.#set({ kind: 'connecting' });
    }, IDLE);
  }

  #set(state: LinkState): void {
    this.#state = state;
    this.onDidChange.fire();
  }

  async #connect(signal: AbortSignal): Promise<Connected> {
    if (this.#state.kind !== 'away') this.#set({ kind: 'connecting' });
    try {
      this.#found = await withLogin(this.#places, await this.find());
      const { address } = this.#found;
      const tls = await tlsOf(this.#places, address);
      const cluster = await this.#places.cluster.get().catch(() => undefined);
      const way = cluster && (await this.#tunnel(cluster, address, signal));
      const { connect } = await this.api();
      const broker = await connect({ address, tls, socketPath: way?.socketPath, purpose: 'queues and depth', signal });
      if (signal.aborted) {
        await broker.close();
        throw signal.reason;
      }
      const connected: Connected = {
        address,
        tls,
        display: displayBrokerUrl(address),
        service: way?.service,
        socketPath: way?.socketPath,
        managementSocketPath: way?.managementSocketPath,
        broker,
      };
      broker.onClosed(error => this.#lost(connected, error));
      this.#connected = connected;
      this.#awaySince = undefined;
      this.#restLater();
      this.#set({ kind: 'live' });
      return connected;
    } catch (error) {
      if (signal.aborted) throw error;
      const cause = this.#tunnelProblem ?? error;
      await this.#close();
      this.#failed(cause);
      throw cause;
    }
  }

  #failed(error: unknown): void {
    // A broker that only a cluster leads to, and no cluster: nothing is away, there is no way yet.
    if (error instanceof Error && error.name === 'ClusterError' && this.#places.cluster.state.kind === 'none') {
      this.#set({ kind: 'none' });
      return;
    }
    if (error instanceof NoBrokerError && isState(error.reason)) {
      this.#set({ kind: error.reason });
      return;
    }
    this.#awaySince ??= Date.now();
    this.#set({
      kind: 'away',
      since: this.#awaySince,
      error: error instanceof Error ? error : new Error(String(error)),
    });
  }

  #lost(connected: Connected, error: BrokerError): void {
    if (this.#connected !== connected) return;
    const cause = this.#tunnelProblem ?? error;
    void this.#close();
    this.#failed(cause);
  }

  // Behind a tunnel a broker's client sees no more than a connection that closes; the tunnel knows why.
  get #tunnelProblem(): ClusterError | undefined {
    const [amqp] = this.#tunnels;
    return amqp?.problem;
  }

  async #close(): Promise<void> {
    const { broker } = this.#connected ?? {};
    const tunnels = this.#tunnels;
    this.#connected = undefined;
    this.#tunnels = [];
    await broker?.close().catch(() => undefined);
    await Promise.all(tunnels.map(tunnel => tunnel.close().catch(() => undefined)));
  }

  async #tunnel(cluster: Cluster, address: BrokerAddress, signal: AbortSignal) {
    const { findService, openTunnel } = await this.#places.cluster.api();
    const service = await findService(cluster, address.host, signal);
    if (!service) return undefined;
    const open = async (port: number) => {
      const tunnel = await openTunnel(cluster, { namespace: service.namespace, service: service.name, port, signal });
      if (signal.aborted) {
        await tunnel.close();
        throw signal.reason;
      }
      this.#tunnels.push(tunnel);
      return tunnel.socketPath;
    };
    return { service, socketPath: await open(address.port), managementSocketPath: await open(MANAGEMENT_PORT) };
  }
}

/** Nothing is wrong with a place that names no broker yet, or waits for a person to do something. */
const isState = (reason: NoBrokerError['reason']) =>
  reason === 'none' || reason === 'untrusted' || reason === 'needs-password';
