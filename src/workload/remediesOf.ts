import type { Finding, Remedy } from './findings.ts';

const MINUTE = 60_000;

/**
 * All that can be done about a finding of a run: what the rule that found it says, and what can be done with the Job and
 * its messages as they stand. The first is the one that loses least.
 */
export function remediesOf({ code, cause, proof, remedies }: Finding): Remedy[] {
  const number = (name: string) => Number(proof[name] ?? 0);
  switch (code) {
    case 'waiting-on-empty-queue': {
      const stop: Remedy = {
        action: 'stop-job',
        numbers: { succeeded: number('succeeded'), active: number('active') },
      };
      // Which items they are is known only where no other Pod can have been the one.
      const isKnown = cause === 'acked-without-success' && proof.pod !== undefined;
      const back: Remedy[] = isKnown ? [{ action: 'add-missing', numbers: { items: number('pods') } }] : [];
      return [stop, ...back, ...remedies];
    }
    case 'pods-not-consuming':
      return [{ action: 'replace-job', numbers: { completions: number('ready') } }, ...remedies];
    case 'failed-item-counted-as-done':
      return [...remedies, { action: 'set-aside', numbers: { items: number('items') } }];
    case 'backoff-exhausted':
      return [...remedies, { action: 'set-aside', numbers: {} }];
    case 'ack-timeout-risk': {
      const milliseconds = 2 * Math.max(number('timeoutMs'), number('tookMs'));
      const raised = Math.ceil(milliseconds / MINUTE) * MINUTE;
      return [...remedies, { action: 'raise-ack-timeout', numbers: { milliseconds: raised } }];
    }
    default:
      return remedies;
  }
}
