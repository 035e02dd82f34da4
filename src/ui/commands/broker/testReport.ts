import * as vscode from 'vscode';
import type { Finding } from '../../../workload/findings.ts';
import { findingText } from '../../findingText.ts';
import { plainText } from '../../plainText.ts';
import { remedyLabel } from '../../remedies.ts';
import { clock } from '../../text.ts';
import type { Check } from './testChecks.ts';

/** What a broker's test has found. */
export interface BrokerTest {
  /** The URL without its password. */
  display: string;
  version: string | undefined;
  /** The Service to which a port-forward led. */
  service: string | undefined;
  /** The namespace of the Pods. */
  namespace: string | undefined;
  editor: Check[];
  pod: Check[];
  /** The round trip works from a Pod, but not from the editor. */
  onlyFromPods: boolean;
  findings: Finding[];
  /** What of the broker could not be looked at. */
  notKnown: string[];
}

/** @returns the test as a document: every check, what it proves, and what came of it */
export function testReport(test: BrokerTest, now = Date.now()): string {
  const { display, version, service, namespace } = test;
  const fromEditor =
    service === undefined
      ? vscode.l10n.t('From the editor')
      : vscode.l10n.t('From the editor, by a port-forward to Service {0}: the broker sees 127.0.0.1', service);
  const fromPod =
    namespace === undefined
      ? vscode.l10n.t('From a Pod')
      : vscode.l10n.t('From a Pod in namespace {0}, as a worker', namespace);
  const head = version
    ? vscode.l10n.t('RabbitMQ {0}, tested at {1}', version, clock(now, now))
    : vscode.l10n.t('Tested at {0}', clock(now, now));
  const known = [...test.findings.flatMap(findingLines), ...test.notKnown.map(text => `  – ${oneLine(text)}`)];
  const sections = [
    [display, head],
    [fromEditor, ...test.editor.flatMap(checkLines)],
    [fromPod, ...test.pod.flatMap(checkLines)],
    ...(known.length === 0 ? [] : [[vscode.l10n.t('Findings'), ...known]]),
  ];
  return plainText(`${sections.map(lines => lines.join('\n')).join('\n\n')}\n`);
}

function checkLines({ ok, what, proves, detail }: Check): string[] {
  const mark = ok === undefined ? '–' : ok ? '✓' : '✗';
  return [
    `  ${mark} ${what}${ok && detail !== '' ? `: ${detail}` : ''}`,
    ...(ok ? [] : [`      ${oneLine(detail)}`]),
    `      ${ok ? vscode.l10n.t('So {0}.', proves) : vscode.l10n.t('It would prove: {0}.', proves)}`,
  ];
}

function findingLines(finding: Finding): string[] {
  const mark = { 'has-gone-wrong': '✗', 'will-go-wrong': '!', 'worth-knowing': 'i' }[finding.severity];
  const { title, why } = findingText(finding);
  return [`  ${mark} ${title}`, `      ${why}`, ...finding.remedies.map(remedy => `      → ${remedyLabel(remedy)}`)];
}

const oneLine = (text: string) => text.replace(/\s+/g, ' ').trim();
