import { mkdirSync } from 'node:fs';
import { binary } from './binaries.ts';
import { certificate, componentKubeconfig } from './certificates.ts';
import { assertAlive, ensureDaemon } from './daemon.ts';
import { kubectl } from './kubectl.ts';
import { BRIDGE_ADDRESS, CONTAINERD_SOCKET, DNS_ADDRESS, inLab, NODE, POD_NETWORK } from './layout.ts';
import { until } from './until.ts';

/** Starts kubelet and kube-proxy and waits until this start's kubelet has told that the node is ready. */
export async function ensureNode(): Promise<void> {
  const since = new Date();
  // Not configurable: kubelet listens there for device plugins.
  mkdirSync('/var/lib/kubelet', { recursive: true });
  const proxyConfig = inLab('etc', 'kube-proxy.json');
  await ensureDaemon({
    name: 'kube-proxy',
    argv: [binary('kube-proxy'), '--config', proxyConfig],
    // kube-proxy ends when this file is written anew while it runs, which ensureDaemon does not do.
    files: { [proxyConfig]: JSON.stringify(kubeProxyConfiguration()) },
    reads: [componentKubeconfig('proxy')],
  });
  const kubeletConfig = inLab('etc', 'kubelet.json');
  const resolv = inLab('etc', 'resolv.conf');
  const started = await ensureDaemon({
    name: 'kubelet',
    argv: [
      binary('kubelet'),
      `--config=${kubeletConfig}`,
      `--kubeconfig=${componentKubeconfig('kubelet')}`,
      `--root-dir=${inLab('kubelet')}`,
      `--hostname-override=${NODE}`,
      `--node-ip=${BRIDGE_ADDRESS}`,
    ],
    files: {
      [kubeletConfig]: JSON.stringify(kubeletConfiguration(resolv)),
      // Pods with the node's DNS settings (CoreDNS) ask no name server outside either.
      [resolv]: `nameserver ${DNS_ADDRESS}\n`,
    },
    reads: [certificate('kubelet.crt'), certificate('ca.crt'), componentKubeconfig('kubelet')],
  });
  await until('the node is ready', () => nodeReady(started ? since : new Date(0)), {
    timeoutMs: 90_000,
    intervalMs: 200,
    orThrow: () => assertAlive('kubelet'),
  });
}

/** A node of an earlier run is still Ready in the cluster's memory: only a heartbeat since then counts. */
async function nodeReady(since: Date): Promise<boolean> {
  const node = JSON.parse(await kubectl(['get', 'node', NODE, '-o', 'json'])) as {
    status?: { conditions?: { type: string; status: string; lastHeartbeatTime: string }[] };
  };
  const ready = node.status?.conditions?.find(({ type }) => type === 'Ready');
  // The API's times have whole seconds.
  return ready?.status === 'True' && Date.parse(ready.lastHeartbeatTime) >= Math.floor(since.getTime() / 1000) * 1000;
}

function kubeletConfiguration(resolvConf: string): object {
  return {
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    kind: 'KubeletConfiguration',
    address: BRIDGE_ADDRESS,
    healthzBindAddress: '127.0.0.1',
    failCgroupV1: false,
    // Debian 12's containerd cannot tell which driver it uses.
    cgroupDriver: 'cgroupfs',
    containerRuntimeEndpoint: `unix://${CONTAINERD_SOCKET}`,
    tlsCertFile: certificate('kubelet.crt'),
    tlsPrivateKeyFile: certificate('kubelet.key'),
    authentication: {
      anonymous: { enabled: false },
      webhook: { enabled: true },
      x509: { clientCAFile: certificate('ca.crt') },
    },
    authorization: { mode: 'Webhook' },
    clusterDNS: [DNS_ADDRESS],
    clusterDomain: 'cluster.local',
    resolvConf,
    failSwapOn: false,
    // Root without CAP_SYS_RESOURCE may not lower it.
    oomScoreAdj: 0,
    maxPods: 200,
    podLogsDir: inLab('pod-logs'),
    serializeImagePulls: false,
    // A full disk of the developer's is not the lab's to clean up or to evict Pods for.
    imageGCHighThresholdPercent: 100,
    imageGCLowThresholdPercent: 99,
    evictionHard: {
      'memory.available': '200Mi',
      'nodefs.available': '1%',
      'imagefs.available': '1%',
      'nodefs.inodesFree': '1%',
    },
    shutdownGracePeriod: '0s',
    nodeStatusReportFrequency: '1m',
  };
}

function kubeProxyConfiguration(): object {
  return {
    apiVersion: 'kubeproxy.config.k8s.io/v1alpha1',
    kind: 'KubeProxyConfiguration',
    mode: 'iptables',
    clientConnection: { kubeconfig: componentKubeconfig('proxy') },
    clusterCIDR: POD_NETWORK,
    hostnameOverride: NODE,
    healthzBindAddress: '127.0.0.1:10256',
    metricsBindAddress: '127.0.0.1:10249',
    // Services of type NodePort answer on the bridge only.
    nodePortAddresses: [`${BRIDGE_ADDRESS}/32`],
    iptables: { localhostNodePorts: false },
    oomScoreAdj: 0,
    // 0: leave the machine's settings as they are.
    conntrack: { maxPerCore: 0, min: 0, tcpEstablishedTimeout: '0s', tcpCloseWaitTimeout: '0s' },
  };
}
