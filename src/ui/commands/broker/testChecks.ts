import * as vscode from 'vscode';
import type { BrokerCheck, BrokerCheckResult } from '../../../broker/index.ts';
import type { PodCheck, PodCheckResult } from '../../../cluster/index.ts';
import { explain } from '../../explain.ts';
import { plainText } from '../../plainText.ts';

/** One check of a broker's test in words. `ok` undefined: it was not made. */
export interface Check {
  ok: boolean | undefined;
  what: string;
  /** What it means that the check passes. */
  proves: string;
  /** What came of it. */
  detail: string;
}

const EDITOR: Record<BrokerCheck, () => Pick<Check, 'what' | 'proves'>> = {
  connect: () => ({
    what: vscode.l10n.t('Connect and log in'),
    proves: vscode.l10n.t('the address, the user and the password are right'),
  }),
  permissions: () => ({
    what: vscode.l10n.t('Ask for the user’s rights'),
    proves: vscode.l10n.t('the user may configure, write and read: create queues, publish and take messages'),
  }),
  declare: () => ({
    what: vscode.l10n.t('Create a queue'),
    proves: vscode.l10n.t('the broker takes a durable queue; this one would go by itself after a minute'),
  }),
  publish: () => ({
    what: vscode.l10n.t('Publish a message'),
    proves: vscode.l10n.t('the broker confirms messages: from then on they are its own to keep'),
  }),
  get: () => ({
    what: vscode.l10n.t('Get a message back'),
    proves: vscode.l10n.t('what was published is in the queue and can be taken'),
  }),
  compare: () => ({
    what: vscode.l10n.t('Compare the two'),
    proves: vscode.l10n.t('messages come back as they were sent, byte by byte, letters beyond ASCII too'),
  }),
  delete: () => ({
    what: vscode.l10n.t('Delete the queue'),
    proves: vscode.l10n.t('nothing of the test is left'),
  }),
};

const EDITOR_CHECKS = Object.keys(EDITOR) as BrokerCheck[];

/** The checks from the editor, those that were not made included. */
export function editorChecks(results: readonly BrokerCheckResult[]): Check[] {
  return EDITOR_CHECKS.map(check => {
    const result = results.find(one => one.check === check);
    return { ...EDITOR[check](), ok: result?.ok, detail: result ? editorDetail(result) : notTried() };
  });
}

/** @returns what a check does, for its progress */
export const editorCheckName = (check: BrokerCheck): string => EDITOR[check]().what;

function editorDetail({ ok, milliseconds, error, missing, blocked }: BrokerCheckResult): string {
  if (ok) return vscode.l10n.t('{0} ms', Math.round(milliseconds));
  if (missing) {
    return vscode.l10n.t(
      'The user lacks: {0}. RabbitMQ gives rights by names; this was asked for a queue whose name begins with work-queue-test-.',
      missing.join(', '),
    );
  }
  if (blocked !== undefined) {
    return vscode.l10n.t('The broker takes no messages from anybody at the moment: {0}', plainText(blocked));
  }
  return explain(error).text;
}

const POD: Record<PodCheck, (subject: string) => Pick<Check, 'what' | 'proves'>> = {
  name: host => ({
    what: vscode.l10n.t('Resolve the name {0}', host),
    proves: vscode.l10n.t('the cluster’s DNS knows the broker: workers find it by this name'),
  }),
  variable: variable => ({
    what: vscode.l10n.t('Read the variable {0}', variable),
    proves: vscode.l10n.t('without DNS the Pod’s environment has the Service’s address; the next checks use it'),
  }),
  tools: () => ({
    what: vscode.l10n.t('Find amqp-tools in the image'),
    proves: vscode.l10n.t('the image has what the documentation’s worker uses; the next checks are made with it'),
  }),
  declare: () => ({
    what: vscode.l10n.t('Connect, log in and create a queue (amqp-declare-queue)'),
    proves: vscode.l10n.t('Pods reach the broker, and the same user may log in and create queues from there'),
  }),
  publish: () => ({
    what: vscode.l10n.t('Publish a message (amqp-publish)'),
    proves: vscode.l10n.t('it was sent; amqp-publish waits for no confirm, so the next check shows that it arrived'),
  }),
  get: () => ({
    what: vscode.l10n.t('Take the message (amqp-consume)'),
    proves: vscode.l10n.t('Pods can take messages and acknowledge them, as workers do'),
  }),
  compare: EDITOR.compare,
  delete: () => ({
    what: vscode.l10n.t('Delete the queue (amqp-delete-queue)'),
    proves: vscode.l10n.t('nothing of the test is left'),
  }),
};

const ROUND_TRIP: PodCheck[] = ['declare', 'publish', 'get', 'compare', 'delete'];

/** The checks from a Pod in their order, those of the round trip that were not made included. */
export function podChecks(results: readonly PodCheckResult[], names: { host: string; variable: string }): Check[] {
  const tools = results.some(({ check, state }) => check === 'tools' && state === 'ok');
  return (Object.keys(POD) as PodCheck[]).flatMap(check => {
    const words = POD[check](check === 'variable' ? names.variable : names.host);
    const result = results.find(one => one.check === check);
    if (result) return [{ ...words, ...podOutcome(result) }];
    return tools && ROUND_TRIP.includes(check) ? [{ ...words, ok: undefined, detail: notTried() }] : [];
  });
}

function podOutcome({ check, state, detail }: PodCheckResult): Pick<Check, 'ok' | 'detail'> {
  const said = plainText(detail);
  switch (state) {
    case 'ok':
      return { ok: true, detail: said };
    case 'late':
      return { ok: false, detail: [vscode.l10n.t('no answer within 10 s'), said].filter(Boolean).join(': ') };
    case 'absent':
      return { ok: check === 'variable' ? false : undefined, detail: absent(check, said) };
    case 'failed':
      return {
        ok: false,
        detail: check === 'name' ? vscode.l10n.t('the name does not resolve') : said || vscode.l10n.t('failed'),
      };
  }
}

function absent(check: PodCheck, program: string): string {
  if (check === 'variable') return vscode.l10n.t('no such variable: the broker is no Service of the Pods’ namespace');
  if (check === 'name') return vscode.l10n.t('not checked: the image has no {0}', program);
  return vscode.l10n.t(
    'amqp-tools are not at hand ({0} is missing), so the round trip was not tried from a Pod',
    program,
  );
}

const notTried = () => vscode.l10n.t('not tried, an earlier check failed');
