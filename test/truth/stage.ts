import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import type { TestContext } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { connect as amqpConnect, type ChannelModel, type ConfirmChannel } from 'amqplib';
import { ANNOTATION, type Cluster, createJob } from '../../src/cluster/index.ts';
import type { Model } from '../../src/model/model.ts';
import type { Run } from '../../src/model/runs.ts';
import { type Finding, findings } from '../../src/workload/findings.ts';
import { readManifest } from '../../src/workload/manifest.ts';
import { labNamespace } from '../integration/cluster/namespace.ts';
import { openModel } from '../integration/model/openModel.ts';
import { apply, kubectl } from '../lab/kubectl.ts';
import { until } from '../lab/until.ts';
import { labUp } from '../lab/up.ts';
import { BROKER_SECRET, type JobGiven, jobManifest } from './job.ts';

/** What was said of a run at each stage; of one that has not ended there is no end. */
export interface Said {
  before: string[];
  during: string[];
  end: string[] | undefined;
}

/** Milliseconds: from a cold start of several Pods on a busy machine. */
const STARTED = 90_000;
const ENDED = 120_000;
/** The broker counts every five seconds. */
const COUNTED = 6000;

/** A namespace, a queue and a model that watches them; all are gone when the test is. */
export class Stage {
  readonly namespace: string;
  readonly queue: string;
  readonly model: Model;
  readonly cluster: Cluster;
  readonly brokerUrl: string;
  readonly #connection: ChannelModel;
  channel: ConfirmChannel;
  readonly #judged: object[] = [];
  readonly #said = new Map<string, { before: string[]; during: Set<string>; end: Set<string>; settled: boolean }>();

  constructor(o: {
    namespace: string;
    queue: string;
    model: Model;
    cluster: Cluster;
    brokerUrl: string;
    connection: ChannelModel;
    channel: ConfirmChannel;
  }) {
    this.namespace = o.namespace;
    this.queue = o.queue;
    this.model = o.model;
    this.cluster = o.cluster;
    this.brokerUrl = o.brokerUrl;
    this.#connection = o.connection;
    this.channel = o.channel;
    this.model.runs.onDidChange.on(() => this.#note());
    this.model.runs.onDidEnd.on(run => {
      const said = this.#said.get(run.job.name);
      if (said) said.settled = true;
    });
  }

  /** Puts messages into the queue behind the extension's back, or as it does. */
  async publish(messages: number | string[], o: { through?: 'extension' } = {}): Promise<void> {
    const bodies = typeof messages === 'number' ? Array.from({ length: messages }, (_, i) => `item ${i}`) : messages;
    if (o.through) this.model.queues.notePublished(this.queue, bodies.length);
    for (const body of bodies) this.channel.sendToQueue(this.queue, Buffer.from(body), { persistent: true });
    await this.channel.waitForConfirms();
  }

  /** Judges the manifest as it stands, then creates the Job as Run Job does: with the depth that is read just before. */
  async run(given: JobGiven, name = 'run'): Promise<void> {
    const manifest = jobManifest(name, this.queue, given);
    const depth = await this.model.queues.depth(this.queue);
    const before = findings({
      manifest: readManifest(JSON.stringify(manifest)).jobs[0],
      queue: depth
        ? { exists: true, ready: depth.ready, unacked: undefined, consumers: depth.consumers }
        : { exists: false, ready: undefined, unacked: undefined, consumers: undefined },
      claims: this.model.runs.claims(this.queue),
    });
    this.#judged.push({ depth, before });
    this.#said.set(name, { before: before.map(keyOf), during: new Set(), end: new Set(), settled: false });
    const annotations = {
      [ANNOTATION.run]: name,
      [ANNOTATION.queue]: this.queue,
      ...(depth && { [ANNOTATION.depth]: String(depth.ready) }),
    };
    const body = { ...manifest, metadata: { name, annotations } };
    this.model.runs.follow(await createJob(this.cluster, { namespace: this.namespace, body }));
  }

  find(name = 'run'): Run | undefined {
    return this.model.runs.rows.find(({ job }) => job.name === name);
  }

  /** Waits until something holds of a run as the model sees it. */
  async until(what: string, is: (run: Run) => boolean, name = 'run', timeoutMs = STARTED): Promise<Run> {
    await until(
      what,
      async () => {
        const run = this.find(name);
        return run !== undefined && is(run);
      },
      { timeoutMs, intervalMs: 200 },
    ).catch(error => {
      throw new Error(`${error.message}: ${JSON.stringify(this.find(name))}`);
    });
    const run = this.find(name);
    assert.ok(run);
    return run;
  }

  /** Waits until something holds that is asked of somebody else than the model. */
  eventually(what: string, is: () => Promise<boolean>): Promise<void> {
    return until(what, is, { timeoutMs: STARTED, intervalMs: 300 });
  }

  running(pods: number, name = 'run'): Promise<Run> {
    const running = ({ pods: all }: Run) => all.filter(pod => pod.phase === 'running' && !pod.terminating).length;
    return this.until(`${pods} Pods run`, run => running(run) >= pods, name);
  }

  /** Waits until so many take messages from the queue. */
  consumers(count: number): Promise<void> {
    const isSo = async () => (await this.channel.checkQueue(this.queue)).consumerCount === count;
    return this.eventually(`${count} consumers`, isSo);
  }

  succeeded(count: number, name = 'run'): Promise<Run> {
    return this.until(`${count} succeeded`, ({ job }) => job.succeeded >= count, name, ENDED);
  }

  /** Waits until the run has ended and its figures have settled. */
  async settled(name = 'run'): Promise<void> {
    await until(`${name} settles`, async () => this.#said.get(name)?.settled === true, {
      timeoutMs: ENDED,
      intervalMs: 200,
    }).catch(error => {
      throw new Error(`${error.message}: ${JSON.stringify(this.find(name))}`);
    });
  }

