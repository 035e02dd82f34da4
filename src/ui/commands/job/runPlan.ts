import * as vscode from 'vscode';
import { isActive } from '../../../model/runAccounts.ts';
import { displayBrokerUrl, parseBrokerUrl } from '../../../workload/brokerUrl.ts';
import { completionsFor } from '../../../workload/completions.ts';
import { isPlaceholderImage } from '../../../workload/image.ts';
import type { App } from '../../app.ts';
import { COMMANDS } from '../../ids.ts';
import { messages } from '../../text.ts';
import { UserError } from '../../userError.ts';
import { freeName } from './freeName.ts';
import { type LargeRunAdvice, largeRunAdvice } from './largeRun.ts';
import { type RunSource, takesMany } from './runSource.ts';

/** A run as it would be created now. */
export interface RunPlan {
  name: string;
  /** The manifest's name, where a Job has it already. */
  taken: string | undefined;
  context: string;
  namespace: string;
  queue: string;
  broker: string;
  /** The Pods' broker, where the manifest names another one than the messages were counted on. */
  otherBroker: string | undefined;
  image: string;
  ready: number;
  claimed: number;
  /** undefined: Pods take messages until there are no more. */
  completions: number | undefined;
  parallelism: number;
  /** What the manifest's file says, where that is another number. */
  manifestCompletions: number | undefined;
  restOf: string | undefined;
  /** The messages of it that were published for this run. */
  confirmed: number | undefined;
  large: LargeRunAdvice | undefined;
}

/**
 * Counts the queue and what the active Jobs will take of it, now.
 * @throws UserError when there is nothing to run or the manifest lacks something; NoBrokerError, BrokerError, ClusterError
 */
export async function planRun(app: App, source: RunSource, signal: AbortSignal): Promise<RunPlan> {
  const { job, confirmed, restOf } = source;
  const queue = job.queue?.value ?? '';
  const image = job.image?.value ?? '';
  const cluster = await app.model.cluster.get();
  if (isPlaceholderImage(image)) throw needsImage(source);
  const namespace = job.namespace ?? cluster.namespace;
  const depth = await app.model.queues.depth(queue);
  if (!depth) throw queueMissing(queue);
  if (depth.ready === 0 && confirmed === undefined) {
    throw nothing(vscode.l10n.t('Queue {0} is empty: there is nothing to run, and no Job was created.', queue));
  }
  const { listJobs } = await app.model.cluster.api();
  const jobs = await listJobs(cluster, namespace, signal);
  const claims = jobs.filter(other => other.queue === queue && isActive(other));
  const unacked = app.model.queues.find(queue)?.unacked;
  const counted = completionsFor({ ready: depth.ready, claims, unacked });
  if (counted.completions === 0 && confirmed === undefined) {
    const names = claims.map(claim => claim.name).join(', ');
    throw nothing(
      vscode.l10n.t(
        '{0} ready in {1}, and active Jobs will take all of them ({2}): no Job was created.',
        messages(depth.ready),
        queue,
        names,
      ),
    );
  }
  const items = confirmed ?? counted.completions;
  const completions = takesMany(job) ? undefined : items;
  const name = freeName(source.name, new Set(jobs.map(other => other.name)));
  const written = source.uri && confirmed === undefined ? job.completions?.value : undefined;
  return {
    name,
    taken: name === source.name ? undefined : source.name,
    context: cluster.context,
    namespace,
    queue,
    ...brokers(app, source),
    image,
    ready: depth.ready,
    claimed: counted.explanation.claimed,
    completions,
    parallelism: job.parallelism?.value ?? 1,
    manifestCompletions: written === completions ? undefined : written,
    restOf,
    confirmed,
    large: completions === undefined ? undefined : largeRunAdvice(job, completions),
  };
}

// A setting may lead the editor to the broker by another way than the Pods take; to another broker, it must be said.
function brokers(app: App, { job }: RunSource): Pick<RunPlan, 'broker' | 'otherBroker'> {
  const connected = app.model.broker.connected;
  const broker = connected?.display ?? '';
  if (!connected || !job.broker || !('url' in job.broker.value)) return { broker, otherBroker: undefined };
  const parsed = parseBrokerUrl(job.broker.value.url);
  if ('problem' in parsed) return { broker, otherBroker: undefined };
  const { host, port, vhost } = connected.address;
  const same = parsed.address.host === host && parsed.address.port === port && parsed.address.vhost === vhost;
  return { broker, otherBroker: same ? undefined : displayBrokerUrl(parsed.address) };
}

function needsImage({ uri, name }: RunSource): UserError {
  const file = uri ? vscode.workspace.asRelativePath(uri) : name;
  return new UserError(
    vscode.l10n.t('{0} does not name the worker’s image yet. Build and push it; its name is then written there.', file),
    {
      actions: [{ label: vscode.l10n.t('Build and Push'), command: COMMANDS.buildAndPush, args: uri ? [uri] : [] }],
      warning: true,
    },
  );
}

function queueMissing(queue: string): UserError {
  return new UserError(vscode.l10n.t('Queue {0} does not exist: nothing was created.', queue), {
    actions: [{ label: vscode.l10n.t('Create Queue'), command: COMMANDS.createQueue, args: [queue] }],
    warning: true,
  });
}

const nothing = (text: string) => new UserError(text, { warning: true });
