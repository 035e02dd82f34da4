import * as vscode from 'vscode';
import type { BrokerPlace } from '../../model/brokers.ts';
import type { RatesState } from '../../model/queueSampler.ts';
import { displayBrokerUrl } from '../../workload/brokerUrl.ts';
import { explain } from '../explain.ts';
import { label } from '../label.ts';
import { clock } from '../text.ts';
import { timelineTexts } from '../timelineTexts.ts';
import type { ChartTexts } from './protocol.ts';

/** The words of a chart's page. */
export function chartTexts({ label: name, link }: BrokerPlace, queue: string): ChartTexts {
  const { address } = link.found ?? {};
  return {
    ...timelineTexts(vscode.l10n.t('Depth and rates over time')),
    queue: label(queue),
    broker: label(name || (address ? displayBrokerUrl(address) : '')),
    depth: vscode.l10n.t('Depth (messages)'),
    rates: vscode.l10n.t('Rates (messages per second)'),
    ready: vscode.l10n.t('Ready'),
    unacked: vscode.l10n.t('Unacked'),
    publish: vscode.l10n.t('Published'),
    deliver: vscode.l10n.t('Delivered'),
    perSecond: vscode.l10n.t('{0}/s'),
  };
}

/** @returns why a queue's figures are missing or old; empty when they are fresh */
export function statusWords({ link, queues }: Pick<BrokerPlace, 'link' | 'queues'>, queue: string): string {
  const { state } = link;
  switch (state.kind) {
    case 'live':
      return queues.isMissing(queue) ? vscode.l10n.t('The broker has no queue {0}.', label(queue)) : '';
    case 'away':
      return `${vscode.l10n.t('Broker away since {0}, trying again', clock(state.since))}: ${explain(state.error).text}`;
    case 'connecting':
      return vscode.l10n.t('Connecting to the broker…');
    case 'needs-password':
      return vscode.l10n.t('The broker needs a password.');
    case 'untrusted':
    case 'none':
      return vscode.l10n.t('There is no broker to ask.');
  }
}

/** @returns why there are no rates; empty where there are, or where nobody has asked yet */
export function noRatesWords(rates: RatesState): string {
  switch (rates) {
    case 'off':
      return vscode.l10n.t('Publish and deliver rates are unknown: the broker’s management API does not give them.');
    case 'none':
      return vscode.l10n.t('Publish and deliver rates are unknown: the broker has no statistics of this queue yet.');
    case 'known':
    case 'not-asked':
      return '';
  }
}
