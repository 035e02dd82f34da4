import { BrokerLink } from './brokerLink.ts';
import type { BrokerPlaces } from './brokerPlaces.ts';
import { ClusterLink, type ClusterLinkOptions } from './clusterLink.ts';
import { Queues } from './queues.ts';
import { Runs } from './runs.ts';

export interface ModelOptions extends ClusterLinkOptions, Omit<BrokerPlaces, 'cluster'> {
  /** The queues that the workspace's job.yaml files name. */
  queues: () => Promise<string[]>;
}

/** What is known now of brokers, queues and runs. */
export class Model {
  readonly cluster: ClusterLink;
  readonly broker: BrokerLink;
  readonly queues: Queues;
  readonly runs: Runs;

  constructor(options: ModelOptions) {
    this.cluster = new ClusterLink(options);
    this.broker = new BrokerLink({ ...options, cluster: this.cluster });
    this.queues = new Queues(this.broker, async () => [...(await options.queues()), ...this.runs.activeQueues]);
    this.runs = new Runs(this.cluster, this.queues);
    let place = '';
    this.cluster.onDidChange.on(() => {
      const now = this.cluster.place ? `${this.cluster.place.context} ${this.cluster.place.namespace}` : '';
      if (place !== '' && now !== place) this.broker.reset();
      place = now;
    });
  }

  /** A job.yaml was changed: it may name another broker now, or its first. */
  async manifestsChanged(): Promise<void> {
    if (await this.broker.recheck()) await this.queues.refresh();
  }

  dispose(): void {
    this.runs.dispose();
    this.queues.dispose();
    this.broker.dispose();
    this.cluster.dispose();
  }
}