  finds(code: string, name = 'run'): Promise<Run> {
    return this.until(`it finds ${code}`, ({ findings: all }) => all.some(one => keyOf(one) === code), name, ENDED);
  }

  finding(code: string, name = 'run'): Finding | undefined {
    return this.find(name)?.findings.find(one => one.code === code);
  }

  /** Nothing happens for a while: what is false often needs a second look to be said. */
  quiet(milliseconds: number): Promise<void> {
    return pause(milliseconds);
  }

  /** Until the broker has counted what was published before. */
  counted(): Promise<void> {
    return this.quiet(COUNTED);
  }

  kubectl(...args: string[]): Promise<string> {
    return kubectl(['--namespace', this.namespace, ...args]);
  }

  /** The Pods of a run in a phase, as the model sees them. */
  pods(phase: string, name = 'run'): string[] {
    const pods = this.find(name)?.pods ?? [];
    return pods.filter(pod => pod.phase === phase && !pod.terminating).map(pod => pod.name);
  }

  /** Deletes Pods at once, as a node that goes does. */
  kill(pods: string[]): Promise<string> {
    return this.kubectl('delete', 'pod', '--grace-period=0', '--force', ...pods);
  }

  async ready(): Promise<number> {
    return (await this.channel.checkQueue(this.queue)).messageCount;
  }

  /** Another connection's channel, for who is not of this Job. */
  async stranger() {
    const channel = await this.#connection.createChannel();
    await channel.prefetch(1);
    return channel;
  }

  said(name = 'run'): Said {
    const said = this.#said.get(name);
    assert.ok(said, `${name} was run`);
    const run = this.find(name);
    const ended = run !== undefined && hasEnded(run);
    return { before: sorted(said.before), during: sorted(said.during), end: ended ? sorted(said.end) : undefined };
  }

  /** All that rests behind what is said, for whoever looks into a wrong verdict. */
  proofs(): string {
    const rows = this.model.runs.rows.map(({ job, findings: found, queue }) => ({ job, found, queue }));
    return JSON.stringify({ judged: this.#judged, rows });
  }

  #note(): void {
    for (const run of this.model.runs.rows) {
      const said = this.#said.get(run.job.name);
      if (!said) continue;
      for (const finding of run.findings) (hasEnded(run) ? said.end : said.during).add(keyOf(finding));
    }
  }
}

/** A stage with an empty queue on the lab's broker, or on another one. */
export async function openStage(
  t: TestContext,
  o: { broker?: string; queue?: { arguments?: object } | 'none' } = {},
): Promise<Stage> {
  const lab = await labUp(() => undefined);
  const queue = `truth-${randomBytes(4).toString('hex')}`;
  const brokerUrl = o.broker ?? lab.broker.url;
  const cluster = await labNamespace(t);
  const { namespace } = cluster;
  await apply([
    {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: BROKER_SECRET.name, namespace },
      stringData: { [BROKER_SECRET.key]: brokerUrl },
    },
  ]);
  const connection = await amqpConnect(brokerUrl);
  // The broker may go in the middle of a scenario.
  connection.on('error', () => undefined);
  const channel = await connection.createConfirmChannel();
  channel.on('error', () => undefined);
  if (o.queue !== 'none') await channel.assertQueue(queue, { durable: true, ...o.queue });
  t.after(async () => {
    await channel.deleteQueue(queue).catch(() => undefined);
    await connection.close().catch(() => undefined);
  });
  const model = openModel({ kubeconfig: lab.kubeconfig, namespace, broker: brokerUrl });
  const look = model.runs.look();
  t.after(() => {
    look.dispose();
    model.dispose();
  });
  const stage = new Stage({ namespace, queue, model, cluster, brokerUrl, connection, channel });
  await until('the model is live', async () => model.cluster.state.kind === 'live', { timeoutMs: 30_000 });
  return stage;
}

export const keyOf = ({ code, cause }: Finding): string => (cause ? `${code} (${cause})` : code);

const hasEnded = ({ job }: Run) => job.state === 'complete' || job.state === 'failed';

const sorted = (keys: Iterable<string>) => [...keys].sort();
