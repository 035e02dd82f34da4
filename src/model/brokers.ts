import type { BrokerService } from '../cluster/index.ts';
import { displayBrokerUrl, parseBrokerUrl } from '../workload/brokerUrl.ts';
import type { BrokerReference } from '../workload/manifest.ts';
import { BrokerLink } from './brokerLink.ts';
import {
  type BrokerFinder,
  type BrokerPlaces,
  displayOf,
  referencedBroker,
  serviceBroker,
  workspaceBroker,
} from './brokerPlaces.ts';
import { Emitter, type Ending } from './emitter.ts';
import { Preflight } from './preflight.ts';
import { Queues } from './queues.ts';

/** A broker of the Queues view: what names it, the connection to it, and its queues. */
export interface BrokerPlace {
  readonly id: string;
  /** As people call it: the setting's name, the Service's, else the URL. */
  readonly label: string;
  readonly link: BrokerLink;
  readonly queues: Queues;
  readonly preflight: Preflight;
}

interface Named {
  id: string;
  label: string;
  finder: BrokerFinder;
  /** What names it, its password included: with another one it is another broker. */
  key: string;
}

/** The brokers side by side: the workspace's own, those of the settings and of other job.yaml files, the namespace's Services. */
export class Brokers {
  /** After a change of the list, of a connection or of queues. */
  readonly onDidChange = new Emitter();
  readonly main: BrokerPlace;
  readonly #places: BrokerPlaces;
  #others: readonly { place: BrokerPlace; key: string }[] = [];
  #services: readonly BrokerService[] = [];
  #lookers = 0;

  /** @param queues the queues of the workspace's own broker that matter here even where it can't list its queues */
  constructor(places: BrokerPlaces, queues: () => Promise<string[]>) {
    this.#places = places;
    this.main = this.#place('main', '', workspaceBroker(places), queues);
    this.main.link.onDidChange.on(() => {
      if (this.#lookers > 0) void this.#arrange();
    });
  }

  get all(): readonly BrokerPlace[] {
    return [this.main, ...this.#others.map(({ place }) => place)];
  }

  find(id: string): BrokerPlace | undefined {
    return this.all.find(place => place.id === id);
  }

  /** Has the list of brokers found out, and kept as settings and job.yaml change, until the look is ended. */
  look(): Ending {
    let open = true;
    this.#lookers++;
    void this.refresh();
    return {
      dispose: () => {
        if (open) this.#lookers--;
        open = false;
      },
    };
  }

  /** Finds the list of brokers anew. */
  async refresh(): Promise<void> {
    this.#services = await this.#listServices().catch(() => []);
    await this.#arrange();
  }

  /** What names brokers may have changed: lets go of those that are named no more. */
  async recheck(): Promise<void> {
    if (await this.main.link.recheck()) void this.main.queues.refresh();
    if (this.#lookers > 0) await this.#arrange();
  }

  /** Closes everything; what is looked at is found anew. */
  reset(): void {
    this.#services = [];
    for (const { link } of this.all) link.reset();
    if (this.#lookers === 0) return;
    void this.refresh();
    void this.main.queues.refresh();
  }

  dispose(): void {
    for (const place of this.all) close(place);
  }

  async #arrange(): Promise<void> {
    const wanted = this.#places.trusted() ? await this.#named() : [];
    const kept = this.#others;
    this.#others = wanted.map(
      ({ id, label, finder, key }) =>
        kept.find(other => other.place.id === id && other.key === key) ?? {
          place: this.#place(id, label, finder),
          key,
        },
    );
    const gone = kept.filter(other => !this.#others.includes(other));
    for (const { place } of gone) close(place);
    if (gone.length > 0 || this.#others.some(other => !kept.includes(other))) this.onDidChange.fire();
  }

  async #named(): Promise<Named[]> {
    const { address } = this.main.link.found ?? {};
    const main = address && displayBrokerUrl(address);
    const settings = this.#places
      .named()
      .filter(({ url }) => displayOf(url) !== main)
      .map(({ name, url }) => ({
        id: `setting/${name}/${displayOf(url)}`,
        label: name,
        finder: referencedBroker(this.#places, { url }),
        key: url,
      }));
    const references = await this.#places.manifests();
    // The first is the workspace's own, which a setting may only name in another way: as it is reached from here.
    const manifests = references
      .slice(1)
      .filter(reference => !('url' in reference) || displayOf(reference.url) !== main)
      .map(reference => ({
        id: `manifest/${JSON.stringify('url' in reference ? displayOf(reference.url) : reference)}`,
        label: 'url' in reference ? (displayOf(reference.url) ?? 'job.yaml') : reference.secret,
        finder: referencedBroker(this.#places, reference),
        key: JSON.stringify(reference),
      }));
    const hosts = [address?.host, ...references.map(hostOf)].filter(host => host !== undefined);
    const services = this.#services
      .filter(({ name, addresses }) => !hosts.some(host => addresses.includes(host) || host.split('.')[0] === name))
      .map(service => ({
        id: `service/${service.name}`,
        label: service.name,
        finder: serviceBroker(this.#places, service),
        key: JSON.stringify(service),
      }));
    return [...settings, ...manifests, ...services];
  }

  async #listServices(): Promise<readonly BrokerService[]> {
    const cluster = await this.#places.cluster.get();
    const { listBrokerServices } = await this.#places.cluster.api();
    return listBrokerServices(cluster);
  }

  #place(
    id: string,
    label: string,
    finder: BrokerFinder,
    queues: () => Promise<string[]> = async () => [],
  ): BrokerPlace {
    const link = new BrokerLink(this.#places, finder);
    const own = new Queues(link, queues);
    const place = { id, label, link, queues: own, preflight: new Preflight(link, own, this.#places.cluster) };
    for (const part of [link, own, place.preflight]) part.onDidChange.on(() => this.onDidChange.fire());
    return place;
  }
}

function close({ link, queues }: BrokerPlace): void {
  queues.dispose();
  link.dispose();
}

function hostOf(reference: BrokerReference): string | undefined {
  const parsed = 'url' in reference ? parseBrokerUrl(reference.url) : undefined;
  return parsed && 'address' in parsed ? parsed.address.host : undefined;
}
