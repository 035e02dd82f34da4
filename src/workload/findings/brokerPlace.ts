import { parseBrokerUrl } from '../brokerUrl.ts';
import type { Finding, State } from '../findings.ts';
import type { JobInManifest } from '../manifest.ts';

/** Names that are, in a Pod, the Pod itself. */
const LOOPBACK = /^(?:localhost|127\.\d+\.\d+\.\d+|::1)$/i;

/** The host of a manifest's BROKER_URL where it is written out; undefined where a Secret or another variable holds it. */
export function brokerHost({ broker }: Pick<JobInManifest, 'broker'>): string | undefined {
  if (!broker || !('url' in broker.value)) return undefined;
  const parsed = parseBrokerUrl(broker.value.url);
  return 'address' in parsed && !/[$()]/.test(parsed.address.host) ? parsed.address.host : undefined;
}

/**
 * Can the host be nothing but a Service? A name of one word, or one that ends in `.svc`, is resolved in the cluster
 * alone; one with dots may be a host of the internet.
 */
export function isServiceName(host: string): boolean {
  const name = host.toLowerCase().replace(/\.$/, '');
  return !LOOPBACK.test(name) && /^[a-z0-9-]+(?:\.[a-z0-9-]+\.svc(?:\.cluster\.local)?)?$/.test(name);
}

/** A broker that Pods would not find at this name. */
export function brokerPlace({ manifest, services }: State): Finding[] {
  const host = manifest && brokerHost(manifest);
  if (host === undefined) return [];
  const remedies: Finding['remedies'] = [{ action: 'start-rabbitmq', numbers: {} }];
  if (LOOPBACK.test(host)) {
    const proof = { host, cause: 'loopback' };
    return [{ code: 'broker-not-here', severity: 'will-go-wrong', proof, remedies }];
  }
  if (services?.host !== host || services.found || !isServiceName(host)) return [];
  const proof = { host, cause: 'no-service', namespace: services.namespace };
  return [{ code: 'broker-not-here', severity: 'will-go-wrong', proof, remedies }];
}
