import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { connect as amqp, type ConsumeMessage, type GetMessage, type Options } from 'amqplib';
import { publish } from '../../src/broker/index.ts';
import { formatBrokerUrl } from '../../src/workload/brokerUrl.ts';
import { address as lab, lab as labBroker, manage } from '../integration/broker/labBroker.ts';
import { apply, kubectl } from '../lab/kubectl.ts';
import { labUp } from '../lab/up.ts';
import { packageExtension } from '../package.ts';
import { type Editor, openEditor, withEvidence } from './editor/driver.ts';

const MINUTE = 60_000;
const MANY = 20_000;
const CONTEXT = 'fruit-prod-1';
const suffix = randomBytes(4).toString('hex');
/** A virtual host and a namespace of their own: nothing of another test is seen or touched. */
const vhost = `moving-${suffix}`;
const namespace = `test-moving-${suffix}`;
const address = { ...lab, vhost };
const url = formatBrokerUrl(address);
/** As a Pod of any namespace names the broker: the editor reaches it through the tunnel. */
const inCluster = formatBrokerUrl({ ...address, host: `${labBroker.service}.${labBroker.namespace}` });
let editor: Editor;
let folder: string;
let home: string;

before(async () => {
  const { kubeconfig } = await labUp();
  await manage('PUT', `vhosts/${vhost}`);
  for (const queue of ['again', 'big', 'fed', 'half', 'rich'])
    await manage('PUT', `queues/${vhost}/${queue}`, { durable: true });
  await manage('PUT', `queues/${vhost}/votes`, {
    durable: true,
    arguments: { 'x-queue-type': 'quorum', 'x-delivery-limit': 7 },
  });
  await apply([{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }, eater()]);
  folder = await mkdtemp(join(tmpdir(), 'kwq-moving-'));
  home = await mkdtemp(join(tmpdir(), 'kwq-moving-home-'));
  editor = await openEditor({
    folder,
    extensions: [packageExtension()],
    env: { KUBECONFIG: await productionKubeconfig(kubeconfig) },
    settings: { 'workQueue.broker': inCluster, 'workQueue.production': ['fruit-prod*'] },
    report: console.log,
  });
  await editor.showContainer('Work Queues');
});

after(async () => {
  await editor?.close();
  await manage('DELETE', `vhosts/${vhost}`);
  await kubectl(['delete', 'namespace', namespace, '--ignore-not-found', '--wait=false']);
  for (const path of [folder, home]) if (path) await rm(path, { recursive: true, force: true });
});

/** A test that leaves a picture and logs when it fails. */
function see(name: string, run: () => Promise<void>): void {
  test(name, { timeout: 2 * MINUTE }, () => withEvidence(editor, name, run));
}

see('a consumer on a queue’s page is the Pod that it runs in, also when the broker has another namespace', async () => {
  await kubectl(['wait', 'pod/eater', '-n', namespace, '--for=condition=Ready', '--timeout=60s'], {
    timeoutMs: MINUTE,
  });
  await queueRow('fed', '0 ready, 0 unacked, 1 consumer');
  await editor.treeContext('Queues', 'fed', 'Describe Queue');
  await editor.activeTab('Queue fed');
  const text = await editor.wait('the consumer’s Pod', async () => {
    const page = await editor.editorText();
    return /Pod eater/.test(page) && page;
  });
  assert.match(text, /\n {2}Pod eater +10\.244\.\d+\.\d+:\d+ +prefetch 1, acks +user guest +/);
  await editor.goTo(1);
  await editor.screenshot('80-consumer-pod');
  await editor.closeAllTabs();
});

