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
  /** What the checks come to, in a sentence. */
  summary: string;
  findings: Finding[];
  /** What of the broker could not be looked at. */
  notKnown: string[];
}

/** @returns the test as a document: every check, what it proves, and what came of it */
export function testReport(test: BrokerTest, now = Date.now()): string {
  const { display, version, service, namespace, summary } = test;
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
  const known = [...test.findings.flatMap(findingLines), ...test.notKnown.flatMap(text => wrapped(`– ${text}`, '  '))];
  const sections = [
    [display, head, ...wrapped(summary, '')],
    [fromEditor, ...test.editor.flatMap(checkLines)],
    [fromPod, ...test.pod.flatMap(checkLines)],
    ...(known.length === 0 ? [] : [[vscode.l10n.t('Findings'), ...known]]),
  ];
  return plainText(`${sections.map(lines => lines.join('\n')).join('\n\n')}\n`);
}

function checkLines({ ok, what, proves, detail }: Check): string[] {
  const mark = ok === undefined ? '–' : ok ? '✓' : '✗';
  const beside = ok !== false && detail.length <= BESIDE_AT_MOST;
  return [
    `  ${mark} ${what}${beside && detail !== '' ? `: ${detail}` : ''}`,
    ...(beside ? [] : wrapped(detail)),
    ...wrapped(ok ? vscode.l10n.t('So {0}.', proves) : vscode.l10n.t('It would prove: {0}.', proves)),
  ];
}

function findingLines(finding: Finding): string[] {
  const mark = { 'has-gone-wrong': '✗', 'will-go-wrong': '!', 'worth-knowing': 'i' }[finding.severity];
  const { title, why } = findingText(finding);
  const remedies = finding.remedies.flatMap(remedy => wrapped(`→ ${remedyLabel(remedy)}`));
  return [...wrapped(`${mark} ${title}`, '  '), ...wrapped(why), ...remedies];
}

const BESIDE_AT_MOST = 60;
/** Characters; the editor does not break the lines of such a document. */
const LINE_AT_MOST = 110;

/** The text in lines that are not too long, broken at spaces and after Chinese commas and full stops. */
function wrapped(text: string, indent = '      '): string[] {
  const lines: string[] = [];
  for (const word of text.trim().split(/(?<=\s|[，。；：、])/)) {
    const last = lines.at(-1);
    if (last !== undefined && (last + word).trimEnd().length <= LINE_AT_MOST) lines[lines.length - 1] = last + word;
    else lines.push((last === undefined ? indent : `${indent}  `) + word);
  }
  return lines.map(line => line.trimEnd());
}
