import * as vscode from 'vscode';
import { type Finding, type FindingCode, findings } from '../../workload/findings.ts';
import type { JobInManifest, Span } from '../../workload/manifest.ts';
import { findingText } from '../findingText.ts';
import { type Manifests, reading } from './manifests.ts';
import type { Outlooks } from './outlook.ts';

/** A finding where it stands in a document. */
export interface Found {
  finding: Finding;
  /** Which of the document's Jobs it is about. */
  index: number;
  job: JobInManifest;
  diagnostic: vscode.Diagnostic;
}

const SOURCE = 'Work Queue';

/** @returns what is wrong, or will be, with the Jobs of a document as it stands now and their queues as they are known now */
export function findIn(document: vscode.TextDocument, outlooks: Outlooks): Found[] {
  return (reading(document)?.jobs ?? []).flatMap((job, index) => {
    const outlook = job.queue && outlooks.of(job.queue.value);
    const found = findings({ manifest: job, queue: outlook?.queue, claims: outlook?.queue && outlook.claims });
    return found.map(finding => ({ finding, index, job, diagnostic: diagnostic(document, job, finding) }));
  });
}

/** Keeps the findings of the open manifests among the editor's problems. */
export function registerDiagnostics(manifests: Manifests, outlooks: Outlooks): vscode.Disposable {
  const collection = vscode.languages.createDiagnosticCollection('work-queue');
  const shown = new Map<string, string>();
  const show = (document: vscode.TextDocument) => {
    const diagnostics = document.isClosed ? [] : findIn(document, outlooks).map(({ diagnostic }) => diagnostic);
    // Set again, even the same ones would close the hover that a person is reading.
    const key = document.uri.toString();
    const now = JSON.stringify(diagnostics);
    if (shown.get(key) === now) return;
    shown.set(key, now);
    collection.set(document.uri, diagnostics);
  };
  for (const document of manifests.open) show(document);
  return vscode.Disposable.from(
    collection,
    manifests.onDidChange(show),
    outlooks.onDidChange(() => {
      for (const document of manifests.open) show(document);
    }),
  );
}

function diagnostic(document: vscode.TextDocument, job: JobInManifest, finding: Finding): vscode.Diagnostic {
  const { title, why } = findingText(finding);
  const severity =
    finding.severity === 'worth-knowing' ? vscode.DiagnosticSeverity.Information : vscode.DiagnosticSeverity.Warning;
  const { start, end } = place(job, finding.code) ?? job.span;
  const range = new vscode.Range(document.positionAt(start), document.positionAt(end));
  const diagnostic = new vscode.Diagnostic(range, `${title}\n${why}`, severity);
  diagnostic.code = finding.code;
  diagnostic.source = SOURCE;
  return diagnostic;
}

/** The value that a finding is about; undefined: the Job as a whole, or a value that is not there. */
function place(job: JobInManifest, code: FindingCode): Span | undefined {
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
    case 'worker-hides-failures':
      return job.image?.span;
    case 'broker-unreachable':
    case 'plaintext-credentials':
      return job.broker?.span;
    default:
      return undefined;
  }
}