see('before RabbitMQ 4.3 a look at a quorum queue is counted: said, and done only when told', async () => {
  await fill('votes', 3);
  await queueRow('votes', '3 ready');
  await peekAtAll('votes', 'RabbitMQ 4.0.5 counts every look at a quorum queue against its delivery limit (7)');
  const modal = await editor.modal('Reading messages of queue votes now may do harm');
  assert.match(modal.detail, /– Afterwards they are marked as redelivered\./);
  assert.match(modal.detail, /delivery limit \(7\): a message that is over it is dropped or dead-lettered\./);
  assert.doesNotMatch(modal.detail, /consumer/);
  assert.match(modal.detail, new RegExp(`Context: ${CONTEXT}Namespace: ${namespace}`));
  assert.deepEqual(modal.buttons.toSorted(), ['Cancel', 'Peek Anyway']);
  await editor.screenshot('81-peek-quorum');
  await modal.click('Cancel');
  await peekAtAll('votes', 'They stay in the queue.');
  await (await editor.modal('Reading messages of queue votes now may do harm')).click('Peek Anyway');
  const list = await editor.quickPick('Pick a message to open it');
  assert.equal(list.title, '3 messages of queue votes');
  await list.cancel();
  await queueRow('votes', '3 ready');

  await using consumer = await consume('votes');
  await queueRow('votes', '2 ready, 1 unacked, 1 consumer');
  const message = await consumer.message;
  assert.equal(message.properties.headers?.['x-delivery-count'], 1, 'counted once: Cancel did not look');
  await peekAtAll('votes', 'A consumer takes messages of it: those looked at are kept from it meanwhile.');
  const both = await editor.modal('Reading messages of queue votes now may do harm');
  assert.match(both.detail, /delivery limit \(7\).+– A consumer takes messages of it/);
  await editor.screenshot('82-peek-quorum-consumed');
  await both.click('Cancel');
});

see('messages that were saved with all they have are the same when the file is published again', async () => {
  const sent = await publishRich();
  await queueRow('rich', `${sent} ready`);
  await editor.treeContext('Queues', 'rich', 'Save Messages to File…');
  await (await editor.quickPick('Save messages of rich')).pick('Keep them in the queue');
  await (await editor.quickPick('Which messages?')).pick(`All ${sent} messages`);
  await editor.saveAsProposed('rich.jsonl');
  await (await editor.notification(`${sent} messages saved to rich.jsonl; they are still in rich.`)).dismiss();

  await editor.treeContext('Queues', 'again', 'Publish File as Messages…');
  await (await editor.quickPick('File to Publish')).pick('rich.jsonl');
  const form = await editor.quickPick('Publish rich.jsonl');
  assert.ok((await form.rows()).some(row => row.label === 'Saved messages, with their properties'));
  await editor.screenshot('83-publish-saved');
  await form.pick(`Publish ${sent} messages to again`);
  await editor.notification(`again confirmed ${sent} of ${sent} messages.`);
  const before = await look('rich');
  const now = await look('again');
  assert.equal(before.length, sent);
  assert.deepEqual(now.map(withoutId), before.map(withoutId));
});

see('what was published is not taken back while a consumer runs, and is when it has ended', async () => {
  {
    await using _consumer = await consume('again');
    await queueRow('again', /^\d+ ready, 1 unacked, 1 consumer/);
    await (await editor.notification('again confirmed')).click('Undo…');
    const refused = await editor.notification(
      'Queue again has a consumer that takes messages now: nothing was taken back. End it or pause its Job first.',
    );
    assert.equal(refused.severity, 'warning');
    await editor.screenshot('84-undo-refused');
    await refused.click('Describe again');
    await editor.activeTab('Queue again');
    await editor.closeAllTabs();
    assert.equal(await depth('again'), 5);
  }
  await queueRow('again', '6 ready');
  // It comes between the question and its answer.
  await editor.runCommand('Work Queue: Undo Last Publish…');
  const modal = await editor.modal('Take back what was published to again?');
  const late = await consume('again');
  await modal.click('Take Back');
  await typeName('again');
  await (await editor.notification('Queue again has a consumer that takes messages now')).dismiss();
  await late[Symbol.asyncDispose]();
  await queueRow('again', '6 ready');
  await editor.runCommand('Work Queue: Undo Last Publish…');
  await (await editor.modal('Take back what was published to again?')).click('Take Back');
  await typeName('again');
  await (await editor.notification('6 of 6 messages were taken back from again.')).dismiss();
  assert.equal(await depth('again'), 0);
});

