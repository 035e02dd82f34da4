import type { BrokerAddress } from '../workload/brokerUrl.ts';

/** Who to log in as: `guest` when the address names nobody, as every RabbitMQ client does. */
export function login(address: BrokerAddress): { user: string; password: string } {
  if (address.user === undefined) return { user: 'guest', password: address.password ?? 'guest' };
  return { user: address.user, password: address.password ?? '' };
}
