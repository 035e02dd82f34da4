import { strictScript } from '../../src/workload/strictWorker.ts';
import { WORKER_IMAGE } from '../integration/cluster/namespace.ts';

/** What a scenario says of its Job; the rest is a Job that nothing is to be said of. */
export interface JobGiven {
  completions?: number;
  parallelism?: number;
  /** What is done with an item, on standard input, in a shell. */
  work?: string;
  /**
   * strict: the command line that the quick fix writes. documented: that of the Kubernetes documentation.
   * many: takes items until the queue is empty.
   */
  worker?: 'strict' | 'documented' | 'many';
  /** In a shell, after the worker's command has ended well. */
  afterwards?: string;
  image?: string;
  /** More of the Job's spec, of its Pods' and of their container. */
  spec?: object;
  pod?: object;
  container?: object;
  /** Seconds that a Pod gets to end in. */
  grace?: number;
}

/** Work on an item that takes so long. */
export const seconds = (count: number) => `cat >/dev/null; sleep ${count}`;

/** The Secret in which each namespace has its broker's URL. */
export const BROKER_SECRET = { name: 'rabbitmq-broker', key: 'url' };

const DOCUMENTED = 'amqp-consume --url=$BROKER_URL -q $QUEUE -c 1 /worker.py';

const COMMANDS = {
  strict: strictScript(DOCUMENTED),
  documented: DOCUMENTED,
  many: 'while amqp-get --url="$BROKER_URL" -q "$QUEUE" >/tmp/item; do /worker.py </tmp/item || exit 1; done',
};

/** A Job that takes a queue's messages, as a manifest. */
export function jobManifest(name: string, queue: string, given: JobGiven): Record<string, unknown> {
  const { completions, parallelism, worker = 'strict', work = 'cat', afterwards, grace = 0 } = given;
  const command = [PUT_WORKER, COMMANDS[worker], ...(afterwards ? [afterwards] : [])].join(' && ');
  const container = {
    name: 'c',
    image: given.image ?? WORKER_IMAGE,
    command: ['/bin/sh', '-c', command],
    env: [
      { name: 'QUEUE', value: queue },
      {
        name: 'BROKER_URL',
        valueFrom: { secretKeyRef: { name: BROKER_SECRET.name, key: BROKER_SECRET.key } },
      },
      { name: 'WORK', value: `#!/bin/sh\n${work}\n` },
    ],
    ...given.container,
  };
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name },
    spec: {
      ...(completions !== undefined && { completions }),
      ...(parallelism !== undefined && { parallelism }),
      backoffLimit: 20,
      ttlSecondsAfterFinished: 3600,
      ...given.spec,
      template: {
        spec: {
          restartPolicy: 'Never',
          terminationGracePeriodSeconds: grace,
          containers: [container],
          ...given.pod,
        },
      },
    },
  };
}

const PUT_WORKER = `printf '%s' "$WORK" >/worker.py && chmod 755 /worker.py`;
