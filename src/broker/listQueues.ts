import { BrokerError } from './error.ts';
import { count, isRecord } from './fields.ts';
import { type Management, type ManagementOptions, withManagement } from './management.ts';

/** One queue as the management API shows it; undefined: it does not say, which is never 0. */
export interface QueueFigures {
  name: string;
  /** `classic`, `quorum`, `stream` or what a plugin adds. */
  type: string;
  durable: boolean;
  ready: number | undefined;
  unacked: number | undefined;
  consumers: number | undefined;
}

/** All that is asked of a queue; without these the API computes rates of everything, which takes seconds. */
const CHEAP =
  'disable_stats=true&enable_queue_totals=true&columns=name,type,durable,exclusive,messages_ready,messages_unacknowledged,consumers';
/** The most that a page holds. */
const PAGE_SIZE = 500;
/** How the names begin that the broker itself gives (https://www.rabbitmq.com/docs/queues#server-named-queues). */
const SERVER_NAMED = 'amq.gen-';

/**
 * The queues of the address's vhost, by name; without those of one connection that the broker has named for it, as our
 * own publications mark theirs: nobody else can look into them, and they go with it. Rejects as `withManagement` does, and with 'no-vhost'.
 *
 * In one answer, not in pages: for each page RabbitMQ gathers the figures of all queues anew, so that pages of 500 of
 * 10,000 queues cost it twenty times as much.
 * @param options `name`: only queues whose name has this in it, in whichever case
 */
export function listQueues(options: ManagementOptions & { name?: string }): Promise<QueueFigures[]> {
  const { name = '' } = options;
  return withManagement(options, async api => {
    const queues = (name === '' ? undefined : await listFew(api, name)) ?? (await listAll(api, name));
    return queues.sort((a, b) => (a.name < b.name ? -1 : 1));
  });
}

/** The queues of a name, chosen by the broker; undefined when there are more than it puts into one answer. */
async function listFew(api: Management, name: string): Promise<QueueFigures[] | undefined> {
  const page = new URLSearchParams({ page: '1', page_size: String(PAGE_SIZE), name, use_regex: 'false' });
  const answer = await api.get(`queues/${api.vhost}?${CHEAP}&${page}`);
  if (answer === undefined) throw noVhost();
  if (!isRecord(answer) || !Array.isArray(answer.items)) throw new BrokerError('management-off', 'another API answers');
  return Number(answer.page_count) > 1 ? undefined : figuresOf(answer.items);
}

async function listAll(api: Management, name: string): Promise<QueueFigures[]> {
  const queues: QueueFigures[] = [];
  const wanted = name.toLowerCase();
  const listed = await api.list(`queues/${api.vhost}?${CHEAP}`, items => {
    for (const queue of figuresOf(items)) {
      if (queue.name.toLowerCase().includes(wanted)) queues.push(queue);
    }
  });
  if (!listed) throw noVhost();
  return queues;
}

function figuresOf(items: unknown[]): QueueFigures[] {
  return items.filter(isRecord).filter(isForOthers).map(toFigures);
}

const isForOthers = ({ exclusive, name }: Record<string, unknown>) =>
  exclusive !== true || !String(name).startsWith(SERVER_NAMED);

function toFigures(item: Record<string, unknown>): QueueFigures {
  return {
    name: String(item.name),
    type: typeof item.type === 'string' ? item.type : 'classic',
    durable: item.durable === true,
    ready: count(item.messages_ready),
    unacked: count(item.messages_unacknowledged),
    consumers: count(item.consumers),
  };
}

function noVhost(): BrokerError {
  return new BrokerError('no-vhost', 'Not Found');
}
