import * as vscode from 'vscode';
import { label } from '../../label.ts';
import { problemOfName } from './queueName.ts';
import { deadLetterQueue, type QueuePlan, readArguments, readDuration } from './queuePlan.ts';

interface Row extends vscode.QuickPickItem {
  /** What picking the row does; undefined: nothing can be done yet. */
  act: 'create' | 'type' | 'dead-letters' | 'ttl' | 'arguments' | undefined;
}

/**
 * Asks how a queue is to be: one list whose box takes the name and whose first row creates it, the options below.
 * @param o.name what stands in the box at first
 * @throws CancellationError when it was closed
 */
export async function askQueuePlan(o: { name?: string } = {}): Promise<QueuePlan> {
  let plan: QueuePlan = { name: o.name ?? '', type: 'classic', deadLetters: false, ttl: undefined, arguments: {} };
  for (let act: Row['act'] = 'type'; ; ) {
    const picked = await ask(plan, act);
    act = picked.act;
    plan = { ...plan, name: picked.name };
    if (act === 'create') return plan;
    if (act === 'type') plan = { ...plan, type: plan.type === 'classic' ? 'quorum' : 'classic' };
    if (act === 'dead-letters') plan = { ...plan, deadLetters: !plan.deadLetters };
    if (act === 'ttl') plan = { ...plan, ttl: await askTtl(plan.ttl) };
    if (act === 'arguments') plan = { ...plan, arguments: await askArguments(plan.arguments) };
  }
}

async function ask(plan: QueuePlan, last: Row['act']): Promise<{ name: string; act: Row['act'] }> {
  const form = vscode.window.createQuickPick<Row>();
  form.title = vscode.l10n.t('Create Queue');
  form.placeholder = vscode.l10n.t('The name that job.yaml gives as QUEUE, such as job1');
  form.value = plan.name;
  form.ignoreFocusOut = true;
  const show = () => {
    form.items = rows({ ...plan, name: form.value.trim() });
  };
  show();
  form.onDidChangeValue(show);
  // The option that was just changed stays chosen, so that its new value is seen; at first it is the row that creates.
  const again = last === 'type' && plan.name === '' ? undefined : form.items.find(row => row.act === last);
  if (again) form.activeItems = [again];
  const act = await new Promise<Row['act']>(resolve => {
    form.onDidAccept(() => {
      const [row] = form.selectedItems;
      if (row?.act !== undefined) resolve(row.act);
    });
    form.onDidHide(() => resolve(undefined));
    form.show();
  });
  const name = form.value.trim();
  form.dispose();
  if (act === undefined) throw new vscode.CancellationError();
  return { name, act };
}

function rows(plan: QueuePlan): Row[] {
  const problem = problemOfName(plan.name);
  const set = Object.entries(plan.arguments).map(([name, value]) => `${name}=${value}`);
  const none = vscode.l10n.t('none');
  const dead = label(deadLetterQueue(plan.name));
  return [
    problem === undefined
      ? row('create', vscode.l10n.t('$(add) Create queue {0}', label(plan.name)), summary(plan))
      : row(undefined, `$(info) ${problem}`, ''),
    { label: vscode.l10n.t('Options'), kind: vscode.QuickPickItemKind.Separator, act: undefined },
    row(
      'type',
      vscode.l10n.t('Type: {0}', plan.type),
      plan.type === 'classic'
        ? vscode.l10n.t('on one node, as amqp-declare-queue makes it; pick for quorum')
        : vscode.l10n.t('replicated, with a delivery limit; pick for classic'),
    ),
    row(
      'dead-letters',
      vscode.l10n.t('Dead letters: {0}', plan.deadLetters ? dead : none),
      plan.deadLetters
        ? vscode.l10n.t('rejected and expired messages go there; made along with it')
        : vscode.l10n.t('rejected and expired messages are gone; pick for a queue of their own'),
    ),
    row(
      'ttl',
      vscode.l10n.t('Time to live: {0}', plan.ttl === undefined ? none : `${plan.ttl} ms`),
      vscode.l10n.t('how long a message waits until it expires'),
    ),
    row(
      'arguments',
      vscode.l10n.t('Other arguments: {0}', set.length === 0 ? none : set.join(' ')),
      vscode.l10n.t('as x-max-length=1000'),
    ),
  ];
}

// The box is the name's, not a filter.
const row = (act: Row['act'], label: string, description: string): Row => ({
  act,
  label,
  description,
  alwaysShow: true,
});

const summary = ({ type, deadLetters, ttl, arguments: args }: QueuePlan) =>
  [
    type,
    vscode.l10n.t('durable'),
    ...(deadLetters ? [vscode.l10n.t('with a queue for dead letters')] : []),
    ...(ttl === undefined ? [] : [`${ttl} ms`]),
    ...Object.keys(args),
  ].join(', ');

async function askTtl(before: number | undefined): Promise<number | undefined> {
  const text = await vscode.window.showInputBox({
    title: vscode.l10n.t('Time to live of the messages'),
    prompt: vscode.l10n.t(
      'Such as 90 s, 15 min, 2 h or 1 d; a number alone is milliseconds. Empty: they never expire.',
    ),
    value: before === undefined ? '' : String(before),
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