see('a move that is cancelled half-way says what has moved and what is still there, to the message', async () => {
  await fill('big', MANY);
  await queueRow('big', `${MANY} ready`);
  await editor.treeContext('Queues', 'big', 'Move Messages…');
  await (await editor.quickPick('Move messages of big')).pick(`All ${MANY} messages`);
  await (await editor.quickPick('to which queue?')).pick('half');
  await (await editor.modal('Move messages from big to half?')).click('Move');
  await typeName('big');
  const progress = await editor.progress('Moving messages from big to half');
  await progress.says(/[1-9]\d* of/);
  await progress.cancel();
  const said = await editor.notification('moved from big to half.');
  await editor.screenshot('85-move-cancelled');
  assert.equal(said.severity, 'warning');
  const [, moved = '', left = ''] =
    /^(\d+) messages? moved from big to half\. You cancelled the rest; (\d+) messages? are still in big\.$/.exec(
      said.text,
    ) ?? assert.fail(said.text);
  assert.deepEqual([Number(left), Number(moved)], [await depth('big'), await depth('half')]);
  assert.equal(Number(moved) + Number(left), MANY);
  assert.ok(Number(moved) > 0 && Number(left) > 0, said.text);
  await said.dismiss();
});

see('in a production context a queue is purged and deleted only when its name is typed', async () => {
  const left = await depth('big');
  await editor.treeContext('Queues', 'big', 'Purge Queue…');
  const purge = await editor.modal('Purge queue big?');
  assert.match(purge.detail, /This is production: it matches “fruit-prod\*”/);
  await editor.screenshot('86-purge-context');
  await purge.click('Purge');
  const name = await editor.inputBox('Purge queue big?');
  await name.says(`${CONTEXT}). Type the name big to go on.`);
  await name.type('half');
  await name.says('Not yet the name big');
  await editor.page.keyboard.press('Enter');
  await editor.screenshot('87-wrong-name');
  assert.equal((await editor.inputBox('Not yet the name big')).value, 'half', 'the question stays');
  await name.cancel();
  assert.equal(await depth('big'), left, 'nothing is dropped by a wrong name');

  await editor.treeContext('Queues', 'half', 'Delete Queue…');
  await (await editor.modal('Delete queue half?')).click('Delete');
  const again = await editor.inputBox('Delete queue half?');
  await again.type('HALF');
  await again.says('Not yet the name half');
  await editor.page.keyboard.press('Enter');
  assert.equal(await depth('half'), MANY - (left ?? 0), 'nothing is deleted by a wrong name');
  await again.type('half');
  await again.accept();
  await (await editor.notification('Queue half is deleted')).dismiss();
  assert.equal(await depth('half'), undefined);
});

/** A Pod that waits for a message of `fed`. */
const eater = () => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'eater', namespace },
  spec: {
    terminationGracePeriodSeconds: 0,
    containers: [
      {
        name: 'c',
        image: '127.0.0.1:5000/lab/worker:1',
        command: ['amqp-consume', `--url=${inCluster}`, '-q', 'fed', '-p', '1', 'cat'],
      },
    ],
  },
});

/** The lab's kubeconfig with a context of a name that sounds of production, in the namespace of this test. */
async function productionKubeconfig(path: string): Promise<string> {
  const config = JSON.parse(await readFile(path, 'utf8'));
  const [{ context }] = config.contexts;
  const copy = join(home, 'kubeconfig');
  const contexts = [{ name: CONTEXT, context: { ...context, namespace } }];
  await writeFile(copy, JSON.stringify({ ...config, contexts, 'current-context': CONTEXT }), { mode: 0o600 });
  return copy;
}

async function queueRow(queue: string, begin: string | RegExp): Promise<void> {
  const isSo = (words: string) => (typeof begin === 'string' ? words.startsWith(begin) : begin.test(words));
  await editor.treeRow('Queues', queue, { where: row => isSo(row.description) });
}

