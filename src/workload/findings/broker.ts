import type { Finding, State } from '../findings.ts';

/** The broker does not answer. */
export function brokerAway({ brokerError }: State): Finding[] {
  if (!brokerError) return [];
  return [
    {
      code: 'broker-unreachable',
      severity: 'has-gone-wrong',
      proof: { reason: brokerError.reason },
      remedies: [
        { action: 'test-broker', numbers: {} },
        { action: 'start-rabbitmq', numbers: {} },
      ],
    },
  ];
}
