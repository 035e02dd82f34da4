import { RUN_FIGURES, RUN_SAMPLES_AT_MOST, type RunSample } from '../../model/runSamples.ts';
import type { FindingCode, RemedyAction } from '../../workload/findings.ts';
import type { FromPage, Kept } from './protocol.ts';

/** The longest picture (base64 characters) that is taken. */
const PNG_AT_MOST = 50_000_000;

/** @returns the page's message; undefined for anything that is none: a page is not trusted more than what it shows */
export function readMessage(message: unknown): FromPage | undefined {
  if (!isRecord(message)) return undefined;
  switch (message.kind) {
    case 'ready':
      return { kind: 'ready' };
    case 'remedy':
      // They are looked up among the run's findings, and nothing is done that is not there.
      return typeof message.code === 'string' && typeof message.action === 'string'
        ? { kind: 'remedy', code: message.code as FindingCode, action: message.action as RemedyAction }
        : undefined;
    case 'picture':
      return typeof message.png === 'string' && message.png.length <= PNG_AT_MOST && isBase64(message.png)
        ? { kind: 'picture', png: message.png }
        : undefined;
    case 'page':
      return isRecord(message.theme) && typeof message.body === 'string'
        ? { kind: 'page', theme: themeOf(message.theme), body: /^[\w -]*$/.test(message.body) ? message.body : '' }
        : undefined;
    default:
      return undefined;
  }
}

/** @returns what a page left with the editor; undefined where it is not what a page leaves */
export function readKept(state: unknown): Kept | undefined {
  if (!isRecord(state) || !isRecord(state.subject)) return undefined;
  const { uid, name, namespace } = state.subject;
  if (typeof uid !== 'string' || typeof name !== 'string' || typeof namespace !== 'string') return undefined;
  const list: unknown[] = Array.isArray(state.samples) ? state.samples : [];
  const samples = list.slice(-RUN_SAMPLES_AT_MOST).flatMap(sample => readSample(sample) ?? []);
  return { subject: { uid, name, namespace }, samples: samples.sort((a, b) => a.at - b.at) };
}

function readSample(sample: unknown): RunSample | undefined {
  if (!isRecord(sample) || !isFigure(sample.at)) return undefined;
  const figure = (name: (typeof RUN_FIGURES)[number]) => (isFigure(sample[name]) ? sample[name] : undefined);
  const [ready, unacked, owed, waiting, running, succeeded, failed] = RUN_FIGURES.map(figure);
  return { at: sample.at, ready, unacked, owed, waiting, running, succeeded, failed };
}

/** Only what can be nothing but a colour, a font or a length gets into a style sheet. */
function themeOf(theme: Record<string, unknown>): Record<string, string> {
  const safe = Object.entries(theme).flatMap(([name, value]) =>
    /^--vscode-[\w-]+$/.test(name) && typeof value === 'string' && /^[\w\s#%.,()'"-]{1,300}$/.test(value)
      ? [[name, value] as const]
      : [],
  );
  return Object.fromEntries(safe);
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
const isFigure = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value) && value >= 0;
const isBase64 = (text: string) => /^[A-Za-z0-9+/]+={0,2}$/.test(text);