async function typeName(queue: string): Promise<void> {
  const box = await editor.inputBox(`Type the name ${queue} to go on.`);
  await box.type(queue);
  await box.accept();
}

async function peekAtAll(queue: string, says: string): Promise<void> {
  await editor.treeContext('Queues', queue, 'Peek at Messages…');
  const count = await editor.inputBox(`Peek at ${queue}`);
  await count.says(says);
  await count.accept();
}

async function fill(queue: string, count: number): Promise<void> {
  const items = Array.from({ length: count }, (_, at) => ({ body: `frame ${at}`, line: at + 1 }));
  const outcome = await publish({ address, purpose: 'test', queue, items, runId: randomBytes(4).toString('hex') });
  assert.equal(outcome.confirmed, count);
}

async function depth(queue: string): Promise<number | undefined> {
  const connection = await amqp(url);
  try {
    const channel = await connection.createChannel();
    channel.on('error', () => undefined);
    return await channel.checkQueue(queue).then(
      ({ messageCount }) => messageCount,
      () => undefined,
    );
  } finally {
    await connection.close();
  }
}

/** A consumer that takes one message and keeps it until it is disposed of. */
async function consume(queue: string): Promise<AsyncDisposable & { message: Promise<ConsumeMessage> }> {
  const connection = await amqp(url);
  const channel = await connection.createChannel();
  await channel.prefetch(1);
  const got = Promise.withResolvers<ConsumeMessage>();
  await channel.consume(queue, message => message && got.resolve(message));
  return { message: got.promise, [Symbol.asyncDispose]: () => connection.close() };
}

/** Messages with every property that AMQP has and all that headers may hold. @returns how many */
async function publishRich(): Promise<number> {
  const all: Options.Publish = {
    contentType: 'application/json',
    contentEncoding: 'utf-8',
    correlationId: 'c-1 “ü”',
    replyTo: 'replies',
    expiration: '86400000',
    messageId: 'mine',
    timestamp: 1_700_000_000,
    type: 'fruit',
    appId: 'shop',
    priority: 7,
    headers: {
      tenant: 'acme',
      big: 9_007_199_254_740_991,
      half: 0.5,
      negative: -3,
      yes: true,
      nothing: null,
      empty: '',
      bytes: Buffer.from([0, 255, 10]),
      at: { '!': 'timestamp', value: 1_700_000_000 },
      list: ['a', 1, { deep: [false] }],
      table: { $base64: 'YQ==', 'a b': { c: 'd' } },
      ключ: '键',
    },
  };
  const rich: [string | Buffer, Options.Publish][] = [
    ['{"fruit":"apple"}', all],
    ['two\r\nlines\n', { headers: { only: 'this' } }],
    [Buffer.from([0, 1, 2, 255, 254, 10, 13, 9]), { contentType: 'application/octet-stream' }],
    ['', { type: 'empty' }],
    ['\uFEFFbom and \u2028 and 😀', {}],
    ['x'.repeat(300_000), { priority: 0 }],
  ];
  const connection = await amqp(url);
  try {
    const channel = await connection.createConfirmChannel();
    for (const [body, options] of rich)
      channel.sendToQueue('rich', Buffer.from(body), { ...options, persistent: true });
    await channel.waitForConfirms();
  } finally {
    await connection.close();
  }
  return rich.length;
}

/** All messages of a queue; they go back. */
async function look(queue: string): Promise<GetMessage[]> {
  const connection = await amqp(url);
  try {
    const channel = await connection.createChannel();
    const messages: GetMessage[] = [];
    for (;;) {
      const message = await channel.get(queue);
      if (!message) return messages;
      messages.push(message);
    }
  } finally {
    await connection.close();
  }
}

/**
 * What was published, without the message id: a publication gives its own, to find its messages again. An empty table of
 * headers, which amqplib always sends, is none.
 */
const withoutId = ({ content, properties: { messageId: _, headers = {}, ...properties } }: GetMessage) => ({
  content,
  properties,
  headers,
});
