import { Resolver } from 'node:dns/promises';
import { DNS_ADDRESS, REGISTRY } from './layout.ts';

const COREFILE = `cluster.local:53 in-addr.arpa:53 ip6.arpa:53 {
    errors
    health {
       lameduck 1s
    }
    ready
    kubernetes cluster.local in-addr.arpa ip6.arpa {
       pods insecure
       ttl 5
    }
    cache 5
    loadbalance
}
# Names outside the cluster do not exist: no question leaves the machine. In a block of its own, because the order
# of CoreDNS's plugins is fixed when it is built and the template comes before kubernetes.
.:53 {
    errors
    template ANY ANY {
       rcode NXDOMAIN
    }
}
`;
const NAMESPACE = 'kube-system';
const NAME = 'coredns';
const LABELS = { 'k8s-app': 'kube-dns' };

/** Whether names of the cluster resolve, asked through the Service as a Pod would. */
export async function dnsAnswers(): Promise<boolean> {
  const resolver = new Resolver({ timeout: 1000, tries: 1 });
  resolver.setServers([DNS_ADDRESS]);
  return (await resolver.resolve4('kubernetes.default.svc.cluster.local')).length > 0;
}

/** CoreDNS as a Deployment with the Service that kubelet gives to Pods as their name server. */
export function dnsObjects(): object[] {
  const metadata = { name: NAME, namespace: NAMESPACE };
  const role = { apiVersion: 'rbac.authorization.k8s.io/v1', metadata: { name: 'system:coredns' } };
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata },
    {
      ...role,
      kind: 'ClusterRole',
      rules: [
        { apiGroups: [''], resources: ['endpoints', 'services', 'pods', 'namespaces'], verbs: ['list', 'watch'] },
        { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: ['list', 'watch'] },
      ],
    },
    {
      ...role,
      kind: 'ClusterRoleBinding',
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'system:coredns' },
      subjects: [{ kind: 'ServiceAccount', name: NAME, namespace: NAMESPACE }],
    },
    { apiVersion: 'v1', kind: 'ConfigMap', metadata, data: { Corefile: COREFILE } },
    { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { ...metadata, labels: LABELS }, spec: deployment() },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'kube-dns', namespace: NAMESPACE, labels: LABELS },
      spec: {
        clusterIP: DNS_ADDRESS,
        selector: LABELS,
        ports: [
          { name: 'dns', port: 53, protocol: 'UDP' },
          { name: 'dns-tcp', port: 53, protocol: 'TCP' },
        ],
      },
    },
  ];
}

function deployment(): object {
  const container = {
    name: NAME,
    image: `${REGISTRY}/lab/coredns:1`,
    args: ['-conf', '/etc/coredns/Corefile'],
    ports: [
      { name: 'dns', containerPort: 53, protocol: 'UDP' },
      { name: 'dns-tcp', containerPort: 53, protocol: 'TCP' },
    ],
    readinessProbe: { httpGet: { path: '/ready', port: 8181 }, periodSeconds: 1 },
    livenessProbe: { httpGet: { path: '/health', port: 8080 }, initialDelaySeconds: 30, failureThreshold: 5 },
    resources: { requests: { cpu: '50m', memory: '32Mi' } },
    volumeMounts: [{ name: 'config', mountPath: '/etc/coredns', readOnly: true }],
  };
  return {
    replicas: 1,
    selector: { matchLabels: LABELS },
    template: {
      metadata: { labels: LABELS },
      spec: {
        serviceAccountName: NAME,
        priorityClassName: 'system-cluster-critical',
        dnsPolicy: 'Default',
        terminationGracePeriodSeconds: 2,
        containers: [container],
        volumes: [{ name: 'config', configMap: { name: NAME } }],
      },
    },
  };
}
