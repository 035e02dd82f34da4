import * as vscode from 'vscode';
import type { JobInManifest } from '../../workload/manifest.ts';
import { explain } from '../explain.ts';
import { COMMANDS } from '../ids.ts';
import { messages, since } from '../text.ts';
import { type Manifests, reading } from './manifests.ts';
import { MANIFEST_SELECTOR } from './manifestText.ts';
import type { Outlook, Outlooks } from './outlook.ts';

/** Above each Job of a manifest: what its queue holds and the run that fits it. */
export function registerLens(manifests: Manifests, outlooks: Outlooks): vscode.Disposable {
  const changed = new vscode.EventEmitter<void>();
  return vscode.Disposable.from(
    changed,
    outlooks.onDidChange(() => changed.fire()),
    manifests.onDidChange(() => changed.fire()),
    vscode.languages.registerCodeLensProvider(MANIFEST_SELECTOR, {
      onDidChangeCodeLenses: changed.event,
      provideCodeLenses: document =>
        (reading(document)?.jobs ?? []).flatMap((job, index) => lens(document, job, index, outlooks)),
    }),
  );
}

function lens(document: vscode.TextDocument, job: JobInManifest, index: number, outlooks: Outlooks): vscode.CodeLens[] {
  if (!job.queue) return [];
  const at = document.positionAt(job.span.start);
  const command = lensCommand(job.queue.value, outlooks.of(job.queue.value), [document.uri, index]);
  return [new vscode.CodeLens(new vscode.Range(at, at), command)];
}

function lensCommand(name: string, outlook: Outlook, run: [vscode.Uri, number]): vscode.Command {
  const { broker, queue, needed } = outlook;
  const say = (title: string, command = '', ...args: unknown[]) => ({ title, command, arguments: args });
  switch (broker.kind) {
    case 'none':
      return say(vscode.l10n.t('No broker is known: start RabbitMQ in the cluster'), COMMANDS.startBroker);
    case 'untrusted':
      return say(vscode.l10n.t('Trust this workspace to see what {0} holds', name), 'workbench.trust.manage');
    case 'needs-password':
      return say(vscode.l10n.t('The broker needs a password: enter it'), COMMANDS.enterPassword);
    case 'connecting':
      return say(vscode.l10n.t('Connecting to the broker…'));
    case 'away':
      return {
        ...say(vscode.l10n.t('The broker is away {0}: test it', since(broker.since)), COMMANDS.testBroker),
        tooltip: explain(broker.error).text,
      };
    case 'live':
      break;
  }
  if (!queue) return say(vscode.l10n.t('Looking at {0}…', name));
  if (!queue.exists) {
    return say(vscode.l10n.t('Queue {0} does not exist yet: create it', name), COMMANDS.createQueue, name);
  }
  if (!needed)
    return say(vscode.l10n.t('The depth of {0} is not known: read it and run', name), COMMANDS.runJob, ...run);
  const { ready, claimed } = needed.explanation;
  if (ready === 0) return say(vscode.l10n.t('{0} is empty: nothing to run', name));
  if (needed.completions === 0) {
    return say(vscode.l10n.t('{0} ready in {1}, all for active Jobs: nothing to run', messages(ready), name));
  }
  const title =
    claimed === 0
      ? vscode.l10n.t('{0} ready in {1}: run with completions {2}', messages(ready), name, needed.completions)
      : vscode.l10n.t(
          '{0} ready in {1}, {2} of them for active Jobs: run with completions {3}',
          messages(ready),
          name,
          claimed,
          needed.completions,
        );
  return say(title, COMMANDS.runJob, ...run);
}
