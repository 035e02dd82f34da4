import { asObject } from './jsonObject.ts';
import { containersOf, type JobPlace, jobsIn } from './manifestJobs.ts';
import { readYaml } from './yaml.ts';
import { walk } from './yamlCursor.ts';
import { applied, fieldEdit, type TextEdit } from './yamlEdit.ts';
import { type Json, type JsonObject, resolvePlain } from './yamlValue.ts';

/** Kubernetes keeps completions in 32 bits. */
const MAX_COMPLETIONS = 2 ** 31 - 1;

/**
 * The one replacement that setCompletions makes. undefined when the text has no such Job, or when its completions
 * cannot be set without changing something else (its spec comes through an alias, or its number is another's anchor).
 *
 * @param job index into readManifest's jobs
 * Throws RangeError when completions is no whole number from 0 to 2^31 - 1.
 */
export function completionsEdit(text: string, completions: number, job = 0): TextEdit | undefined {
  if (!Number.isInteger(completions) || completions < 0 || completions > MAX_COMPLETIONS) {
    throw new RangeError(`completions cannot be ${completions}`);
  }
  const edit = fieldEdit(text, specOf(placeIn(text, job)), 'completions', () => String(completions));
  const holder = (place: JobPlace) => asObject(place.value.spec);
  return edit && changesOnly(text, edit, job, holder, ['completions'], completions) ? edit : undefined;
}

/**
 * The text with the Job's completions set and every other character kept; the field is added where it is missing.
 * Unchanged when completionsEdit has no edit. Throws RangeError as completionsEdit does.
 */
export function setCompletions(text: string, completions: number, job = 0): string {
  const edit = completionsEdit(text, completions, job);
  return edit ? applied(text, edit) : text;
}

/**
 * The text with the image of the Job's worker set and every other character kept; the field is added where it is missing.
 * Unchanged when that is impossible.
 *
 * @param job index into readManifest's jobs
 */
export function setImage(text: string, image: string, job = 0): string {
  return setInWorker(text, 'image', image, job);
}

/** The text with the imagePullPolicy of the Job's worker set, as setImage sets its image. */
export function setImagePullPolicy(text: string, policy: 'IfNotPresent', job = 0): string {
  return setInWorker(text, 'imagePullPolicy', policy, job);
}

function setInWorker(text: string, field: 'image' | 'imagePullPolicy', value: string, job: number): string {
  const place = placeIn(text, job);
  const container = walk(specOf(place), 'template', 'spec', 'containers', place?.worker ?? 0);
  const edit = fieldEdit(text, container, field, quote => textScalar(value, quote));
  const holder = (at: JobPlace) => containersOf(at.value)[at.worker] ?? {};
  return edit && changesOnly(text, edit, job, holder, [field], value) ? applied(text, edit) : text;
}

/** The Job of that index in the text. */
export function placeIn(text: string, job: number): JobPlace | undefined {
  return jobsIn(readYaml(text).documents)[job];
}

/** Its spec. */
export function specOf(place: JobPlace | undefined) {
  return walk(place?.at, 'spec');
}

/**
 * A text as YAML. The name of an image or a queue needs no quotes; anything else, and what would be read as a number or a
 * word of YAML's, does.
 *
 * @param quote the one to keep, or ''
 */
export function textScalar(text: string, quote: string): string {
  if (!/^[A-Za-z0-9](?:[\w./:@-]*\w)?$/.test(text)) return JSON.stringify(text);
  if (quote) return quote + text + quote;
  return resolvePlain(text) === text ? text : JSON.stringify(text);
}

/**
 * Are the fields all that the edit changes, in all of the text's documents, and is the first of them as wanted?
 *
 * @param holderOf the mapping of a Job that has the fields
 */
export function changesOnly(
  text: string,
  edit: TextEdit,
  job: number,
  holderOf: (place: JobPlace) => JsonObject,
  fields: readonly string[],
  wanted: Json,
): boolean {
  const takeOut = (from: string) => {
    const { documents } = readYaml(from);
    const place = jobsIn(documents)[job];
    const holder = place ? holderOf(place) : {};
    const value = JSON.stringify(holder[fields[0] ?? '']);
    for (const field of fields) delete holder[field];
    return { value, rest: JSON.stringify(documents.map(document => document.value)) };
  };
  const before = takeOut(text);
  const after = takeOut(applied(text, edit));
  return after.value === JSON.stringify(wanted) && after.rest === before.rest;
}
