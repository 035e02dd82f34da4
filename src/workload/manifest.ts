import { asObject } from './jsonObject.ts';
import { checkDocument, checkJob, type Refuse } from './manifestChecks.ts';
import { brokerContainer, containersOf, envIndex, type JobPlace, jobsIn } from './manifestJobs.ts';
import { type Problem, problemAt, readYaml } from './yaml.ts';
import { spanAt, walk } from './yamlCursor.ts';
import type { Span } from './yamlTree.ts';
import type { Json, JsonObject } from './yamlValue.ts';

export { type JobChange, jobEdit } from './jobEdit.ts';
export { looksLikeRun } from './looksLikeRun.ts';
export { completionsEdit, setCompletions, setImage, setImagePullPolicy, textScalar } from './manifestEdit.ts';
export { strictEdit } from './strictWorker.ts';
export { type Problem, readYaml } from './yaml.ts';
export type { Span } from './yamlTree.ts';

/** A value and the text it comes from: the value without its quotes, or the alias that stands for it. */
export interface Located<T> {
  value: T;
  span: Span;
}

/** Where BROKER_URL comes from: written out, or a key of a Secret. */
export type BrokerReference = { url: string } | { secret: string; key: string };

/** Fields of a Job that a warning may stand at, besides those that are read with their places. */
export type PlacedField =
  | 'restartPolicy'
  | 'backoffLimit'
  | 'ttlSecondsAfterFinished'
  | 'podFailurePolicy'
  | 'podReplacementPolicy'
  | 'command';

/** A batch/v1 Job of the text. It is a run when `queue` or `broker` is there. */
export interface JobInManifest {
  /** Index of its YAML document in the text. */
  document: number;
  /** Its `kind: Job`. */
  span: Span;
  name: string | undefined;
  namespace: string | undefined;
  /** The worker's variable QUEUE. */
  queue: Located<string> | undefined;
  /** The worker's variable BROKER_URL, or that of the first container that has it. */
  broker: Located<BrokerReference> | undefined;
  image: Located<string> | undefined;
  /** The worker's imagePullPolicy. */
  pullPolicy: string | undefined;
  completions: Located<number> | undefined;
  parallelism: Located<number> | undefined;
  restartPolicy: string | undefined;
  backoffLimit: number | undefined;
  /** command and args of the worker; empty when the image's own are used. */
  command: string[];
  /** Where its policies and its worker's command are written. */
  places: Partial<Record<PlacedField, Span>>;
  /** The Job as plain JSON. */
  body: JsonObject;
}

/**
 * Reads the Jobs of a text as kubectl would. Never throws: what cannot be read, and a number or a variable that
 * Kubernetes would refuse, is a problem. A document with a key written twice or an unknown alias is left out whole.
 */
export function readManifest(text: string): { jobs: JobInManifest[]; problems: Problem[] } {
  const { documents, problems } = readYaml(text);
  const refuse: Refuse = ({ start }, fault, about) => problems.push(problemAt(text, start, 'structure', fault, about));
  const places = jobsIn(documents);
  const jobs = places.map(place => readJob(place, refuse));
  for (const place of places) checkJob(place, refuse);
  // What holds no Job is none of ours.
  if (places.length > 0) for (const document of documents) checkDocument(document, refuse);
  problems.sort((a, b) => a.line - b.line || a.column - b.column);
  return { jobs, problems };
}

function readJob(place: JobPlace, refuse: Refuse): JobInManifest {
  const { value } = place;
  const spec = asObject(value.spec);
  const metadata = asObject(value.metadata);
  const podSpec = asObject(asObject(spec.template).spec);
  const container = containersOf(value)[place.worker] ?? {};
  return {
    document: place.document,
    span: kindSpan(place),
    name: text(metadata.name),
    namespace: text(metadata.namespace),
    queue: readQueue(place),
    broker: readBroker(place),
    image: located(place, [...WORKERS, place.worker, 'image'], text(container.image)),
    pullPolicy: text(container.imagePullPolicy),
    completions: readCount(place, 'completions', refuse),
    parallelism: readCount(place, 'parallelism', refuse),
    restartPolicy: text(podSpec.restartPolicy),
    backoffLimit: typeof spec.backoffLimit === 'number' ? spec.backoffLimit : undefined,
    command: [...texts(container.command), ...texts(container.args)],
    places: placesOf(place),
    body: value,
  };
}

