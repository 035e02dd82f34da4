import * as vscode from 'vscode';
import type { BrokerPlace } from '../../model/brokers.ts';
import type { Ending } from '../../model/emitter.ts';
import type { QueueSample } from '../../model/queueHistory.ts';
import { QueueSampler } from '../../model/queueSampler.ts';
import { label } from '../label.ts';
import { webviewPage } from '../webviewPage.ts';
import { chartTexts, noRatesWords, statusWords } from './chartWords.ts';
import type { FromPage, ToPage } from './protocol.ts';

/**
 * Opens the chart of a queue: sampled while its panel can be seen, and ended with it.
 * @param extensionUri where `dist` is, which has the page
 */
export function openChart(extensionUri: vscode.Uri, place: BrokerPlace, queue: string): vscode.WebviewPanel {
  const dist = vscode.Uri.joinPath(extensionUri, 'dist');
  const panel = vscode.window.createWebviewPanel(
    'workQueue.queueChart',
    vscode.l10n.t('Chart of {0}', label(queue, 60)),
    vscode.ViewColumn.Active,
    { enableScripts: true, localResourceRoots: [dist] },
  );
  panel.iconPath = new vscode.ThemeIcon('graph-line');
  const sampler = new QueueSampler(place, queue);
  let look: Ending | undefined;
  // Its page lives only while it can be seen, and says so when it has been loaded.
  let loaded = false;
  const send = (samples: readonly QueueSample[], rest: Partial<ToPage> = {}) => {
    if (!loaded) return;
    const message: ToPage = {
      samples,
      now: Date.now(),
      status: statusWords(place, queue),
      noRates: noRatesWords(sampler.rates),
      ...rest,
    };
    void panel.webview.postMessage(message);
  };
  const onVisible = () => {
    if (panel.visible === (look !== undefined)) return;
    look?.dispose();
    look = panel.visible ? sampler.look() : undefined;
    if (!panel.visible) loaded = false;
  };
  panel.webview.onDidReceiveMessage((_message: FromPage) => {
    loaded = true;
    send(sampler.history.samples, { texts: chartTexts(place, queue) });
  });
  panel.onDidChangeViewState(onVisible);
  panel.onDidDispose(() => look?.dispose());
  sampler.onDidChange.on(samples => send(samples));
  panel.webview.html = webviewPage(panel.webview, dist, 'chart');
  onVisible();
  return panel;
}
