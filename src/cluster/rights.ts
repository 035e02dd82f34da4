import type { V1ResourceRule, V1SelfSubjectRulesReview } from '@kubernetes/client-node';
import type { Cluster } from './cluster.ts';

/** What the user may do in a namespace, as far as the cluster can tell. */
export interface RightsReview {
  rules: V1ResourceRule[];
  /** There may be more rights than these: not every authorizer can list what it allows. */
  incomplete: boolean;
}

/** One SelfSubjectRulesReview, which every user may make. @throws ClusterError */
export async function reviewRights(cluster: Cluster, namespace: string, signal?: AbortSignal): Promise<RightsReview> {
  const { status } = await cluster.request<V1SelfSubjectRulesReview>({
    method: 'POST',
    path: '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews',
    body: { apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectRulesReview', spec: { namespace } },
    signal,
  });
  return { rules: status?.resourceRules ?? [], incomplete: status?.incomplete ?? true };
}
