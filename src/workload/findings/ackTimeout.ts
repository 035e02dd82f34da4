import type { Finding } from '../findings.ts';
import type { RunLook } from '../ledger.ts';

/**
 * Work that takes longer than the broker waits for an ack: the channel is closed, the ack is lost, amqp-consume exits 1
 * and the item is done again by another Pod (https://www.rabbitmq.com/docs/consumers#acknowledgement-timeout).
 * It has gone wrong for a Pod that failed after so long; it may go wrong for one that has taken half of that already.
 */
export function ackTimeout(looks: readonly RunLook[]): Finding[] {
  const now = looks.at(-1);
  const timeout = now?.witness?.ackTimeoutMs;
  if (!now || timeout === undefined) return [];
  const late = now.pods.find(
    ({ phase, exitCode, started = 0, finished = 0 }) =>
      phase === 'failed' && exitCode === 1 && finished - started >= timeout,
  );
  if (late) return [finding('has-gone-wrong', timeout, late.name, (late.finished ?? 0) - (late.started ?? 0))];
  const { longest } = now;
  if (now.job.state !== 'running' || !longest || longest.ms * 2 < timeout) return [];
  return [finding('will-go-wrong', timeout, longest.pod, longest.ms)];
}

function finding(severity: Finding['severity'], timeoutMs: number, pod: string, tookMs: number): Finding {
  return { code: 'ack-timeout-risk', severity, proof: { timeoutMs, tookMs, pod }, remedies: [] };
}
