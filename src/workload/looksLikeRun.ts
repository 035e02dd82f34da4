/** A cheap test, without parsing: is the text worth a call of readManifest? */
export function looksLikeRun(text: string): boolean {
  return /["']?kind["']?\s*:\s*["']?Job\b/.test(text) && /\b(?:QUEUE|BROKER_URL)\b/.test(text);
}
