import type { BrokerLink } from './brokerLink.ts';
import { managementOf } from './connected.ts';
import { Emitter, type Ending } from './emitter.ts';
import { Pace } from './pace.ts';
import { QueueHistory, type QueueSample } from './queueHistory.ts';
import type { Queues } from './queues.ts';

/** What of a broker's place is needed. */
export interface SampledPlace {
  readonly link: Pick<BrokerLink, 'state' | 'connected' | 'onDidChange' | 'api'>;
  readonly queues: Pick<Queues, 'find' | 'listed' | 'look' | 'refresh' | 'onDidChange'>;
}

type Rates = Pick<QueueSample, 'publish' | 'deliver'>;

/**
 * Whether a queue's rates are known: `off` where the management API does not answer,
 * `none` where it has no statistics.
 */
export type RatesState = 'not-asked' | 'known' | 'none' | 'off';

const UNKNOWN: Rates = { publish: undefined, deliver: undefined };

/** Samples of one queue while somebody looks: depth as the broker's queues are read, rates from its management API. */
export class QueueSampler {
  /** Fires with the samples that were added; with none when only the state of the broker or of the rates changed. */
  readonly onDidChange = new Emitter<readonly QueueSample[]>();
  readonly history = new QueueHistory();
  readonly #place: SampledPlace;
  readonly #queue: string;
  readonly #pace = new Pace(() => this.#readRates());
  #rates = UNKNOWN;
  #ratesState: RatesState = 'not-asked';

  constructor(place: SampledPlace, queue: string) {
    this.#place = place;
    this.#queue = queue;
  }

  get rates(): RatesState {
    return this.#ratesState;
  }

  /** Takes samples until the look is ended; what is not seen meanwhile is a gap. */
  look(): Ending {
    const { queues, link } = this.#place;
    const endings = [
      queues.onDidChange.on(() => this.#sample()),
      link.onDidChange.on(() => this.#onLink()),
      queues.look(() => [this.#queue]),
      this.#pace.look(),
    ];
    void queues.refresh();
    return {
      dispose: () => {
        for (const ending of endings) ending.dispose();
        this.history.interrupt();
      },
    };
  }

  #onLink(): void {
    if (this.#place.link.state.kind !== 'live') this.history.interrupt();
    this.onDidChange.fire([]);
  }

  #sample(): void {
    const row = this.#place.queues.find(this.#queue);
    if (!row) {
      this.history.interrupt();
      this.onDidChange.fire([]);
      return;
    }
    const { at, ready, unacked } = row;
    this.onDidChange.fire(this.history.add({ at, ready, unacked, ...this.#rates }));
  }

  async #readRates(): Promise<void> {
    const { link, queues } = this.#place;
    const { connected } = link;
    if (!connected) return this.#knowRates(UNKNOWN, 'not-asked');
    if (!queues.listed) return this.#knowRates(UNKNOWN, 'off');
    try {
      const { queueRates } = await link.api();
      const rates = await queueRates({ ...managementOf(connected), queue: this.#queue });
      this.#knowRates(rates, rates.publish === undefined ? 'none' : 'known');
    } catch (error) {
      this.#knowRates(UNKNOWN, isMissing(error) ? 'not-asked' : 'off');
      throw error;
    }
  }

  #knowRates(rates: Rates, state: RatesState): void {
    this.#rates = rates;
    if (state === this.#ratesState) return;
    this.#ratesState = state;
    this.onDidChange.fire([]);
  }
}

const isMissing = (error: unknown) => error instanceof Error && 'code' in error && error.code === 'queue-missing';
