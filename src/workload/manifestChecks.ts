import { asObject } from './jsonObject.ts';
import { containersOf, type JobPlace } from './manifestJobs.ts';
import type { YamlDocument } from './yaml.ts';
import { type Cursor, cursorAt, spanAt, walk } from './yamlCursor.ts';
import type { YamlFault } from './yamlFault.ts';
import type { Span } from './yamlTree.ts';
import type { Json, JsonObject } from './yamlValue.ts';

/** Takes what Kubernetes would refuse: where it stands, why, and the name that it is about. */
export type Refuse = (span: Span, fault: YamlFault, about?: string) => void;

/** Whole numbers of a Job's spec besides those that are read. */
const COUNTS = ['backoffLimit', 'activeDeadlineSeconds', 'ttlSecondsAfterFinished'];

/** Refuses the values of a Job that are of another type than Kubernetes takes, as YAML makes them of a missing quote. */
export function checkJob(place: JobPlace, refuse: Refuse): void {
  const { value, at } = place;
  // One that is not there is filled in: a Job is sent to batch/v1.
  if (value.apiVersion !== undefined && value.apiVersion !== 'batch/v1') {
    refuse(spanOf(at, 'apiVersion'), 'api-version');
  }
  const template = asObject(asObject(value.spec).template);
  for (const [metadata, path] of [
    [asObject(value.metadata), ['metadata']],
    [asObject(template.metadata), ['spec', 'template', 'metadata']],
  ] as const) {
    const holder = walk(at, ...path);
    mustBeText(metadata, holder, refuse, ['name', 'generateName', 'namespace']);
    for (const map of ['labels', 'annotations']) mustBeText(asObject(metadata[map]), walk(holder, map), refuse);
  }
  for (const field of COUNTS) {
    const count = asObject(value.spec)[field];
    if (count !== undefined && count !== null && !Number.isInteger(count)) {
      refuse(spanOf(at, 'spec', field), 'no-whole-number', field);
    }
  }
  const podSpec = walk(at, 'spec', 'template', 'spec');
  mustBeText(asObject(template.spec), podSpec, refuse, ['restartPolicy']);
  for (const [index, container] of containersOf(value).entries()) {
    const holder = walk(podSpec, 'containers', index);
    mustBeText(container, holder, refuse, ['name', 'image', 'imagePullPolicy']);
    const env = Array.isArray(container.env) ? container.env.map(asObject) : [];
    for (const [i, variable] of env.entries()) {
      if (isText(variable.value)) continue;
      const name = typeof variable.name === 'string' ? variable.name : '';
      refuse(spanOf(holder, 'env', i, 'value'), 'variable-no-text', name);
    }
  }
}

/** Refuses a document beside a Job that kubectl would not read, and with it the whole file. */
export function checkDocument({ root, value }: YamlDocument, refuse: Refuse): void {
  const at = cursorAt(root);
  if (value === null) return;
  if (typeof value !== 'object' || Array.isArray(value) || typeof value.kind !== 'string') {
    refuse(spanAt(walk(at, 'kind') ?? at), 'no-kind');
    return;
  }
  if (!Array.isArray(value.items)) return;
  for (const [i, item] of value.items.entries()) {
    if (item === null) refuse(spanOf(at, 'items', i), 'empty-item');
  }
}

function mustBeText(
  value: JsonObject,
  at: Cursor | undefined,
  refuse: Refuse,
  fields: string[] = Object.keys(value),
): void {
  for (const field of fields) {
    if (!isText(value[field])) refuse(spanOf(at, field), 'no-text', field);
  }
}

const isText = (value: Json | undefined) => value === undefined || value === null || typeof value === 'string';

function spanOf(at: Cursor | undefined, ...path: (string | number)[]): Span {
  const found = walk(at, ...path) ?? at;
  return found ? spanAt(found) : { start: 0, end: 0 };
}
