import type { Finding } from '../../workload/findings.ts';

let words: typeof import('../findingText.ts') | undefined;

/** Loads the words for findings, which are many; a view does so when it is first seen. */
export async function loadFindingWords(): Promise<void> {
  words ??= await import('../findingText.ts');
}

/** @returns a finding in words; empty ones for the moment in which they are loaded */
export function findingWords(finding: Finding): { title: string; why: string } {
  return words?.findingText(finding) ?? { title: '', why: '' };
}

/** @returns what is so, a sentence for each finding */
export function findingTitles(findings: readonly Finding[]): string[] {
  return findings.map(finding => findingWords(finding).title);
}
