import * as vscode from 'vscode';
import { isPlaceholderImage, parseImage } from '../../workload/image.ts';
import type { JobInManifest, Span } from '../../workload/manifest.ts';
import type { App } from '../app.ts';
import { lastImage } from '../lastImage.ts';
import { plainText } from '../plainText.ts';
import { queueWords } from '../text.ts';
import { reading } from './manifests.ts';
import { MANIFEST_SELECTOR } from './manifestText.ts';
import type { Outlook, Outlooks } from './outlook.ts';
import { sumLines } from './sum.ts';

/** What is known of a manifest's numbers and names, where they stand. */
export function registerHover(app: App, outlooks: Outlooks): vscode.Disposable {
  return vscode.languages.registerHoverProvider(MANIFEST_SELECTOR, {
    provideHover: (document, position) => {
      for (const job of reading(document)?.jobs ?? []) {
        const outlook = job.queue && outlooks.of(job.queue.value);
        const about: [Span | undefined, () => string[]][] = [
          [job.completions?.span, () => (outlook ? sumLines(job.queue?.value ?? '', outlook) : [])],
          [job.queue?.span, () => (outlook ? queueLines(job, outlook) : [])],
          [job.image?.span, () => imageLines(app, job)],
        ];
        for (const [span, lines] of about) {
          const range = span && withKey(document, span);
          if (!range?.contains(position)) continue;
          const said = lines();
          return said.length > 0 ? new vscode.Hover(inLines(said), range) : undefined;
        }
      }
      return undefined;
    },
  });
}

/** The value with its key, where both stand in one line. */
function withKey(document: vscode.TextDocument, { start, end }: Span): vscode.Range {
  const from = document.positionAt(start);
  const before = document.lineAt(from).text.slice(0, from.character);
  const key = /["']?[\w]+["']?\s*:\s*["']?$/.exec(before);
  return new vscode.Range(from.with({ character: key?.index ?? from.character }), document.positionAt(end));
}

/** As text, whatever a broker or a cluster has put into its names. */
function inLines(lines: string[]): vscode.MarkdownString {
  const text = new vscode.MarkdownString();
  for (const [index, line] of lines.entries()) {
    if (index > 0) text.appendMarkdown('  \n');
    text.appendText(plainText(line));
  }
  return text;
}

function queueLines({ queue }: JobInManifest, { queue: look, claims }: Outlook): string[] {
  const name = queue?.value ?? '';
  if (!look) return [vscode.l10n.t('Nothing is known of queue {0} now.', name)];
  if (!look.exists) return [vscode.l10n.t('Queue {0} does not exist.', name)];
  return [
    vscode.l10n.t('Queue {0}: {1}', name, queueWords(look)),
    ...claims.map(claim => vscode.l10n.t('Active on it: Job {0}', claim.name)),
  ];
}

function imageLines(app: App, { image }: JobInManifest): string[] {
  const reference = image?.value ?? '';
  const last = lastImage(app);
  const built = last === undefined || last === reference ? [] : [vscode.l10n.t('Named last here: {0}', last)];
  if (isPlaceholderImage(reference)) return [vscode.l10n.t('A placeholder: no Pod can start with it.'), ...built];
  const { registry, path, tag, digest } = parseImage(reference);
  const version =
    digest === undefined
      ? tag === undefined
        ? vscode.l10n.t('no tag: whatever latest is when a Pod starts')
        : vscode.l10n.t('tag {0}', tag)
      : vscode.l10n.t('exactly {0}', digest);
  return [vscode.l10n.t('{0} from {1}: {2}', path, registry ?? 'Docker Hub', version), ...built];
}
