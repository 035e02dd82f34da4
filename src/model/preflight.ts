import { brokerFindings } from '../workload/brokerFindings.ts';
import type { Finding } from '../workload/findings.ts';
import type { BrokerLink } from './brokerLink.ts';
import { lookAtBroker } from './brokerLook.ts';
import type { ClusterLink } from './clusterLink.ts';
import type { Connected } from './connected.ts';
import { Emitter } from './emitter.ts';
import type { Queues } from './queues.ts';

/** Milliseconds between two looks: an alarm is told within a minute, and a broker is not asked more than it costs. */
const INTERVAL = 60_000;

/** What is wrong with a broker, or will be, looked at along with its queues: at the first reading and then each minute. */
export class Preflight {
  readonly onDidChange = new Emitter();
  findings: readonly Finding[] = [];
  readonly #link: BrokerLink;
  readonly #cluster: ClusterLink;
  #lookedAt: { connected: Connected; at: number } | undefined;

  constructor(link: BrokerLink, queues: Queues, cluster: ClusterLink) {
    this.#link = link;
    this.#cluster = cluster;
    queues.onDidChange.on(() => void this.#look());
  }

  async #look(): Promise<void> {
    const { connected } = this.#link;
    const last = this.#lookedAt;
    if (!connected) return this.#set([]);
    if (last?.connected === connected && Date.now() - last.at < INTERVAL) return;
    this.#lookedAt = { connected, at: Date.now() };
    const look = await lookAtBroker(this.#link, connected, this.#cluster);
    if (this.#link.connected === connected) this.#set(brokerFindings(look));
  }

  #set(findings: readonly Finding[]): void {
    const changed = JSON.stringify(findings) !== JSON.stringify(this.findings);
    this.findings = findings;
    if (changed) this.onDidChange.fire();
  }
}
