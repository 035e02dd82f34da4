import type { RunSample } from '../../model/runSamples.ts';
import type { FindingCode, RemedyAction, Severity } from '../../workload/findings.ts';
import type { TimelineTexts } from '../timelineTexts.ts';

/** From the extension to the page: what has changed since the message before this one. */
export interface ToPage {
  /** In the answer to `ready`, which begins anew: everything there is comes with it. */
  texts?: DashboardTexts;
  /** Which run this is; the page keeps it, so that it comes back when the window is opened again. */
  subject?: Subject;
  /** What the extension's clock says, ms since the epoch. */
  now: number;
  /** Samples that are new. */
  samples?: readonly RunSample[];
  head?: Head;
  findings?: readonly FindingCard[];
  startUp?: StartUpCard;
  events?: EventsCard;
}

export interface Subject {
  uid: string;
  name: string;
  namespace: string;
}

export interface Head {
  /** How far the run is, since when, its pace, and when it will be done. */
  words: string;
  /** Why the figures are old, or that the Job is gone; empty when they are fresh. */
  status: string;
  /** When the run ended, ms since the epoch. */
  end: number | undefined;
}

export interface FindingCard {
  code: FindingCode;
  severity: Severity;
  severityWord: string;
  title: string;
  why: string;
  remedies: { label: string /** undefined: it is to be done by hand. */; action: RemedyAction | undefined }[];
}

export interface StartUpCard {
  /** Parts of a Pod's time, in ms and in words. */
  bars: { key: 'start-up' | 'work'; name: string; length: number; words: string }[];
  /** What follows from them. */
  sentences: string[];
}

export interface EventsCard {
  rows: { time: string; object: string; reason: string; message: string; warning: boolean }[];
  /** Why there are none. */
  note: string;
}

/** From the page to the extension. */
export type FromPage =
  | { kind: 'ready' }
  | { kind: 'remedy'; code: FindingCode; action: RemedyAction }
  /** png: base64 */
  | { kind: 'picture'; png: string }
  /** theme: the values of the editor's colours and fonts by name; body: its classes. */
  | { kind: 'page'; theme: Record<string, string>; body: string };

/** What the page leaves with the editor, which gives it back when the window is opened again. */
export interface Kept {
  subject: Subject;
  samples: readonly RunSample[];
}

/** The page's words, in the person's language. */
export interface DashboardTexts extends TimelineTexts {
  title: string;
  place: string;
  queue: string;
  pods: string;
  ready: string;
  unacked: string;
  owed: string;
  waiting: string;
  running: string;
  succeeded: string;
  failed: string;
  findings: string;
  noFindings: string;
  startUp: string;
  events: string;
  object: string;
  reason: string;
  message: string;
  savePicture: string;
  savePage: string;
}
