import type { Finding, FindingCode } from '../../workload/findings.ts';
import { plainText } from '../plainText.ts';

/** A finding in words: what is so, with its numbers, in one sentence; and why it matters. */
export interface FindingText {
  title: string;
  why: string;
}

/** The words of some findings, by their codes. */
export type Words = Partial<Record<FindingCode, (proof: Proof, finding: Finding) => FindingText>>;

/** The proof's numbers and texts by name; the texts come from cluster and broker and are made plain. */
export class Proof {
  readonly #values: Finding['proof'];

  constructor(values: Finding['proof']) {
    this.#values = values;
  }

  has(name: string): boolean {
    return this.#values[name] !== undefined;
  }

  number(name: string): number {
    return Number(this.#values[name] ?? 0);
  }

  text(name: string): string {
    return plainText(String(this.#values[name] ?? ''));
  }
}

/** The sentences that there are, as one text. */
export const sentences = (...parts: string[]): string => parts.filter(part => part !== '').join(' ');
