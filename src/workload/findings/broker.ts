import type { Finding, State } from '../findings.ts';

/** The broker's own state. */
export function brokerFindings({ brokerError }: State): Finding[] {
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
