import { BrokerError } from './error.ts';
import { count, fieldsOf, isRecord, textOf } from './fields.ts';
import { type ManagementOptions, withManagement } from './management.ts';

/** A node of the broker; undefined: it does not say, as one that is down. Sizes are in bytes. */
export interface BrokerNode {
  name: string;
  running: boolean;
  memoryUsed: number | undefined;
  /** The watermark at which publishers are made to wait. */
  memoryLimit: number | undefined;
  memoryAlarm: boolean;
  diskFree: number | undefined;
  /** With less than that, publishers are made to wait. */
  diskLimit: number | undefined;
  diskAlarm: boolean;
}

export interface BrokerHealth {
  /** As `4.1.4`. */
  version: string;
  erlang: string | undefined;
  nodes: BrokerNode[];
  /** What some node is short of; either stops publishers on all nodes. */
  alarms: ('memory' | 'disk')[];
}

const NODE = 'name,running,mem_used,mem_limit,mem_alarm,disk_free,disk_free_limit,disk_free_alarm';

/** How the broker's nodes stand. Rejects as `withManagement` does: 'no-permission' without the tag "monitoring". */
export function brokerHealth(options: ManagementOptions): Promise<BrokerHealth> {
  return withManagement(options, async api => {
    const [overview, answer] = await Promise.all([
      api.get('overview?columns=rabbitmq_version,erlang_version'),
      api.get(`nodes?columns=${NODE}`),
    ]);
    const { rabbitmq_version, erlang_version } = fieldsOf(overview);
    const version = textOf(rabbitmq_version);
    if (version === undefined || !Array.isArray(answer)) throw new BrokerError('management-off', 'another API answers');
    const nodes = answer.filter(isRecord).map(toNode);
    const alarms: BrokerHealth['alarms'] = [];
    if (nodes.some(node => node.memoryAlarm)) alarms.push('memory');
    if (nodes.some(node => node.diskAlarm)) alarms.push('disk');
    return { version, erlang: textOf(erlang_version), nodes, alarms };
  });
}

function toNode(node: Record<string, unknown>): BrokerNode {
  return {
    name: String(node.name),
    running: node.running === true,
    memoryUsed: count(node.mem_used),
    memoryLimit: count(node.mem_limit),
    memoryAlarm: node.mem_alarm === true,
    // Where the file system does not tell, the broker has a word in the figure's place.
    diskFree: count(node.disk_free),
    diskLimit: count(node.disk_free_limit),
    diskAlarm: node.disk_free_alarm === true,
  };
}
