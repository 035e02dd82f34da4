import { loginFindings } from './findings/brokerLogin.ts';
import { nodeFindings } from './findings/brokerNode.ts';
import { storageFindings } from './findings/brokerStorage.ts';
import { versionFindings } from './findings/brokerVersion.ts';
import { type Finding, gravestFirst } from './findings.ts';

/** One node of the broker as the management API shows it; undefined: not known. Bytes. */
export interface BrokerNode {
  name: string;
  memoryUsed: number | undefined;
  /** The watermark at which publishers are held back. */
  memoryLimit: number | undefined;
  memoryAlarm: boolean | undefined;
  diskFree: number | undefined;
  diskLimit: number | undefined;
  diskAlarm: boolean | undefined;
  running: boolean | undefined;
}

/** A Pod that runs a node of the broker. */
export interface BrokerPod {
  name: string;
  /** The container's memory limit in bytes. */
  memoryLimit: number | undefined;
  /** What RabbitMQ's data is on; `container`: no volume at all, so that even a restart of the container loses it. */
  data: 'emptyDir' | 'container' | 'kept' | undefined;
  /** How often the broker's container was restarted, and whether the last time was for want of memory. */
  restarts: number;
  oomKilled: boolean;
}

/** What came of the same login from a Pod, beside one from the editor that worked. */
export type FromPods =
  | { kind: 'works' }
  | { kind: 'refused' }
  | { kind: 'unreachable'; name: 'resolves' | 'loopback' | 'unknown'; variable?: string; address?: string };

/** What is known of a broker. What is not given is not judged. */
export interface BrokerLook {
  version?: string | undefined;
  nodes?: readonly BrokerNode[] | undefined;
  /** Why the broker took no message from the editor just now, in its words: `low on memory`. Newer than `nodes`. */
  blocked?: string | undefined;
  pods?: readonly BrokerPod[] | undefined;
  login?: { user: string | undefined; password: string | undefined; host: string } | undefined;
  /** Whether the editor, for which everything worked, came through a port-forward. */
  tunnel?: boolean | undefined;
  fromPods?: FromPods | undefined;
}

/** What is wrong with a broker, will be, or is good to know before messages are trusted to it; the gravest first. */
export function brokerFindings(look: BrokerLook): Finding[] {
  return gravestFirst([
    ...loginFindings(look),
    ...nodeFindings(look),
    ...storageFindings(look),
    ...versionFindings(look),
  ]);
}
