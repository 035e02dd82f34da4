import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { digest } from './cache.ts';
import { run } from './command.ts';
import { API_SERVER, API_SERVICE_ADDRESS, BRIDGE_ADDRESS, inLab, KUBECONFIG, NODE } from './layout.ts';

interface Certificate {
  /** The user's name (CN) and, with slashes, groups (O) as the cluster sees them. */
  subject: string;
  names?: string;
}

const CERTIFICATES: Record<string, Certificate> = {
  apiserver: {
    subject: '/CN=kube-apiserver',
    names: [
      'DNS:kubernetes,DNS:kubernetes.default,DNS:kubernetes.default.svc,DNS:kubernetes.default.svc.cluster.local',
      `IP:${API_SERVICE_ADDRESS},IP:${BRIDGE_ADDRESS}`,
    ].join(','),
  },
  kubelet: { subject: `/O=system:nodes/CN=system:node:${NODE}`, names: `DNS:${NODE},IP:${BRIDGE_ADDRESS}` },
  'kubelet-client': { subject: '/O=system:masters/CN=apiserver-kubelet-client' },
  'controller-manager': { subject: '/CN=system:kube-controller-manager' },
  scheduler: { subject: '/CN=system:kube-scheduler' },
  proxy: { subject: '/CN=system:kube-proxy' },
  admin: { subject: '/O=system:masters/CN=lab-admin' },
  developer: { subject: '/CN=developer' },
  viewer: { subject: '/CN=viewer' },
};
const DAYS = 3650;
const KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-noenc'];

/** The path of a certificate, key or CA file: `apiserver.crt`, `ca.crt`, `service-account.key`. */
export function certificate(file: string): string {
  return inLab('certificates', file);
}

/** The kubeconfig that a component of the lab itself uses. */
export function componentKubeconfig(name: 'controller-manager' | 'scheduler' | 'proxy' | 'kubelet'): string {
  return inLab('kubeconfig', `${name}.yaml`);
}

/** Makes one CA, a certificate for each component and user, the key for service accounts and all kubeconfigs, unless they are there. */
export async function ensureCertificates(): Promise<void> {
  const made = certificate('made-from');
  const wanted = digest(JSON.stringify(CERTIFICATES), API_SERVER);
  if (existsSync(made) && readFileSync(made, 'utf8') === wanted) return;
  rmSync(inLab('certificates'), { recursive: true, force: true });
  mkdirSync(inLab('certificates'), { recursive: true, mode: 0o700 });
  await run([
    'openssl',
    'req',
    '-x509',
    ...KEY,
    '-keyout',
    certificate('ca.key'),
    '-out',
    certificate('ca.crt'),
    '-days',
    `${DAYS}`,
    '-subj',
    '/CN=lab-ca',
  ]);
  await Promise.all(Object.entries(CERTIFICATES).map(([name, spec]) => makeCertificate(name, spec)));
  await run([
    'openssl',
    'ecparam',
    '-name',
    'prime256v1',
    '-genkey',
    '-noout',
    '-out',
    certificate('service-account.key'),
  ]);
  await run([
    'openssl',
    'ec',
    '-in',
    certificate('service-account.key'),
    '-pubout',
    '-out',
    certificate('service-account.pub'),
  ]);
  writeKubeconfigs();
  writeFileSync(made, wanted);
}

async function makeCertificate(name: string, spec: Certificate): Promise<void> {
  const file = (ending: string) => certificate(`${name}.${ending}`);
  const extensions = ['keyUsage=digitalSignature,keyEncipherment', 'extendedKeyUsage=serverAuth,clientAuth'];
  if (spec.names !== undefined) extensions.push(`subjectAltName=${spec.names}`);
  writeFileSync(file('ext'), extensions.join('\n'));
  await run(['openssl', 'req', ...KEY, '-keyout', file('key'), '-out', file('csr'), '-subj', spec.subject]);
  // A serial number of its own each: made at the same time, they cannot share a counter.
  await run([
    'openssl',
    'x509',
    '-req',
    '-in',
    file('csr'),
    '-CA',
    certificate('ca.crt'),
    '-CAkey',
    certificate('ca.key'),
    '-set_serial',
    `0x${digest(name)}`,
    '-days',
    `${DAYS}`,
    '-out',
    file('crt'),
    '-extfile',
    file('ext'),
  ]);
}

function writeKubeconfigs(): void {
  for (const name of ['controller-manager', 'scheduler', 'proxy', 'kubelet'] as const) {
    writeKubeconfig(componentKubeconfig(name), name, 'default');
  }
  writeKubeconfig(KUBECONFIG.admin(), 'admin', 'default');
  writeKubeconfig(KUBECONFIG.developer(), 'developer', 'team');
  writeKubeconfig(KUBECONFIG.viewer(), 'viewer', 'default');
}

function writeKubeconfig(file: string, user: string, namespace: string): void {
  const base64 = (name: string) => readFileSync(certificate(name)).toString('base64');
  const context = user === 'admin' ? 'lab' : `lab-${user}`;
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': context,
    clusters: [{ name: 'lab', cluster: { server: API_SERVER, 'certificate-authority-data': base64('ca.crt') } }],
    users: [
      {
        name: user,
        user: { 'client-certificate-data': base64(`${user}.crt`), 'client-key-data': base64(`${user}.key`) },
      },
    ],
    contexts: [{ name: context, context: { cluster: 'lab', user, namespace } }],
  };
  mkdirSync(path.dirname(file), { recursive: true });
  // JSON is YAML.
  writeFileSync(file, `${JSON.stringify(config, null, 2)}\n`, { mode: 0o600 });
}
