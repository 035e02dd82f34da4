import type { BrokerPlaces } from '../../../src/model/brokerPlaces.ts';

/** Nothing names a broker, but for what is given. */
export function placesWith(given: Pick<BrokerPlaces, 'cluster'> & Partial<BrokerPlaces>): BrokerPlaces {
  return {
    setting: () => undefined,
    named: () => [],
    manifests: async () => [],
    login: async () => undefined,
    trusted: () => true,
    ...given,
  };
}
