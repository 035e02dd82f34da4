import type { V1Pod } from '@kubernetes/client-node';
import type { PodLook } from '../workload/ledger.ts';

/** A Pod in the words of this product. Times in ms since 1970. */
export interface PodRow extends PodLook {
  uid: string;
  jobUid: string | undefined;
  containers: string[];
  created: number;
  started: number | undefined;
  finished: number | undefined;
  ip: string | undefined;
  node: string | undefined;
  message: string | undefined;
}

/** Reads a Pod as the API server sends it (dates as text). */
export function toPodRow(_pod: V1Pod): PodRow {
  throw new Error('not written yet');
}
