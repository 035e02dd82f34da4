import * as vscode from 'vscode';
import type { BrokerCheckResult } from '../../../broker/index.ts';
import { lookAtBroker } from '../../../model/brokerLook.ts';
import type { FoundBroker } from '../../../model/brokerPlaces.ts';
import type { BrokerPlace } from '../../../model/brokers.ts';
import { type Connected, wayTo } from '../../../model/connected.ts';
import { type BrokerLook, brokerFindings, type FromPods } from '../../../workload/brokerFindings.ts';
import { displayBrokerUrl } from '../../../workload/brokerUrl.ts';
import type { Finding } from '../../../workload/findings.ts';
import type { App } from '../../app.ts';
import { withProgress } from '../../command.ts';
import { findingText } from '../../findingText.ts';
import type { BrokerRow } from '../../views/queues.ts';
import { placeOf } from './place.ts';
import { type Check, editorCheckName, editorChecks } from './testChecks.ts';
import { testFromPod } from './testFromPod.ts';
import { type BrokerTest, testReport } from './testReport.ts';

/** Command: the round trip of a message from the editor and from a Pod, and what the broker has that is good to know. */
export async function testBroker(app: App, row?: BrokerRow): Promise<void> {
  const place = placeOf(app, row);
  const hold = place.link.hold();
  const test = await withProgress(vscode.l10n.t('Testing the broker'), (signal, report) =>
    run(app, place, signal, report),
  ).finally(() => hold.dispose());
  await app.preview.show(vscode.l10n.t('Broker test.txt'), testReport(test));
  const failed = [...test.editor, ...test.pod].some(({ ok }) => ok === false);
  void (failed ? vscode.window.showWarningMessage(test.summary) : vscode.window.showInformationMessage(test.summary));
  // The view may have seen the test's queues while they were there.
  await place.queues.refresh().catch(() => undefined);
}

async function run(
  app: App,
  place: BrokerPlace,
  signal: AbortSignal,
  report: (message: string) => void,
): Promise<BrokerTest> {
  const editor = await fromEditor(place, signal, report);
  const { found, connected } = editor;
  const { checks, fromPods } = await testFromPod(app, place, found, signal, report);
  report(vscode.l10n.t('looking for what is good to know'));
  const look = connected && (await lookAtBroker(place.link, connected, app.model.cluster, signal));
  const works = editor.results.every(({ ok }) => ok);
  const tunnel = connected?.socketPath !== undefined;
  const findings = brokerFindings({
    login: found.address,
    ...look,
    blocked: editor.results.find(({ check }) => check === 'publish')?.blocked,
    tunnel,
    fromPods: works ? fromPods : undefined,
  });
  const editorsOwn = editorChecks(editor.results);
  return {
    display: displayBrokerUrl(found.address),
    version: connected?.broker.version,
    service: tunnel ? connected?.service?.name : undefined,
    namespace: app.model.cluster.place?.namespace,
    summary: summary([...editorsOwn, ...checks], findings, works, fromPods),
    editor: editorsOwn,
    pod: checks,
    findings,
    notKnown: look ? notKnown(look, connected.service) : [],
  };
}

interface FromEditor {
  found: FoundBroker;
  connected: Connected | undefined;
  results: BrokerCheckResult[];
}

async function fromEditor(
  place: BrokerPlace,
  signal: AbortSignal,
  report: (message: string) => void,
): Promise<FromEditor> {
  const { link } = place;
  const results: BrokerCheckResult[] = [];
  const started = performance.now();
  try {
    const connected = await unlessAborted(link.get(), signal);
    const { testBroker: roundTrip } = await link.api();
    await roundTrip({
      ...wayTo(connected),
      purpose: 'test',
      signal,
      onCheck: result => {
        results.push(result);
        report(editorCheckName(result.check));
      },
    });
    signal.throwIfAborted();
    return { found: link.found ?? (await link.find()), connected, results };
  } catch (error) {
    const { found } = link;
    // Without a broker, or without its password, there is nothing to test.
    if (signal.aborted || found === undefined || isNoBroker(error)) throw error;
    const milliseconds = performance.now() - started;
    results.push({ check: 'connect', ok: false, milliseconds, error: error as BrokerCheckResult['error'] });
    return { found, connected: undefined, results };
  }
}

/** @param works whether all that was tried from the editor does */
function summary(checks: Check[], findings: Finding[], works: boolean, fromPods: FromPods | undefined): string {
  const cause = findings.find(({ code }) => code === 'login-from-loopback-only' || code === 'unreachable-from-pods');
  if (cause) return findingText(cause).title;
  if (!works && fromPods?.kind === 'works') {
    return vscode.l10n.t('The broker works from Pods, and fails from here.');
  }
  const made = checks.filter(({ ok }) => ok !== undefined).length;
  const failed = checks.filter(({ ok }) => ok === false).length;
  if (failed > 0) return vscode.l10n.t('The broker test found something: {0} of {1} checks failed.', failed, made);
  return fromPods?.kind === 'works'
    ? vscode.l10n.t('The broker works: {0} checks passed.', made)
    : vscode.l10n.t('The broker works from here: {0} checks passed. No message was sent from a Pod.', made);
}

function notKnown({ nodes, pods }: BrokerLook, service: Connected['service']): string[] {
  return [
    ...(nodes
      ? []
      : [vscode.l10n.t('not known: memory, disk and alarms (the management API does not answer this user)')]),
    ...(pods || !service ? [] : [vscode.l10n.t('not known: the broker’s Pods (they may not be read)')]),
  ];
}

function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

const isNoBroker = (error: unknown) =>
  error instanceof Error && (error.name === 'NoBrokerError' || error.name === 'UntrustedError');
