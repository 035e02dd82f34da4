import * as vscode from 'vscode';
import { isPlaceholderImage } from '../../workload/image.ts';
import { type ValueAt, valueAt } from '../../workload/valueAt.ts';
import type { App } from '../app.ts';
import { lastImage } from '../lastImage.ts';
import { manifestReader } from '../manifestReader.ts';
import { queueWords } from '../text.ts';
import { reading } from './manifests.ts';
import { isManifestText, MANIFEST_SELECTOR } from './manifestText.ts';
import type { Outlooks } from './outlook.ts';
import { sumLines } from './sum.ts';

interface Offered {
  value: string;
  detail: string;
}

/** The broker's queues for QUEUE, the images that are known here, and the number that fits. */
export function registerCompletion(app: App, outlooks: Outlooks): vscode.Disposable {
  return vscode.languages.registerCompletionItemProvider(
    MANIFEST_SELECTOR,
    {
      provideCompletionItems: async (document, position) => {
        if (!isManifestText(document)) return [];
        const at = valueAt(document.getText(), document.offsetAt(position));
        if (!at) return [];
        const { textScalar } = await manifestReader();
        const offered = await offer(app, outlooks, document, at);
        return offered.flatMap(({ value, detail }, index) => {
          const scalar = at.field === 'completions' ? value : textScalar(value, at.quote);
          // Within quotes only what needs no escape: what is behind the quote stays as it is.
          if (at.quote !== '' && scalar !== at.quote + value + at.quote) return [];
          const item = new vscode.CompletionItem(
            { label: value, description: detail },
            vscode.CompletionItemKind.Value,
          );
          item.insertText = (at.needsSpace ? ' ' : '') + (at.quote === '' ? scalar : value);
          item.range = new vscode.Range(document.positionAt(at.span.start), document.positionAt(at.span.end));
          item.sortText = String(index).padStart(4, '0');
          item.filterText = document.getText(item.range) === '' ? undefined : value;
          return [item];
        });
      },
    },
    ':',
    ' ',
    '"',
    "'",
  );
}

async function offer(app: App, outlooks: Outlooks, document: vscode.TextDocument, at: ValueAt): Promise<Offered[]> {
  if (at.field === 'queue') {
    return app.model.queues.rows.map(queue => ({ value: queue.name, detail: queueWords(queue) }));
  }
  if (at.field === 'image') return images(app, document);
  const jobs = reading(document)?.jobs ?? [];
  const job = jobs.findLast(({ queue, span }) => queue !== undefined && span.start <= at.span.start) ?? jobs[0];
  const outlook = job?.queue && outlooks.of(job.queue.value);
  if (!job?.queue || !outlook?.needed) return [];
  return [{ value: String(outlook.needed.completions), detail: sumLines(job.queue.value, outlook)[0] ?? '' }];
}

async function images(app: App, document: vscode.TextDocument): Promise<Offered[]> {
  const last = lastImage(app);
  const offered = new Map<string, string>();
  if (last !== undefined) offered.set(last, vscode.l10n.t('named last here'));
  for (const { uri, job } of await app.manifests.jobs()) {
    const image = job.image?.value;
    if (image === undefined || isPlaceholderImage(image) || uri.toString() === document.uri.toString()) continue;
    if (!offered.has(image)) offered.set(image, vscode.workspace.asRelativePath(uri));
  }
  return [...offered].map(([value, detail]) => ({ value, detail }));
}
