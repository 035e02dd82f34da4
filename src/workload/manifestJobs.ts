import { asObject } from './jsonObject.ts';
import type { YamlDocument } from './yaml.ts';
import { type Cursor, cursorAt, walk } from './yamlCursor.ts';
import type { Json, JsonObject } from './yamlValue.ts';

/** A Job of the text, as a value and as a place. */
export interface JobPlace {
  document: number;
  value: JsonObject;
  at: Cursor;
  /** Index of its worker among `spec.template.spec.containers`: the one with QUEUE, else with BROKER_URL, else the first. */
  worker: number;
}

/** The batch Jobs of the documents, those inside a List too. */
export function jobsIn(documents: YamlDocument[]): JobPlace[] {
  return documents.flatMap(({ index, value, root }) => jobsAt(index, value, cursorAt(root)));
}

function jobsAt(document: number, value: Json, at: Cursor): JobPlace[] {
  const { kind, apiVersion, items } = asObject(value);
  if (kind === 'Job' && (apiVersion === undefined || String(apiVersion).startsWith('batch/'))) {
    return [{ document, value: asObject(value), at, worker: workerOf(asObject(value)) }];
  }
  if ((kind !== 'List' && kind !== 'JobList') || !Array.isArray(items)) return [];
  return items.flatMap((item, i) => {
    const place = walk(at, 'items', i);
    return place ? jobsAt(document, item, place) : [];
  });
}

function workerOf(job: JsonObject): number {
  const containers = containersOf(job);
  const withQueue = containers.findIndex(container => envIndex(container, 'QUEUE') !== undefined);
  const withBroker = containers.findIndex(container => envIndex(container, 'BROKER_URL') !== undefined);
  return withQueue >= 0 ? withQueue : Math.max(0, withBroker);
}

/** The Job's containers, without the init containers. */
export function containersOf(job: JsonObject): JsonObject[] {
  const { containers } = asObject(asObject(asObject(job.spec).template).spec);
  return Array.isArray(containers) ? containers.map(asObject) : [];
}

/** Index of the variable in the container's environment: of the last of that name, which the kubelet uses. */
export function envIndex(container: JsonObject, name: string): number | undefined {
  const env = Array.isArray(container.env) ? container.env : [];
  const index = env.findLastIndex(entry => asObject(entry).name === name);
  return index < 0 ? undefined : index;
}

/** Index of the container whose BROKER_URL the worker uses: its own, or that of the first that has one. */
export function brokerContainer(job: JsonObject, worker: number): number | undefined {
  const containers = containersOf(job);
  return [worker, ...containers.keys()].find(i => envIndex(containers[i] ?? {}, 'BROKER_URL') !== undefined);
}
