import { kubectl } from './kubectl.ts';
import { REGISTRY } from './layout.ts';

/**
 * Runs a shell script to its end in a Pod of its own (Debian with amqp-tools, curl and python3) in the namespace
 * `default`, and returns what it printed. The Pod is deleted, whatever happens.
 * @param args the script's $1, $2…
 * @throws Error when the script fails or has not ended after a minute
 */
export async function runInPod(name: string, script: string, ...args: string[]): Promise<string> {
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name },
    spec: {
      restartPolicy: 'Never',
      terminationGracePeriodSeconds: 1,
      containers: [{ name, image: `${REGISTRY}/lab/worker:1`, command: ['bash', '-c', script, 'bash', ...args] }],
    },
  };
  await kubectl(['create', '--filename', '-'], { input: JSON.stringify(pod) });
  try {
    // Not attached to it: what a container prints in its first moments can get lost on the way to kubectl.
    await kubectl(['wait', `pod/${name}`, '--for=jsonpath={.status.phase}=Succeeded', '--timeout=60s'], {
      timeoutMs: 70_000,
    });
    return await kubectl(['logs', name]);
  } finally {
    await kubectl(['delete', 'pod', name, '--wait=false']);
  }
}
