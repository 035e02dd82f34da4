import type { BrokerLook } from '../brokerFindings.ts';
import type { Finding, Remedy } from '../findings.ts';

const GUEST = 'guest';

/** Who logs in, and from where that works. */
export function loginFindings(look: BrokerLook): Finding[] {
  return [...loopbackOnly(look), ...unreachable(look), ...guest(look)];
}

/**
 * The same user and password, good from the editor and refused from a Pod: through a port-forward the broker sees
 * 127.0.0.1, and a user of its `loopback_users` (by default guest) may come from nowhere else.
 */
function loopbackOnly({ login, tunnel, fromPods }: BrokerLook): Finding[] {
  if (!login || tunnel !== true || fromPods?.kind !== 'refused') return [];
  const own: Remedy = { action: 'make-broker-user', numbers: {} };
  const allow: Remedy = { action: 'allow-remote-login', numbers: {} };
  const proof = { user: login.user ?? GUEST };
  return [{ code: 'login-from-loopback-only', severity: 'has-gone-wrong', proof, remedies: [own, allow] }];
}

function unreachable({ login, fromPods }: BrokerLook): Finding[] {
  if (!login || fromPods?.kind !== 'unreachable') return [];
  const { name, variable, address } = fromPods;
  const proof: Finding['proof'] = { host: login.host, name };
  const byVariable = name === 'unknown' && variable !== undefined && address !== undefined;
  if (byVariable) Object.assign(proof, { variable, address });
  const remedies: Remedy[] = byVariable ? [{ action: 'use-service-variable', numbers: {} }] : [];
  return [{ code: 'unreachable-from-pods', severity: 'has-gone-wrong', proof, remedies }];
}

/** The user that every RabbitMQ begins with. A URL without a user means it too. */
function guest({ login }: BrokerLook): Finding[] {
  if (!login || (login.user ?? GUEST) !== GUEST || (login.password ?? GUEST) !== GUEST) return [];
  const remedies: Remedy[] = [{ action: 'make-broker-user', numbers: {} }];
  return [{ code: 'guest-credentials', severity: 'worth-knowing', proof: { host: login.host }, remedies }];
}
