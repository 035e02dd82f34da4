import * as vscode from 'vscode';
import type { BrokerPlace } from '../model/brokers.ts';
import { managementOf } from '../model/connected.ts';
import type { App } from './app.ts';
import { ConsumerPods } from './consumerPods.ts';
import type { DocumentSource } from './documents.ts';
import { explain } from './explain.ts';
import { SCHEMES } from './ids.ts';
import { label } from './label.ts';
import { queueDescription } from './queueDescription.ts';

/** How long (ms) until a page is read again: the broker has new rates as often. */
const AGAIN = 5000;
/** How long (ms) after a change of the queue's figures. */
const AFTER = 500;

/** @param place the id of a BrokerPlace */
export function queueUri(place: string, queue: string): vscode.Uri {
  const title = vscode.l10n.t('Queue {0}', label(queue, 80).replace(/[/\\]/g, '_'));
  return vscode.Uri.from({
    scheme: SCHEMES.queue,
    path: `/${title}`,
    query: new URLSearchParams({ place, queue }).toString(),
  });
}

/** Fills the document that describes a queue, and changes it with the queue. */
export const describeQueue: DocumentSource = (app, uri, show, signal) => {
  const of = new URLSearchParams(uri.query);
  void follow(app, { place: of.get('place') ?? '', queue: of.get('queue') ?? '' }, show, signal);
};

async function follow(
  app: App,
  subject: { place: string; queue: string },
  show: (text: () => string) => void,
  signal: AbortSignal,
): Promise<void> {
  const place = await find(app, subject.place);
  if (!place) {
    show(() => vscode.l10n.t('The broker of this queue is not named here any more.'));
    return;
  }
  const { queue } = subject;
  const pods = new ConsumerPods(app);
  const look = place.queues.look(() => [queue]);
  const figures = () => JSON.stringify([place.queues.find(queue)?.ready, place.queues.find(queue)?.consumers]);
  let seen = '';
  let reading = false;
  let timer: NodeJS.Timeout | undefined;
  const read = async () => {
    clearTimeout(timer);
    reading = true;
    seen = figures();
    const text = await page(app, { place, queue }, pods, signal);
    reading = false;
    if (signal.aborted) return;
    show(() => text);
    timer = setTimeout(read, figures() === seen ? AGAIN : AFTER);
  };
  const listener = place.queues.onDidChange.on(() => {
    if (reading || signal.aborted || figures() === seen) return;
    clearTimeout(timer);
    timer = setTimeout(read, AFTER);
  });
  signal.addEventListener('abort', () => {
    look.dispose();
    listener.dispose();
    clearTimeout(timer);
  });
  await read();
}

// After a reload of the window the other brokers are not found out yet.
async function find(app: App, id: string): Promise<BrokerPlace | undefined> {
  const { brokers } = app.model;
  if (!brokers.find(id)) await brokers.refresh();
  return brokers.find(id);
}

async function page(
  app: App,
  { place, queue }: { place: BrokerPlace; queue: string },
  pods: ConsumerPods,
  signal: AbortSignal,
): Promise<string> {
  try {
    const connected = await place.link.get();
    const { queueDetails } = await place.link.api();
    const depth = await connected.broker.depth(queue, signal);
    if (!depth) return vscode.l10n.t('Queue {0} is not there any more.', label(queue));
    const details = await queueDetails({ ...managementOf(connected), queue, signal }).catch(
      error => explain(error).text,
    );
    const consumers = typeof details === 'string' ? [] : details.consumers;
    return queueDescription({
      queue,
      broker: connected.display,
      version: connected.broker.version,
      context: connected.service && app.model.cluster.place?.context,
      ...depth,
      details,
      pods: await pods.find(consumers, connected, signal),
      jobs: place === app.model.brokers.main ? jobsOn(app, queue) : [],
      at: Date.now(),
    });
  } catch (error) {
    return explain(error).text;
  }
}

const jobsOn = (app: App, queue: string) =>
  app.model.runs.rows.flatMap(({ job }) => (job.queue === queue ? [job] : []));
