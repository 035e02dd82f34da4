import { randomBytes } from 'node:crypto';
import { after } from 'node:test';
import { connect } from '../../../src/broker/index.ts';
import { type BrokerAddress, parseBrokerUrl } from '../../../src/workload/brokerUrl.ts';
import { kubectl } from '../../lab/kubectl.ts';
import { labUp } from '../../lab/up.ts';

export const { broker: lab } = await labUp();

/** The lab's broker, as its administrator. */
export const address = toAddress(lab.url);
export const managementPort = Number(new URL(lab.management).port);
/** What every connection of these tests says of itself. */
export const purpose = `integration test ${process.pid}`;

/** A queue name that no other test has; the queue is deleted when the file is done. */
export function newQueueName(prefix = 'test'): string {
  const name = `${prefix}-${randomBytes(6).toString('hex')}`;
  used.push(name);
  return name;
}

const used: string[] = [];
after(async () => {
  const broker = await connect({ address, purpose });
  await Promise.all(used.map(name => broker.remove(name)));
  await broker.close();
});

/** Calls the broker's management API; returns undefined when the answer is empty. */
export async function manage<T>(
  method: 'GET' | 'PUT' | 'DELETE' | 'POST',
  path: string,
  body?: object,
  headers: Record<string, string> = {},
): Promise<T> {
  const authorization = `Basic ${Buffer.from(`${address.user}:${address.password}`).toString('base64')}`;
  const response = await fetch(`${lab.management}/api/${path}`, {
    method,
    headers: { authorization, 'content-type': 'application/json', ...headers },
    body: body && JSON.stringify(body),
    signal: AbortSignal.timeout(10_000),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return (text === '' ? undefined : JSON.parse(text)) as T;
}

/** Evaluates an Erlang expression in the broker. */
export async function evaluate(expression: string): Promise<string> {
  return await kubectl(['--namespace', lab.namespace, 'exec', lab.pod, '--', 'rabbitmqctl', 'eval', expression]);
}

/**
 * A user with the rights given (regular expressions of queue names) in a vhost, until the file is done.
 * @param o.tags what he may do in the management API, as `management`
 */
export async function newUser(
  password: string,
  rights: { configure: string; write: string; read: string },
  vhost = '/',
  { tags = '', prefix = 'test' } = {},
): Promise<BrokerAddress> {
  const user = `${prefix}-${randomBytes(6).toString('hex')}`;
  const path = encodeURIComponent(user);
  await manage('PUT', `users/${path}`, { password, tags });
  after(() => manage('DELETE', `users/${path}`));
  await manage('PUT', `permissions/${encodeURIComponent(vhost)}/${path}`, rights);
  return { ...address, user, password, vhost };
}

/** A vhost that is there until the file is done. */
export async function newVhost(name: string, o: { default_queue_type?: string } = {}): Promise<void> {
  await manage('PUT', `vhosts/${encodeURIComponent(name)}`, o);
  after(() => manage('DELETE', `vhosts/${encodeURIComponent(name)}`));
}

function toAddress(url: string): BrokerAddress {
  const parsed = parseBrokerUrl(url);
  if ('problem' in parsed) throw new Error(`the lab's broker has the URL ${url}: ${parsed.problem}`);
  return parsed.address;
}
