import type { Finding } from '../workload/findings.ts';
import { BEFORE_RUN } from './findingText/beforeRun.ts';
import { OF_BROKER } from './findingText/broker.ts';
import { type FindingText, Proof, type Words } from './findingText/proof.ts';
import { OF_RUN } from './findingText/run.ts';

const WORDS: Required<Words> = { ...BEFORE_RUN, ...OF_RUN, ...OF_BROKER };

/** @returns the words for a finding, the same in every place */
export function findingText(finding: Finding): FindingText {
  return WORDS[finding.code](new Proof(finding.proof), finding);
}
