import type { BrokerLook, BrokerNode, BrokerPod } from '../brokerFindings.ts';
import type { Finding, Remedy } from '../findings.ts';

/** The broker's nodes: down, out of memory or disk, or to be ended by the kernel before they can say so. */
export function nodeFindings({ nodes = [], pods = [], blocked }: BrokerLook): Finding[] {
  return [...down(nodes), ...alarms(nodes, blocked), ...oomKilled(pods), ...limitBelowWatermark(nodes, pods)];
}

function down(nodes: readonly BrokerNode[]): Finding[] {
  const gone = nodes.filter(({ running }) => running === false);
  const [first] = gone;
  if (!first) return [];
  const proof = { node: first.name, down: gone.length, nodes: nodes.length };
  return [{ code: 'broker-node-down', severity: 'has-gone-wrong', proof, remedies: [] }];
}

/** @param blocked what a connection was told; the nodes' own figures come up to 5 s later */
function alarms(nodes: readonly BrokerNode[], blocked: string | undefined): Finding[] {
  const memory = nodes.find(({ memoryAlarm }) => memoryAlarm === true);
  const disk = nodes.find(({ diskAlarm }) => diskAlarm === true);
  const found: Finding[] = [];
  if (memory || blocked?.includes('memory')) {
    found.push(alarm('memory', memory?.name, { used: memory?.memoryUsed, limit: memory?.memoryLimit }));
  }
  if (disk || blocked?.includes('disk')) {
    found.push(alarm('disk', disk?.name, { free: disk?.diskFree, limit: disk?.diskLimit }));
  }
  return found;
}

function alarm(of: 'memory' | 'disk', node: string | undefined, numbers: Record<string, number | undefined>): Finding {
  const proof: Finding['proof'] = { alarm: of };
  if (node !== undefined) proof.node = node;
  for (const [name, value] of Object.entries(numbers)) if (value !== undefined) proof[name] = value;
  const remedies: Remedy[] = [{ action: of === 'memory' ? 'give-memory' : 'give-disk', numbers: {} }];
  return { code: 'broker-alarm', severity: 'has-gone-wrong', proof, remedies };
}

function oomKilled(pods: readonly BrokerPod[]): Finding[] {
  const killed = pods.find(pod => pod.oomKilled);
  if (!killed) return [];
  const proof: Finding['proof'] = { pod: killed.name, restarts: killed.restarts };
  if (killed.memoryLimit !== undefined) proof.limit = killed.memoryLimit;
  return [
    {
      code: 'broker-oom-killed',
      severity: 'has-gone-wrong',
      proof,
      remedies: [{ action: 'give-memory', numbers: {} }],
    },
  ];
}

/**
 * RabbitMQ holds publishers back at its watermark, a part of the memory that it believes to have. A container limit at
 * or below that is reached first, and then the kernel ends the broker.
 */
function limitBelowWatermark(nodes: readonly BrokerNode[], pods: readonly BrokerPod[]): Finding[] {
  for (const pod of pods) {
    const node = nodes.length === 1 && pods.length === 1 ? nodes[0] : nodes.find(({ name }) => isOn(name, pod.name));
    const { memoryLimit: limit } = pod;
    const watermark = node?.memoryLimit;
    if (limit === undefined || watermark === undefined || watermark < limit) continue;
    return [
      {
        code: 'memory-limit-below-watermark',
        severity: 'will-go-wrong',
        proof: { pod: pod.name, limit, watermark },
        // Four fifths for RabbitMQ, of which it takes 0.6 before it holds publishers back; the rest is its overhead.
        remedies: [{ action: 'tell-memory', numbers: { bytes: Math.floor(limit * 0.8) } }],
      },
    ];
  }
  return [];
}

/** A node is called `rabbit@host`, the host being the Pod's name, alone or with a domain. */
function isOn(node: string, pod: string): boolean {
  const host = node.slice(node.indexOf('@') + 1);
  return host === pod || host.startsWith(`${pod}.`);
}
