import * as vscode from 'vscode';
import { label } from '../../label.ts';
import { list } from '../../text.ts';
import { problemOfName } from './queueName.ts';
import { deadLetterQueue, durationText, type QueuePlan, readArguments, readDuration } from './queuePlan.ts';

type Act = 'create' | 'type' | 'dead-letters' | 'ttl' | 'arguments';

interface Row extends vscode.QuickPickItem {
  /** What picking the row does; undefined: it is no row, but a line between them. */
  act: Act | undefined;
}

/**
 * Asks how a queue is to be: its name, then a list whose first row creates it, the options below.
 * @throws CancellationError when it was closed
 */
export async function askQueuePlan(): Promise<QueuePlan> {
  const name = await askName();
  let plan: QueuePlan = { name, type: 'classic', deadLetters: false, ttl: undefined, arguments: {} };
  for (;;) {
    const act = await ask(plan);
    if (act === 'create') return plan;
    if (act === 'type') plan = { ...plan, type: plan.type === 'classic' ? 'quorum' : 'classic' };
    if (act === 'dead-letters') plan = { ...plan, deadLetters: !plan.deadLetters };
    if (act === 'ttl') plan = { ...plan, ttl: await askTtl(plan.ttl) };
    if (act === 'arguments') plan = { ...plan, arguments: await askArguments(plan.arguments) };
  }
}

async function askName(): Promise<string> {
  const name = await vscode.window.showInputBox({
    title: vscode.l10n.t('Create Queue'),
    prompt: vscode.l10n.t(
      'The name that job.yaml gives as QUEUE. The queue is durable: it outlives a restart of the broker.',
    ),
    placeHolder: 'job1',
    ignoreFocusOut: true,
    validateInput: problemOfName,
  });
  if (name === undefined) throw new vscode.CancellationError();
  return name.trim();
}

async function ask(plan: QueuePlan): Promise<Act> {
  const form = vscode.window.createQuickPick<Row>();
  form.title = vscode.l10n.t('Create Queue {0}', label(plan.name));
  form.placeholder = vscode.l10n.t('Create it so, or pick an option to change it');
  form.ignoreFocusOut = true;
  form.items = rows(plan);
  const act = await new Promise<Act | undefined>(resolve => {
    form.onDidAccept(() => resolve(form.selectedItems[0]?.act));
    form.onDidHide(() => resolve(undefined));
    form.show();
  });
  form.dispose();
  if (act === undefined) throw new vscode.CancellationError();
  return act;
}

function rows(plan: QueuePlan): Row[] {
  const set = Object.entries(plan.arguments).map(([name, value]) => `${name}=${value}`);
  const none = vscode.l10n.t('none');
  return [
    { act: 'create', label: vscode.l10n.t('$(add) Create queue {0}', label(plan.name)), description: summary(plan) },
    { act: undefined, label: vscode.l10n.t('Options'), kind: vscode.QuickPickItemKind.Separator },
    {
      act: 'type',
      label: vscode.l10n.t('Type: {0}', plan.type),
      description:
        plan.type === 'classic'
          ? vscode.l10n.t('on one node, as amqp-declare-queue makes it; pick for quorum')
          : vscode.l10n.t('replicated, with a delivery limit; pick for classic'),
    },
    {
      act: 'dead-letters',
      label: vscode.l10n.t('Dead letters: {0}', plan.deadLetters ? label(deadLetterQueue(plan.name)) : none),
      description: plan.deadLetters
        ? vscode.l10n.t('rejected and expired messages go there; made along with it')
        : vscode.l10n.t('rejected and expired messages are gone; pick for a queue of their own'),
    },
    {
      act: 'ttl',
      label: vscode.l10n.t('Time to live: {0}', plan.ttl === undefined ? none : durationText(plan.ttl)),
      description: vscode.l10n.t('how long a message waits until it expires'),
    },
    {
      act: 'arguments',
      label: vscode.l10n.t('Other arguments: {0}', set.length === 0 ? none : label(set.join(' '))),
      description: vscode.l10n.t('such as x-max-length=1000'),
    },
  ];
}

const summary = ({ type, deadLetters, ttl, arguments: args }: QueuePlan) =>
  list([
    type,
    vscode.l10n.t('durable'),
    ...(deadLetters ? [vscode.l10n.t('with a queue for dead letters')] : []),
    ...(ttl === undefined ? [] : [vscode.l10n.t('messages expire after {0}', durationText(ttl))]),
    ...Object.keys(args).map(name => label(name, 60)),
  ]);

async function askTtl(before: number | undefined): Promise<number | undefined> {
  const text = await vscode.window.showInputBox({
    title: vscode.l10n.t('Time to live of the messages'),
    prompt: vscode.l10n.t(
      'Such as 90 s, 15 min, 2 h or 1 d; a number alone is milliseconds. Empty: they never expire.',
    ),
    value: before === undefined ? '' : durationText(before),
    ignoreFocusOut: true,
    validateInput: value =>
      value.trim() === '' || readDuration(value) !== undefined
        ? undefined
        : vscode.l10n.t('That is no length of time: 90 s, 15 min, 2 h, 1 d or milliseconds'),
  });
  if (text === undefined) return before;
  return readDuration(text);
}

async function askArguments(before: QueuePlan['arguments']): Promise<QueuePlan['arguments']> {
  const text = await vscode.window.showInputBox({
    title: vscode.l10n.t('Other arguments of the queue'),
    prompt: vscode.l10n.t('name=value, several with blanks between: x-max-length=1000 x-overflow=reject-publish'),
    value: Object.entries(before)
      .map(([name, value]) => `${name}=${value}`)
      .join(' '),
    ignoreFocusOut: true,
    validateInput: value => {
      const read = readArguments(value);
      return 'problem' in read ? vscode.l10n.t('That is no argument: {0}', label(read.problem)) : undefined;
    },
  });
  const read = text === undefined ? undefined : readArguments(text);
  return read === undefined || 'problem' in read ? before : read.arguments;
}
