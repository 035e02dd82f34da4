import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import { RUN_SAMPLES_AT_MOST, type RunSample } from '../../src/model/runSamples.ts';
import type { DashboardTexts, ToPage } from '../../src/ui/dashboard/protocol.ts';
import { installBrowser } from '../e2e/editor/browser.ts';
import { packageExtension } from '../package.ts';
import { median, type Row } from './table.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const PODS = 1000;
/** Messages to the page a second: a run gets one or two. */
const MESSAGES = 5;
const SECONDS = 10;

/** A run's page with 1,000 Pods and an hour of samples in a browser: how smoothly it draws, and what it holds. */
export async function bench(): Promise<Row[]> {
  packageExtension();
  const folder = mkdtempSync(join(tmpdir(), 'kwq-dashboard-'));
  const browser = await chromium.launch({
    executablePath: await installBrowser(console.log),
    args: ['--no-sandbox', '--disable-gpu', '--enable-precise-memory-info', '--js-flags=--expose-gc'],
  });
  try {
    const page = await browser.newPage({ viewport: { width: 1200, height: 1000 } });
    const problems: string[] = [];
    page.on('pageerror', error => problems.push(String(error)));
    const file = join(folder, 'page.html');
    writeFileSync(file, document());
    await page.goto(pathToFileURL(file).href);
    const samples = hour();
    const begun = performance.now();
    await page.evaluate(
      message => (globalThis as unknown as { postMessage(m: object): void }).postMessage(message),
      all(samples),
    );
    await page.getByRole('heading', { name: 'bench' }).waitFor();
    const drawn = performance.now() - begun;
    // The mouse is over the plots all the while: each move chooses a moment.
    const box = await page.locator('.plots').boundingBox();
    const measured = page.evaluate(measure, { seconds: SECONDS, messages: MESSAGES, last: samples.at(-1), pods: PODS });
    for (let move = 0; move < SECONDS * 10; move++) {
      await page.mouse.move((box?.x ?? 0) + 60 + (move % 100) * 8, (box?.y ?? 0) + 80);
      await page.waitForTimeout(60);
    }
    const { intervals, heap } = await measured;
    if (problems.length > 0) throw new Error(problems.join('\n'));
    const sorted = intervals.toSorted((a, b) => a - b);
    return [
      { row: 'first drawing of an hour', ours: drawn, unit: 'ms', better: 'lower' },
      {
        row: `frames a second, ${PODS} Pods, an hour of samples, ${MESSAGES} messages a second`,
        ours: 1000 / (intervals.reduce((sum, one) => sum + one, 0) / intervals.length),
        unit: 'fps',
        better: 'higher',
      },
      { row: 'time between two frames, median', ours: median(intervals), unit: 'ms', better: 'lower' },
      {
        row: 'time between two frames, of 100 the longest but one',
        ours: sorted[Math.floor(sorted.length * 0.99)] ?? Number.NaN,
        unit: 'ms',
        better: 'lower',
      },
      { row: 'memory of the page (JavaScript)', ours: heap / 2 ** 20, unit: 'MiB', better: 'lower' },
    ];
  } finally {
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function hour(): RunSample[] {
  const now = Date.now();
  return Array.from({ length: RUN_SAMPLES_AT_MOST }, (_, n) => {
    const done = Math.floor((n * PODS) / RUN_SAMPLES_AT_MOST);
    return {
      at: now - (RUN_SAMPLES_AT_MOST - n) * 2000,
      ready: PODS - done,
      unacked: 20 + (n % 5),
      owed: PODS - done,
      waiting: 100 + (n % 7),
      running: 800 - Math.floor(done / 2),
      succeeded: done,
      failed: Math.floor(done / 50),
    };
  });
}

function all(samples: readonly RunSample[]): ToPage {
  const words =
    'title place queue pods ready unacked owed waiting running succeeded failed findings noFindings startUp';
  const names = `${words} events object reason message savePicture savePage unknown now lastSeen moment table time`;
  const texts = Object.fromEntries(names.split(' ').map(name => [name, name]));
  return {
    texts: { ...texts, title: 'bench', language: 'en' } as unknown as DashboardTexts,
    subject: { uid: 'u', name: 'bench', namespace: 'n' },
    now: Date.now(),
    samples,
    head: { words: '', status: '', end: undefined },
    findings: [],
  };
}

/** The page as the editor has it, with a stand-in for what the editor gives it. */
function document(): string {
  const read = (name: string) => readFileSync(join(root, 'dist', name), 'utf8');
  const script = `globalThis.acquireVsCodeApi=()=>({postMessage(){},setState(){}});${read('dashboard.js')}`;
  const hash = createHash('sha256').update(script).digest('base64');
  return `<!DOCTYPE html><html style="--vscode-foreground:#ccc;--vscode-editor-background:#1e1e1e;--vscode-charts-blue:#3794ff;--vscode-charts-green:#89d185;--vscode-charts-red:#f48771;--vscode-charts-yellow:#cca700;--vscode-font-family:sans-serif;--vscode-font-size:13px"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-${hash}'">
<style>${read('dashboard.css')}</style></head><body class="vscode-dark"><script>${script}</script></body></html>`;
}

/** In the page: sends messages as the extension does, and takes the time between frames meanwhile. */
async function measure(o: { seconds: number; messages: number; last: RunSample | undefined; pods: number }) {
  const page = globalThis as unknown as {
    requestAnimationFrame(run: (at: number) => void): void;
    postMessage(message: object): void;
    gc?(): void;
    performance: { now(): number; memory?: { usedJSHeapSize: number } };
  };
  const intervals: number[] = [];
  const begun = page.performance.now();
  let n = 0;
  const timer = setInterval(() => {
    n++;
    const samples = [{ ...o.last, at: Date.now(), succeeded: n % o.pods, running: o.pods - (n % o.pods) }];
    const head = { words: `${n}`, status: '', end: undefined };
    page.postMessage({ now: Date.now(), samples, head });
  }, 1000 / o.messages);
  await new Promise<void>(resolve => {
    let last = page.performance.now();
    const frame = () => {
      const now = page.performance.now();
      intervals.push(now - last);
      last = now;
      if (now - begun < o.seconds * 1000) page.requestAnimationFrame(frame);
      else resolve();
    };
    page.requestAnimationFrame(frame);
  });
  clearInterval(timer);
  page.gc?.();
  return { intervals, heap: page.performance.memory?.usedJSHeapSize ?? Number.NaN };
}
