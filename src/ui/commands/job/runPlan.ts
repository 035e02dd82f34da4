import * as vscode from 'vscode';
import { displayBrokerUrl, parseBrokerUrl } from '../../../workload/brokerUrl.ts';
import { completionsFor } from '../../../workload/completions.ts';
import { isPlaceholderImage } from '../../../workload/image.ts';
import type { App } from '../../app.ts';
import { COMMANDS } from '../../ids.ts';
import { messages } from '../../text.ts';
import { UserError } from '../../userError.ts';
import type { ChosenJob } from './chooseManifest.ts';

/** A run as it would be created now. */
export interface RunPlan {
  name: string;
  context: string;
  namespace: string;
  queue: string;
  broker: string;
  /** The Pods' broker, where the manifest names another one than the messages were counted on. */
  otherBroker: string | undefined;
  image: string;
  ready: number;
  claimed: number;
  completions: number;
  parallelism: number;
  /** What the manifest says, where that is another number. */
  manifestCompletions: number | undefined;
}

/**
 * Counts the queue and what the active Jobs will take of it, now.
 * @throws UserError when there is nothing to run or the manifest lacks something; NoBrokerError, BrokerError, ClusterError
 */
export async function planRun(app: App, chosen: ChosenJob, name: string, signal: AbortSignal): Promise<RunPlan> {
  const { job } = chosen;
  const queue = job.queue?.value ?? '';
  const image = job.image?.value ?? '';
  const cluster = await app.model.cluster.get();
  if (isPlaceholderImage(image)) throw needsImage(chosen);
  const namespace = job.namespace ?? cluster.namespace;
  const depth = await app.model.queues.depth(queue);
  if (!depth) throw queueMissing(queue);
  if (depth.ready === 0) {
    throw nothing(vscode.l10n.t('Queue {0} is empty: there is nothing to run, and no Job was created.', queue));
  }
  const { listJobs } = await app.model.cluster.api();
  const claims = (await listJobs(cluster, namespace, signal)).filter(
    other => other.queue === queue && (other.state === 'running' || other.state === 'suspended'),
  );
  const unacked = app.model.queues.find(queue)?.unacked;
  const { completions, explanation } = completionsFor({ ready: depth.ready, claims, unacked });
  if (completions === 0) {
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
  return {
    name,
    context: cluster.context,
    namespace,
    queue,
    ...brokers(app, chosen),
    image,
    ready: depth.ready,
    claimed: explanation.claimed,
    completions,
    parallelism: job.parallelism?.value ?? 1,
    manifestCompletions: job.completions?.value === completions ? undefined : job.completions?.value,
  };
}

// A setting may lead the editor to the broker by another way than the Pods take; to another broker, it must be said.
function brokers(app: App, { job }: ChosenJob): Pick<RunPlan, 'broker' | 'otherBroker'> {
  const connected = app.model.broker.connected;
  const broker = connected?.display ?? '';
  if (!connected || !job.broker || !('url' in job.broker.value)) return { broker, otherBroker: undefined };
  const parsed = parseBrokerUrl(job.broker.value.url);
  if ('problem' in parsed) return { broker, otherBroker: undefined };
  const { host, port, vhost } = connected.address;
  const same = parsed.address.host === host && parsed.address.port === port && parsed.address.vhost === vhost;
  return { broker, otherBroker: same ? undefined : displayBrokerUrl(parsed.address) };
}

function needsImage({ document }: ChosenJob): UserError {
  const name = vscode.workspace.asRelativePath(document.uri);
  return new UserError(
    vscode.l10n.t('{0} does not name the worker’s image yet. Build and push it; its name is then written there.', name),
    {
      actions: [{ label: vscode.l10n.t('Build and Push'), command: COMMANDS.buildAndPush, args: [document.uri] }],
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
