import type { BrokerLook } from '../brokerFindings.ts';
import type { Finding } from '../findings.ts';

/** Queues and messages that go with the Pod. */
export function storageFindings({ pods = [] }: BrokerLook): Finding[] {
  const losing = pods.filter(({ data }) => data === 'emptyDir' || data === 'container');
  const [first] = losing;
  if (!first) return [];
  const volume = losing.some(({ data }) => data === 'container') ? 'container' : 'emptyDir';
  return [
    {
      code: 'data-on-emptydir',
      severity: 'worth-knowing',
      proof: { pod: first.name, pods: losing.length, volume },
      remedies: [{ action: 'use-persistent-volume', numbers: {} }],
    },
  ];
}