/** Of fields whose value is no scalar the place is that of the key. */
function placesOf(place: JobPlace): JobInManifest['places'] {
  const places: JobInManifest['places'] = {};
  const worker = [...WORKERS, place.worker];
  const paths: [PlacedField, (string | number)[]][] = [
    ['backoffLimit', ['spec', 'backoffLimit']],
    ['ttlSecondsAfterFinished', ['spec', 'ttlSecondsAfterFinished']],
    ['podFailurePolicy', ['spec', 'podFailurePolicy']],
    ['podReplacementPolicy', ['spec', 'podReplacementPolicy']],
    ['restartPolicy', ['spec', 'template', 'spec', 'restartPolicy']],
    ['command', [...worker, 'args']],
    ['command', [...worker, 'command']],
  ];
  for (const [field, path] of paths) {
    const at = walk(place.at, ...path);
    const key = at?.pair?.key;
    if (!at) continue;
    places[field] = at.node.kind !== 'scalar' && !at.borrowed && key?.kind === 'scalar' ? key.span : spanAt(at);
  }
  return places;
}

const WORKERS = ['spec', 'template', 'spec', 'containers'];

function readCount(place: JobPlace, field: string, refuse: Refuse): Located<number> | undefined {
  const value = asObject(place.value.spec)[field];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0) {
    return located(place, ['spec', field], value);
  }
  refuse(spanOf(place, ['spec', field]), 'no-whole-number', field);
  return undefined;
}

function readQueue(place: JobPlace): Located<string> | undefined {
  const variable = readVariable(place, place.worker, 'QUEUE');
  return typeof variable?.value === 'string' ? { value: variable.value, span: variable.span } : undefined;
}

function readBroker(place: JobPlace): Located<BrokerReference> | undefined {
  const holder = brokerContainer(place.value, place.worker);
  const variable = holder === undefined ? undefined : readVariable(place, holder, 'BROKER_URL');
  if (variable === undefined) return undefined;
  const { value, span } = variable;
  return { value: typeof value === 'string' ? { url: value } : value, span };
}

function readVariable(
  place: JobPlace,
  container: number,
  name: string,
): Located<string | { secret: string; key: string }> | undefined {
  const holder = containersOf(place.value)[container] ?? {};
  const index = envIndex(holder, name);
  if (index === undefined || !Array.isArray(holder.env)) return undefined;
  const path = [...WORKERS, container, 'env', index];
  const { value, valueFrom } = asObject(holder.env[index]);
  const secret = asObject(asObject(valueFrom).secretKeyRef);
  if (typeof secret.name === 'string' && typeof secret.key === 'string') {
    const secretPath = [...path, 'valueFrom', 'secretKeyRef', 'name'];
    return { value: { secret: secret.name, key: secret.key }, span: spanOf(place, secretPath) };
  }
  return typeof value === 'string' ? { value, span: spanOf(place, [...path, 'value']) } : undefined;
}

function kindSpan(place: JobPlace): Span {
  const kind = walk(place.at, 'kind');
  const key = kind?.pair?.key;
  const end = spanOf(place, ['kind']).end;
  const start = key?.kind === 'scalar' ? key.span?.start : undefined;
  return start === undefined || kind?.borrowed ? spanOf(place, ['kind']) : { start, end };
}

function located<T>(place: JobPlace, path: (string | number)[], value: T | undefined): Located<T> | undefined {
  return value === undefined ? undefined : { value, span: spanOf(place, path) };
}

function spanOf(place: JobPlace, path: (string | number)[]): Span {
  return spanAt(walk(place.at, ...path) ?? place.at);
}

function text(value: Json | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function texts(value: Json | undefined): string[] {
  return Array.isArray(value) ? value.filter(each => typeof each === 'string') : [];
}
