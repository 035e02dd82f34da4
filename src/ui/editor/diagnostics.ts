import * as vscode from 'vscode';
import { type Finding, type FindingCode, findings } from '../../workload/findings.ts';
import type { JobInManifest, Span } from '../../workload/manifest.ts';
import { findingText } from '../findingText.ts';
import { type Manifests, reading } from './manifests.ts';
import type { Outlooks } from './outlook.ts';
import { dockerfileBeside, type Surroundings } from './surroundings.ts';

/** A finding where it stands in a document. */
export interface Found {
  finding: Finding;
  /** Which of the document's Jobs it is about. */
  index: number;
  job: JobInManifest;
  diagnostic: vscode.Diagnostic;
}

const SOURCE = 'Work Queue';

/** The extension that most people have for YAML; it is not needed. */
const YAML_SUPPORT = 'redhat.vscode-yaml';

/** What goes wrong for nobody: three dots under the text, and no line among the problems. */
const HINTS: readonly FindingCode[] = ['ttl-missing', 'parallelism-above-completions'];

/** @returns what is wrong, or will be, with the Jobs of a document as it stands now and their queues as they are known now */
export function findIn(document: vscode.TextDocument, outlooks: Outlooks, surroundings: Surroundings): Found[] {
  return (reading(document)?.jobs ?? []).flatMap((job, index) => {
    const outlook = job.queue && outlooks.of(job.queue.value);
    const found = findings({
      manifest: job,
      queue: outlook?.queue,
      claims: outlook?.queue && outlook.claims,
      services: surroundings.services(job),
      dockerfile: job.queue || job.broker ? surroundings.dockerfile(document) : undefined,
    });
    return found.map(finding => ({ finding, index, job, diagnostic: diagnostic(document, job, finding) }));
  });
}

/** Keeps the findings of the open manifests among the editor's problems. */
export function registerDiagnostics(
  manifests: Manifests,
  outlooks: Outlooks,
  surroundings: Surroundings,
): vscode.Disposable {
  const collection = vscode.languages.createDiagnosticCollection('work-queue');
  const shown = new Map<string, string>();
  const show = (document: vscode.TextDocument) => {
    const found = document.isClosed ? [] : findIn(document, outlooks, surroundings);
    const diagnostics = [...refusals(document), ...found.map(each => each.diagnostic)];
    // Set again, even the same ones would close the hover that a person is reading.
    const key = document.uri.toString();
    const now = JSON.stringify(diagnostics);
    if (shown.get(key) === now) return;
    shown.set(key, now);
    collection.set(document.uri, diagnostics);
  };
  const showAll = () => {
    for (const document of manifests.open) show(document);
  };
  showAll();
  return vscode.Disposable.from(
    collection,
    manifests.onDidChange(show),
    outlooks.onDidChange(showAll),
    surroundings.onDidChange(showAll),
  );
}

function diagnostic(document: vscode.TextDocument, job: JobInManifest, finding: Finding): vscode.Diagnostic {
  const { title, why } = findingText(finding);
  const { start, end } = place(job, finding) ?? job.span;
  const range = new vscode.Range(document.positionAt(start), document.positionAt(end));
  const diagnostic = new vscode.Diagnostic(range, `${title}\n${why}`, severityOf(finding));
  diagnostic.code = finding.code;
  diagnostic.source = SOURCE;
  if (finding.proof.source === 'Dockerfile') {
    const line = new vscode.Position(Number(finding.proof.line) - 1, 0);
    const at = new vscode.Location(dockerfileBeside(document.uri), line);
    diagnostic.relatedInformation = [new vscode.DiagnosticRelatedInformation(at, title)];
  }
  return diagnostic;
}

function severityOf({ code, severity }: Finding): vscode.DiagnosticSeverity {
  if (HINTS.includes(code)) return vscode.DiagnosticSeverity.Hint;
  return severity === 'worth-knowing' ? vscode.DiagnosticSeverity.Information : vscode.DiagnosticSeverity.Warning;
}

/** What Kubernetes would not take. What is no YAML at all is left to an extension for YAML where there is one. */
function refusals(document: vscode.TextDocument): vscode.Diagnostic[] {
  const problems = document.isClosed ? [] : (reading(document)?.problems ?? []);
  return problems
    .filter(({ code }) => code === 'structure' || vscode.extensions.getExtension(YAML_SUPPORT) === undefined)
    .map(({ line, column, message }) => {
      const at = new vscode.Position(line - 1, column - 1);
      const range = document.getWordRangeAtPosition(at, /[^\s"',{}[\]]+/) ?? new vscode.Range(at, at);
      const text = vscode.l10n.t('Kubernetes does not take this: {0}', message);
      const diagnostic = new vscode.Diagnostic(range, text, vscode.DiagnosticSeverity.Error);
      diagnostic.code = 'refused';
      diagnostic.source = SOURCE;
      return diagnostic;
    });
}

/** The value that a finding is about; undefined: the Job as a whole, or a value that is not there. */
function place(job: JobInManifest, { code, proof }: Finding): Span | undefined {
  const { places } = job;
  switch (code) {
    case 'completions-below-depth':
    case 'completions-above-depth':
      return job.completions?.span;
    case 'queue-missing':
    case 'depth-unknown':
    case 'foreign-consumers':
      return job.queue?.span;
    case 'placeholder-image':
    case 'image-pull':
      return job.image?.span;
    case 'worker-hides-failures':
      return proof.source === 'manifest' ? places.command : job.image?.span;
    case 'logs-lost-on-failure':
      return places.restartPolicy;
    case 'policy-cannot-work':
      return proof.policy === 'podReplacementPolicy' ? places.podReplacementPolicy : places.restartPolicy;
    case 'backoff-limit-low':
      return places.backoffLimit ?? job.completions?.span;
    case 'parallelism-above-completions':
      return job.parallelism?.span;
    case 'ttl-too-short':
      return places.ttlSecondsAfterFinished;
    case 'broker-not-here':
    case 'broker-unreachable':
    case 'plaintext-credentials':
      return job.broker?.span;
    default:
      return undefined;
  }
}
