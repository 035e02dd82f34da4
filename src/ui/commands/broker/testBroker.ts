import * as vscode from 'vscode';
import type { BrokerCheck } from '../../../broker/index.ts';
import type { App } from '../../app.ts';
import { withProgress } from '../../command.ts';
import { explain } from '../../explain.ts';

interface Line {
  ok: boolean | undefined;
  what: string;
  detail: string;
}

/** Command: the round trip of a message from the editor, and whether Pods can find the broker by its name. */
export async function testBroker(app: App): Promise<void> {
  const lines: Line[] = [];
  let display = '';
  const hold = app.model.broker.hold();
  await withProgress(vscode.l10n.t('Testing the broker'), async (signal, report) => {
    const add = (line: Line) => {
      lines.push(line);
      report(line.what);
    };
    const link = app.model.broker;
    const connected = await link.get();
    display = connected.display;
    const { testBroker: roundTrip } = await link.api();
    await roundTrip({
      address: connected.address,
      socketPath: connected.socketPath,
      purpose: 'test',
      signal,
      onCheck: ({ check, ok, milliseconds, error }) =>
        add({
          ok,
          what: proves(check),
          detail: error ? explain(error).text : vscode.l10n.t('{0} ms', Math.round(milliseconds)),
        }),
    });
    add(await nameInCluster(app, signal));
  }).finally(() => hold.dispose());
  const failed = lines.filter(line => line.ok === false).length;
  const mark = { true: '✓', false: '✗', undefined: '–' } as const;
  const text = lines.map(line => `${mark[`${line.ok}`]} ${line.what}\n    ${line.detail}`).join('\n');
  await app.preview.show(vscode.l10n.t('Broker test.txt'), `${display}\n\n${text}\n`);
  const summary =
    failed === 0
      ? vscode.l10n.t('The broker works: {0} checks passed.', lines.filter(line => line.ok).length)
      : vscode.l10n.t('The broker test found something: {0} of {1} checks failed.', failed, lines.length);
  void (failed === 0 ? vscode.window.showInformationMessage(summary) : vscode.window.showWarningMessage(summary));
}

function proves(check: BrokerCheck): string {
  switch (check) {
    case 'connect':
      return vscode.l10n.t('Connect and log in: the address, user and password are right');
    case 'declare':
      return vscode.l10n.t('Create a queue: the user may configure');
    case 'publish':
      return vscode.l10n.t('Publish a message and have it confirmed: the user may write');
    case 'get':
      return vscode.l10n.t('Get the same message back: the user may read');
    case 'delete':
      return vscode.l10n.t('Delete the queue again: nothing of the test is left');
  }
}

async function nameInCluster(app: App, signal: AbortSignal): Promise<Line> {
  const connected = await app.model.broker.get();
  const host = connected.address.host;
  const what = vscode.l10n.t('The name {0} resolves in a Pod: workers can find the broker', host);
  if (!connected.service) {
    return { ok: undefined, what, detail: vscode.l10n.t('not checked: the broker is not a Service of this namespace') };
  }
  const cluster = await app.model.cluster.get();
  const { imageBehind, resolveInCluster } = await app.model.cluster.api();
  try {
    // The broker's own image: it is on a node already, and its shell has what is needed to ask for a name.
    const image = await imageBehind(cluster, { ...connected.service, signal });
    if (image === undefined) {
      return { ok: undefined, what, detail: vscode.l10n.t('not checked: no Pod stands behind the Service') };
    }
    const { resolved, address, detail } = await resolveInCluster(cluster, {
      namespace: cluster.namespace,
      host,
      image,
      signal,
    });
    return { ok: resolved, what, detail: address ?? detail };
  } catch (error) {
    if (signal.aborted) throw error;
    return { ok: false, what, detail: explain(error).text };
  }
}
