import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import type { Cluster, StatefulSetProgress } from '../../../cluster/index.ts';
import { BROKER_SECRET } from '../../../model/brokerPlaces.ts';
import type { App } from '../../app.ts';
import { withProgress } from '../../command.ts';
import { COMMANDS } from '../../ids.ts';
import { manifestReader } from '../../manifestReader.ts';
import { fillTemplate, readTemplate } from '../../templates.ts';
import { UserError } from '../../userError.ts';

const SERVICE = 'rabbitmq-service';
const STATEFUL_SET = 'rabbitmq';

/** Command: shows the manifest of a RabbitMQ, asks, applies it and waits until it is ready. Nothing is written to disk. */
export async function startBroker(app: App): Promise<void> {
  if (!vscode.workspace.isTrusted) throw new UserError(vscode.l10n.t('Trust this workspace first.'), { warning: true });
  const cluster = await app.model.cluster.get();
  const api = await app.model.cluster.api();
  const template = await readTemplate(app.extensionUri.fsPath, 'rabbitmq.yaml');
  // A broker that runs has taken its password when it first started: a new one would only lock everybody out.
  const kept = await api.readSecret(cluster, {
    namespace: cluster.namespace,
    name: BROKER_SECRET.name,
    key: 'password',
  });
  const shown = await app.preview.show(
    `rabbitmq-in-${cluster.namespace}.yaml`,
    fillTemplate(template, { PASSWORD: '••••••••' }),
  );
  try {
    await confirm(cluster, kept !== undefined);
    const password = kept ?? randomBytes(18).toString('base64url');
    const { readYaml } = await manifestReader();
    const { documents } = readYaml(fillTemplate(template, { PASSWORD: password }));
    const objects = documents.map(document => document.value).filter(isObject);
    await withProgress(vscode.l10n.t('Starting RabbitMQ in {0}', cluster.namespace), async (signal, report) => {
      const { namespace } = cluster;
      await api.apply(cluster, { namespace, objects, dryRun: true, signal });
      await api.apply(cluster, { namespace, objects, signal });
      report(vscode.l10n.t('waiting until it is ready'));
      await api.waitForStatefulSet(cluster, {
        namespace,
        name: STATEFUL_SET,
        signal,
        onProgress: progress => report(progressWords(progress)),
      });
    });
  } finally {
    await app.preview.close(shown);
  }
  app.model.brokers.reset();
  await app.model.broker.get();
  await app.model.queues.refresh();
  const create = vscode.l10n.t('Create Queue…');
  const text = vscode.l10n.t(
    'RabbitMQ is ready. Pods of namespace {0} reach it as {1}; its URL is in the Secret {2}.',
    cluster.namespace,
    `${SERVICE}:5672`,
    BROKER_SECRET.name,
  );
  void vscode.window.showInformationMessage(text, create).then(chosen => {
    if (chosen === create) return vscode.commands.executeCommand(COMMANDS.createQueue);
    return undefined;
  });
}

async function confirm({ context, namespace }: Cluster, again: boolean): Promise<void> {
  const start = vscode.l10n.t('Start RabbitMQ');
  const what = vscode.l10n.t(
    'Applied as the editor shows it: Service {0} (ports 5672 and 15672), StatefulSet {1} (1 Pod, image rabbitmq:4-management), Secret {2}.',
    SERVICE,
    STATEFUL_SET,
    BROKER_SECRET.name,
  );
  const password = again
    ? vscode.l10n.t('It was started here before: the password in the Secret stays.')
    : vscode.l10n.t('The password is generated and is nowhere but in the Secret.');
  const data = vscode.l10n.t('Its messages are kept on the Pod: deleting the Pod deletes them.');
  const chosen = await vscode.window.showInformationMessage(
    vscode.l10n.t('Start RabbitMQ in namespace {0} of context {1}?', namespace, context),
    { modal: true, detail: [what, password, data].join('\n\n') },
    start,
  );
  if (chosen !== start) throw new vscode.CancellationError();
}

function progressWords({ ready, wanted, reason, message }: StatefulSetProgress): string {
  const count = vscode.l10n.t('{0} of {1} Pods ready', ready, wanted);
  return reason === undefined ? count : `${count} (${[reason, message].filter(Boolean).join(': ')})`;
}

const isObject = <T>(value: T): value is T & Record<string, unknown> => typeof value === 'object' && value !== null;
