import * as vscode from 'vscode';

/** The words of every chart over time, in the person's language. */
export interface TimelineTexts {
  /** BCP 47, for numbers and times. */
  language: string;
  unknown: string;
  now: string;
  lastSeen: string;
  /** What the chart shows, for those who hear it. */
  moment: string;
  table: string;
  time: string;
}

/**
 * @param moment what the chart shows
 */
export function timelineTexts(moment: string): TimelineTexts {
  return {
    language: vscode.env.language,
    unknown: vscode.l10n.t('unknown'),
    now: vscode.l10n.t('Now'),
    lastSeen: vscode.l10n.t('As last seen'),
    moment,
    table: vscode.l10n.t('Figures as a table'),
    time: vscode.l10n.t('Time'),
  };
}
