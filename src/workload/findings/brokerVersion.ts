import type { BrokerLook } from '../brokerFindings.ts';
import type { Finding } from '../findings.ts';

const MIB = 2 ** 20;

/**
 * What the broker's version means for a work queue. From the release notes: 4.0 (messages of 16 MiB at most, quorum
 * queues drop or dead-letter a message after 20 deliveries), 4.3 (no transient queues that are not exclusive, a passive
 * declare needs the right to configure).
 */
export function versionFindings({ version }: BrokerLook): Finding[] {
  const found = /^(\d+)\.(\d+)/.exec(version ?? '');
  if (!version || !found) return [];
  const major = Number(found[1]);
  const minor = Number(found[2]);
  const proof: Finding['proof'] = { version, maxMessageBytes: (major >= 4 ? 16 : 128) * MIB };
  if (major >= 4) proof.deliveryLimit = 20;
  if (major > 4 || (major === 4 && minor >= 3)) proof.refusesTransient = 1;
  return [{ code: 'broker-version', severity: 'worth-knowing', proof, remedies: [] }];
}
