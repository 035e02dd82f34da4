import { asObject } from './jsonObject.ts';
import { changesOnly, placeIn, specOf, textScalar } from './manifestEdit.ts';
import { brokerContainer, containersOf, envIndex, type JobPlace } from './manifestJobs.ts';
import { type Cursor, walk } from './yamlCursor.ts';
import { endOf, fieldEdit, indentOf, lineBreakAfter, type TextEdit } from './yamlEdit.ts';
import type { Json, JsonObject } from './yamlValue.ts';

/** One thing to change in a Job: a number of its spec, a policy, its queue, its broker's URL, or where that comes from. */
export type JobChange =
  | { field: 'completions' | 'parallelism' | 'backoffLimit' | 'ttlSecondsAfterFinished'; value: number }
  | { field: 'podReplacementPolicy' | 'restartPolicy' | 'queue' | 'broker'; value: string }
  | { field: 'brokerSecret'; value: { name: string; key: string } };

/** The spec's own numbers: a new one goes behind them, where no comment is about another field. */
const NUMBERS = ['completions', 'parallelism', 'backoffLimit', 'activeDeadlineSeconds', 'ttlSecondsAfterFinished'];

/** Where a change is made: the mapping, as a place and as a value, and its field. */
interface Target {
  at: Cursor | undefined;
  holder: (place: JobPlace) => JsonObject;
  field: string;
}

/**
 * The one replacement that makes the change, with every other character kept. undefined when the text has no such Job,
 * or when the change would be another's too: its place is behind an alias, or an anchor that others use.
 *
 * @param job index into readManifest's jobs
 */
export function jobEdit(text: string, change: JobChange, job = 0): TextEdit | undefined {
  const place = placeIn(text, job);
  const target = place && targetOf(place, change.field);
  if (!target) return undefined;
  const { at, holder, field } = target;
  if (change.field === 'brokerSecret') {
    const wanted = { secretKeyRef: change.value };
    const edit = fromSecret(text, at, change.value);
    return edit && changesOnly(text, edit, job, holder, ['valueFrom', 'value'], wanted) ? edit : undefined;
  }
  const { value } = change;
  const write = (quote: string) => (typeof value === 'number' ? String(value) : textScalar(value, quote));
  const edit = fieldEdit(text, at, field, write, typeof value === 'number' ? NUMBERS : []);
  return edit && changesOnly(text, edit, job, holder, [field], value satisfies Json) ? edit : undefined;
}

function targetOf(place: JobPlace, field: JobChange['field']): Target | undefined {
  const spec = specOf(place);
  switch (field) {
    case 'queue':
      return variable(place, 'QUEUE', place.worker);
    case 'broker':
    case 'brokerSecret':
      return variable(place, 'BROKER_URL', brokerContainer(place.value, place.worker));
    case 'restartPolicy': {
      const holder = ({ value }: JobPlace) => asObject(asObject(asObject(value.spec).template).spec);
      return { at: walk(spec, 'template', 'spec'), holder, field };
    }
    default:
      return { at: spec, holder: ({ value }) => asObject(value.spec), field };
  }
}

function variable(place: JobPlace, name: string, container: number | undefined): Target | undefined {
  if (container === undefined) return undefined;
  const index = envIndex(containersOf(place.value)[container] ?? {}, name);
  if (index === undefined) return undefined;
  const holder = ({ value }: JobPlace) => {
    const env = containersOf(value)[container]?.env;
    return asObject(Array.isArray(env) ? env[index] : undefined);
  };
  return { at: walk(specOf(place), 'template', 'spec', 'containers', container, 'env', index), holder, field: 'value' };
}

/** `valueFrom` in place of `value`, in the style of what stands around it. */
function fromSecret(text: string, at: Cursor | undefined, secret: { name: string; key: string }): TextEdit | undefined {
  if (at?.node.kind !== 'mapping') return undefined;
  const pair = at.node.pairs.find(({ key }) => key.kind === 'scalar' && key.text === 'value');
  if (pair?.key.kind !== 'scalar' || !pair.key.span || pair.value.kind === 'alias') return undefined;
  const span = { start: pair.key.span.start - pair.key.quote, end: endOf(text, pair.value) };
  const [name, key] = [textScalar(secret.name, ''), textScalar(secret.key, '')];
  if (at.node.flow) {
    const quote = '"'.repeat(pair.key.quote);
    const quoted = (word: string) => quote + word + quote;
    const reference = `{${quoted('secretKeyRef')}: {${quoted('name')}: ${quoted(name)}, ${quoted('key')}: ${quoted(key)}}}`;
    return { span, text: `${quoted('valueFrom')}: ${reference}` };
  }
  const line = lineBreakAfter(text, span.start) + indentOf(text, at.node);
  return { span, text: `valueFrom:${line}  secretKeyRef:${line}    name: ${name}${line}    key: ${key}` };
}
