import * as vscode from 'vscode';
import type { QueueConsumer, QueueDetails } from '../broker/index.ts';
import type { JobRow } from '../cluster/index.ts';
import { columns } from './columns.ts';
import { label } from './label.ts';
import { valueText } from './messageFilter.ts';
import { plainPage } from './plainText.ts';
import { bytes, clock, jobWords, list, queueWords } from './text.ts';

/** All that is known of a queue at one moment. */
export interface QueuePage {
  queue: string;
  /** The broker's URL without its password, and its version. */
  broker: string;
  version: string;
  /** The context whose Service the broker is; undefined: it is reached without a cluster. */
  context: string | undefined;
  ready: number;
  consumers: number;
  /** What the management API says, or why it does not, in words. */
  details: QueueDetails | string;
  /** The Pods by the peer of the connections that consumers have. */
  pods: ReadonlyMap<string, string>;
  /** The Jobs that take its messages. */
  jobs: readonly JobRow[];
  /** When it was read, in milliseconds since the epoch. */
  at: number;
}

/** Rows of consumers that a page shows. */
const CONSUMERS_AT_MOST = 200;

/** A queue as a page of text. @param now milliseconds since the epoch */
export function queueDescription(page: QueuePage, now = page.at): string {
  const { details } = page;
  const known = typeof details === 'string' ? undefined : details;
  const sections = [
    [vscode.l10n.t('Queue {0}', label(page.queue)), ...rows(facts(page, known, now))],
    section(vscode.l10n.t('Messages a second'), rates(known)),
    section(vscode.l10n.t('Arguments'), Object.entries(known?.arguments ?? {})),
    section(vscode.l10n.t('Policy'), policy(known)),
    consumers(page, known),
    section(
      vscode.l10n.t('Jobs'),
      page.jobs.map(job => [job.name, jobWords(job)]),
    ),
  ];
  return plainPage(sections);
}

function facts(page: QueuePage, details: QueueDetails | undefined, now: number): [string, unknown][] {
  const facts: [string, unknown][] = [
    [
      vscode.l10n.t('Messages'),
      queueWords({ ready: page.ready, unacked: details?.unacked, consumers: page.consumers }),
    ],
    [vscode.l10n.t('Size of their bodies'), details?.bytes === undefined ? undefined : bytes(details.bytes)],
    [vscode.l10n.t('Type'), details && typeWords(details)],
    [vscode.l10n.t('State'), details?.state],
    [vscode.l10n.t('Node'), details && nodeWords(details)],
    [vscode.l10n.t('Dead letters'), details && deadLetterWords(details)],
    [vscode.l10n.t('Delivery limit'), details && limitWords(details)],
    [vscode.l10n.t('Broker'), `${page.broker} (RabbitMQ ${page.version})`],
    [vscode.l10n.t('Context'), page.context],
    ['', typeof page.details === 'string' ? page.details : undefined],
    [vscode.l10n.t('As of'), clock(page.at, now)],
  ];
  return facts.filter(([, value]) => value !== undefined);
}

function typeWords({ type, durable, exclusive, autoDelete }: QueueDetails): string {
  return list([
    type,
    durable ? vscode.l10n.t('durable') : vscode.l10n.t('not durable: its messages do not outlive the broker'),
    ...(exclusive ? [vscode.l10n.t('of one connection only')] : []),
    ...(autoDelete ? [vscode.l10n.t('deleted with its last consumer')] : []),
  ]);
}

function nodeWords({ node, leader, members, online }: QueueDetails): string | undefined {
  const place = leader ?? node;
  if (!members || members.length < 2) return place;
  const up = vscode.l10n.t('{0} of {1} members are up', online?.length ?? 0, members.length);
  return place === undefined ? up : vscode.l10n.t('{0} leads; {1}', place, up);
}

function deadLetterWords({ deadLetter }: QueueDetails): string {
  if (!deadLetter) return vscode.l10n.t('none: rejected and expired messages are gone');
  const { exchange, routingKey, queue } = deadLetter;
  const key = routingKey ?? vscode.l10n.t('the message’s own');
  const way =
    exchange === ''
      ? vscode.l10n.t('the default exchange, routing key {0}', label(key))
      : vscode.l10n.t('exchange {0}, routing key {1}', label(exchange), label(key));
  return queue === undefined ? way : vscode.l10n.t('to queue {0} ({1})', label(queue), way);
}

// From 4.0 on RabbitMQ gives quorum queues a limit of its own.
function limitWords({ type, deliveryLimit }: QueueDetails): string | undefined {
  if (type !== 'quorum') return undefined;
  if (deliveryLimit === undefined) return vscode.l10n.t('the broker’s own (20 from RabbitMQ 4.0 on)');
  return deliveryLimit < 0 ? vscode.l10n.t('none') : String(deliveryLimit);
}

function rates(details: QueueDetails | undefined): [string, unknown][] {
  if (!details) return [];
  const { publish, deliver, ack, redeliver } = details.rates;
  const words = (rate: number | undefined) => (rate === undefined ? vscode.l10n.t('unknown') : rate.toFixed(1));
  return [
    [vscode.l10n.t('published'), words(publish)],
    [vscode.l10n.t('delivered'), words(deliver)],
    [vscode.l10n.t('acked'), words(ack)],
    [vscode.l10n.t('redelivered'), words(redeliver)],
  ];
}

function policy(details: QueueDetails | undefined): [string, unknown][] {
  if (!details?.policy && !details?.operatorPolicy) return [];
  return [
    [vscode.l10n.t('Name'), list([details.policy, details.operatorPolicy].flatMap(name => name ?? []))],
    ...Object.entries(details.effectivePolicy),
  ];
}

function consumers({ pods }: QueuePage, details: QueueDetails | undefined): string[] {
  const all = details?.consumers ?? [];
  if (all.length === 0) return [];
  const shown = all
    .map(one => consumerRow(one, pods))
    .sort(([a = ''], [b = '']) => a.localeCompare(b))
    .slice(0, CONSUMERS_AT_MOST);
  const more = all.length - shown.length;
  return [
    vscode.l10n.t('Consumers'),
    ...columns(shown),
    ...(more > 0 ? [`  ${vscode.l10n.t('and {0} more', more)}`] : []),
  ];
}

function consumerRow(consumer: QueueConsumer, pods: QueuePage['pods']): string[] {
  const { peer, connectionName, user, prefetch, ackRequired, active, tag } = consumer;
  const pod = peer === undefined ? undefined : pods.get(peer);
  const name = pod === undefined ? (connectionName ?? vscode.l10n.t('no Pod known')) : vscode.l10n.t('Pod {0}', pod);
  return [
    `  ${label(name, 100)}`,
    peer ?? '',
    list([
      prefetch === 0 ? vscode.l10n.t('prefetch unlimited') : vscode.l10n.t('prefetch {0}', prefetch),
      ackRequired ? vscode.l10n.t('acks') : vscode.l10n.t('no acks: a message is gone once it is sent'),
      ...(active ? [] : [vscode.l10n.t('waiting: another takes all')]),
    ]),
    user === undefined ? '' : vscode.l10n.t('user {0}', label(user, 60)),
    label(tag, 80),
  ];
}

function section(title: string, entries: [string, unknown][]): string[] {
  return entries.length === 0 ? [] : [title, ...rows(entries)];
}

const rows = (entries: [string, unknown][]) =>
  columns(entries.map(([name, value]) => [`  ${label(name)}`, value === '' ? '""' : label(valueText(value), 2000)]));
