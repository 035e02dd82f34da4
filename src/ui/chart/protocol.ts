import type { QueueSample } from '../../model/queueHistory.ts';
import type { TimelineTexts } from '../timelineTexts.ts';

/** From the extension to the page. */
export interface ToPage {
  /** Samples that are new since the message before this one. */
  samples: readonly QueueSample[];
  /** In the answer to `ready`, which begins anew: `samples` is then all there is. */
  texts?: ChartTexts;
  /** What the extension's clock says, ms since the epoch. */
  now: number;
  /** Why there are no figures, or why they are old; empty when they are fresh. */
  status: string;
  /** Why there are no rates; empty where there are. */
  noRates: string;
}

/** From the page to the extension: the page has been loaded and has nothing yet. */
export type FromPage = 'ready';

/** The page's words, in the person's language. */
export interface ChartTexts extends TimelineTexts {
  queue: string;
  broker: string;
  depth: string;
  rates: string;
  ready: string;
  unacked: string;
  publish: string;
  deliver: string;
  /** {0}: messages a second */
  perSecond: string;
}
