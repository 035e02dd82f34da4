import type { Finding } from '../findings.ts';
import type { RunLook } from '../ledger.ts';

/** How many Pods a running Job should have at once now; 0 for one that does not run. */
export function podsWanted({ job }: Pick<RunLook, 'job'>): number {
  if (job.state !== 'running') return 0;
  if (job.completions === undefined) return job.succeeded > 0 ? 0 : job.parallelism;
  return Math.max(0, Math.min(job.parallelism, job.completions - job.succeeded));
}

/** Pods that the cluster refuses to make: a quota, a missing ServiceAccount, an admission rule. */
export function shortage(looks: readonly RunLook[]): Finding[] {
  const now = looks.at(-1);
  if (!now?.shortage) return [];
  const missing = podsWanted(now) - now.job.active;
  if (missing <= 0) return [];
  return [
    {
      code: 'pods-not-created',
      // With some Pods at work the run goes on, only slower.
      severity: now.job.active > 0 ? 'worth-knowing' : 'has-gone-wrong',
      proof: { missing, active: now.job.active, cause: causeOf(now.shortage), message: now.shortage },
      remedies: [],
    },
  ];
}

// Words of Kubernetes' admission plugins: ResourceQuota, LimitRanger, PodSecurity, ServiceAccount.
function causeOf(message: string): 'quota' | 'limit-range' | 'pod-security' | 'service-account' | 'refused' {
  if (/exceeded quota|failed quota/.test(message)) return 'quota';
  if (/violates PodSecurity/.test(message)) return 'pod-security';
  if (/service ?account .*not found/i.test(message)) return 'service-account';
  if (/(minimum|maximum) .* usage per/.test(message)) return 'limit-range';
  return 'refused';
}
