const RBAC = { apiGroup: 'rbac.authorization.k8s.io' };
const RBAC_V1 = 'rbac.authorization.k8s.io/v1';

/** The core group's resources that a viewer may read: all but Secrets and the doors into a Pod. */
const READABLE = [
  ...['pods', 'pods/log', 'pods/status', 'services', 'endpoints', 'configmaps', 'events', 'namespaces', 'nodes'],
  ...['serviceaccounts', 'persistentvolumes', 'persistentvolumeclaims', 'replicationcontrollers'],
  ...['resourcequotas', 'limitranges', 'podtemplates'],
];
/** Groups that hold nothing secret, readable as a whole. */
const READABLE_GROUPS = [
  ...['apps', 'batch', 'autoscaling', 'policy', 'networking.k8s.io', 'discovery.k8s.io', 'events.k8s.io'],
  ...['storage.k8s.io', 'scheduling.k8s.io', 'coordination.k8s.io', 'rbac.authorization.k8s.io'],
];

/** Two restricted users: `developer` may do everything in namespace `team` and nothing elsewhere; `viewer` may read everything but Secrets, and change nothing. */
export function userObjects(): object[] {
  const read = ['get', 'list', 'watch'];
  return [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'team' } },
    {
      apiVersion: RBAC_V1,
      kind: 'Role',
      metadata: { name: 'developer', namespace: 'team' },
      rules: [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }],
    },
    {
      apiVersion: RBAC_V1,
      kind: 'RoleBinding',
      metadata: { name: 'developer', namespace: 'team' },
      roleRef: { ...RBAC, kind: 'Role', name: 'developer' },
      subjects: [{ ...RBAC, kind: 'User', name: 'developer' }],
    },
    {
      apiVersion: RBAC_V1,
      kind: 'ClusterRole',
      metadata: { name: 'viewer' },
      rules: [
        { apiGroups: [''], resources: READABLE, verbs: read },
        { apiGroups: READABLE_GROUPS, resources: ['*'], verbs: read },
      ],
    },
    {
      apiVersion: RBAC_V1,
      kind: 'ClusterRoleBinding',
      metadata: { name: 'viewer' },
      roleRef: { ...RBAC, kind: 'ClusterRole', name: 'viewer' },
      subjects: [{ ...RBAC, kind: 'User', name: 'viewer' }],
    },
  ];
}
