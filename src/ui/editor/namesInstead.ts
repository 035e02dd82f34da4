import * as vscode from 'vscode';
import { BROKER_SECRET } from '../../model/brokerPlaces.ts';
import { parseBrokerUrl } from '../../workload/brokerUrl.ts';
import { brokerHost } from '../../workload/findings/brokerPlace.ts';
import type { JobChange } from '../../workload/manifest.ts';
import type { App } from '../app.ts';
import type { Found } from './diagnostics.ts';

/** A change of a manifest, in words. */
export interface Offer {
  title: string;
  change: JobChange;
}

/** A longer list would have to be read, where typing the name is quicker. */
const OFFERED_AT_MOST = 5;
/** Milliseconds that the list of quick fixes waits for the cluster. */
const TIMEOUT = 5_000;

/**
 * @returns what there is instead of what a finding is about: other queues, Services that speak AMQP, the Secret with the
 *   broker's URL. Empty where nobody can tell.
 */
export async function namesInstead(app: App, found: Found, token: vscode.CancellationToken): Promise<Offer[]> {
  switch (found.finding.code) {
    case 'queue-missing':
      return app.model.queues.rows
        .map(({ name }) => name)
        .sort((a, b) => distance(a, found.job.queue?.value) - distance(b, found.job.queue?.value))
        .slice(0, OFFERED_AT_MOST)
        .map(name => ({ title: vscode.l10n.t('Use queue {0}', name), change: { field: 'queue', value: name } }));
    case 'broker-not-here':
      return unlessRefused(token, signal => services(app, found, signal));
    case 'plaintext-credentials':
      return unlessRefused(token, signal => secret(app, found, signal));
    default:
      return [];
  }
}

async function services(app: App, { job }: Found, signal: AbortSignal): Promise<Offer[]> {
  const host = brokerHost(job);
  const url = job.broker && 'url' in job.broker.value ? job.broker.value.url : '';
  const at = host === undefined ? -1 : url.indexOf(host, url.lastIndexOf('@') + 1);
  if (host === undefined || at < 0) return [];
  const { listBrokerServices } = await app.model.cluster.api();
  const found = await listBrokerServices(await app.model.cluster.get(), signal);
  return found.slice(0, OFFERED_AT_MOST).map(({ name }) => ({
    title: vscode.l10n.t('Use Service {0}', name),
    change: { field: 'broker', value: url.slice(0, at) + name + url.slice(at + host.length) },
  }));
}

/** Offered only for the same broker: the Secret of another one would send the Pods elsewhere. */
async function secret(app: App, { job }: Found, signal: AbortSignal): Promise<Offer[]> {
  const { readSecret } = await app.model.cluster.api();
  const cluster = await app.model.cluster.get();
  const { name, key } = BROKER_SECRET;
  const url = await readSecret(cluster, { namespace: job.namespace ?? cluster.namespace, name, key, signal });
  const parsed = url === undefined ? undefined : parseBrokerUrl(url);
  if (!parsed || !('address' in parsed) || parsed.address.host !== brokerHost(job)) return [];
  return [
    {
      title: vscode.l10n.t('Take the URL from Secret {0}', name),
      change: { field: 'brokerSecret', value: { name, key } },
    },
  ];
}

async function unlessRefused(
  token: vscode.CancellationToken,
  ask: (signal: AbortSignal) => Promise<Offer[]>,
): Promise<Offer[]> {
  if (!vscode.workspace.isTrusted) return [];
  const cancelled = new AbortController();
  const listening = token.onCancellationRequested(() => cancelled.abort());
  try {
    return await ask(AbortSignal.any([cancelled.signal, AbortSignal.timeout(TIMEOUT)]));
  } catch {
    return []; // Who may not look is offered nothing.
  } finally {
    listening.dispose();
  }
}

/** How many letters make one name of the other (Levenshtein). */
function distance(a: string, b = ''): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (const [i, letter] of [...a].entries()) {
    const next = [i + 1];
    for (let j = 0; j < b.length; j++) {
      next.push(Math.min((next[j] ?? 0) + 1, (row[j + 1] ?? 0) + 1, (row[j] ?? 0) + (letter === b[j] ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
