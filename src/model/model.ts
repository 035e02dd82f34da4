import type { BrokerLink } from './brokerLink.ts';
import type { BrokerPlaces } from './brokerPlaces.ts';
import { Brokers } from './brokers.ts';
import { ClusterLink, type ClusterLinkOptions } from './clusterLink.ts';
import type { Queues } from './queues.ts';
import { Rights } from './rights.ts';
import { Runs, type RunsOptions } from './runs.ts';

export interface ModelOptions extends ClusterLinkOptions, Omit<BrokerPlaces, 'cluster'>, RunsOptions {
  /** The queues that the workspace's job.yaml files name. */
  queues: () => Promise<string[]>;
}

/** What is known now of brokers, queues and runs. */
export class Model {
  readonly cluster: ClusterLink;
  readonly brokers: Brokers;
  readonly runs: Runs;
  readonly rights: Rights;

  constructor(options: ModelOptions) {
    this.cluster = new ClusterLink(options);
    this.rights = new Rights(this.cluster);
    this.brokers = new Brokers({ ...options, cluster: this.cluster }, async () => [
      ...(await options.queues()),
      ...this.runs.activeQueues,
    ]);
    this.runs = new Runs(this.cluster, this.queues, options);
    let place = '';
    this.cluster.onDidChange.on(() => {
      const now = this.cluster.place ? `${this.cluster.place.context} ${this.cluster.place.namespace}` : '';
      if (place !== '' && now !== place) this.brokers.reset();
      place = now;
    });
  }

  /** The workspace's own broker, which runs take their items from. */
  get broker(): BrokerLink {
    return this.brokers.main.link;
  }

  /** The queues of the workspace's own broker. */
  get queues(): Queues {
    return this.brokers.main.queues;
  }

  dispose(): void {
    this.runs.dispose();
    this.brokers.dispose();
    this.cluster.dispose();
  }
}
