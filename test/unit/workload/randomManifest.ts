import { Random } from './random.ts';

interface Style {
  random: Random;
  eol: string;
  indent: number;
}

/**
 * A manifest of one to three documents with a Job among them, in any of the ways that people and tools write it.
 * index: the Job that is meant, among the text's Jobs. editable: its completions can be set by themselves.
 */
export function randomManifest(seed: number): { text: string; editable: boolean; index: number } {
  const random = new Random(seed);
  const style = { random, eol: random.pick(['\n', '\n', '\r\n']), indent: random.int(1, 4) };
  const documents: string[] = [];
  let index = 0;
  for (let i = random.int(0, 2); i > 0; i--) {
    const other = random.pick(['job', 'service', 'broken', 'text'] as const);
    if (other === 'job') index++;
    documents.push(OTHERS[other](style));
  }
  const { text, editable } = random.pick([blockJob, blockJob, flowJob, jsonJob, listJob])(style);
  documents.push(text);
  if (random.chance(0.3)) documents.push(OTHERS.job(style));
  const start = random.chance(0.3) ? `---${style.eol}` : '';
  const mark = random.chance(0.1) ? '\uFEFF' : '';
  return { text: mark + start + documents.join(`${style.eol}---${style.eol}`), editable, index };
}

const OTHERS = {
  job: ({ eol }: Style) => `kind: Job${eol}spec: {completions: 99}`,
  service: ({ eol }: Style) => `# a service${eol}kind: Service${eol}spec:${eol}  completions: 3`,
  broken: ({ eol }: Style) => `kind: Job${eol}spec: {completions: 3`,
  text: ({ eol }: Style) => `just: |${eol}  kind: Job${eol}  spec: 8`,
};

interface Field {
  key: string;
  value: string;
}

/** How the number is given. shared: changing it where it stands changes something else. */
function completionsField({ random }: Style): { fields: Field[]; anchors: string[]; shared: boolean } {
  const key = random.pick(['completions', 'completions', '"completions"', "'completions'"]);
  const value = String(random.int(0, 999));
  const field = (text: string): Field => ({ key, value: text });
  return random.pick([
    () => ({ fields: [field(value)], anchors: [], shared: false }),
    () => ({ fields: [field(value)], anchors: [], shared: false }),
    () => ({ fields: [field(`"${value}"`)], anchors: [], shared: false }),
    () => ({ fields: [field(`!!int ${value}`)], anchors: [], shared: false }),
    () => ({ fields: [field(`&count ${value}`)], anchors: [], shared: false }),
    () => ({ fields: [field(`&count ${value}`), { key: 'backoffLimit', value: '*count' }], anchors: [], shared: true }),
    () => ({ fields: [field('*count')], anchors: [`&count ${value}`], shared: false }),
    () => ({ fields: [field('')], anchors: [], shared: false }),
    () => ({ fields: [], anchors: [], shared: false }),
    () => ({ fields: [{ key: '<<', value: '*base' }], anchors: [`&base {completions: ${value}}`], shared: false }),
    () => ({
      fields: [{ key: '<<', value: '[*base, *more]' }],
      anchors: ['&base {ttl: 1}', `&more {completions: ${value}}`],
      shared: false,
    }),
  ] as const)();
}

function fieldsOf(style: Style): { fields: Field[]; anchors: string[]; shared: boolean } {
  const { random } = style;
  const own = completionsField(style);
  const fields = [...own.fields, { key: 'parallelism', value: '2' }];
  if (random.chance(0.3)) fields.push({ key: 'suspend', value: random.pick(['no', 'false', '"x"']) });
  // A number that is used elsewhere stands before its alias.
  if (!own.shared && random.chance(0.5)) fields.reverse();
  return { fields, anchors: own.anchors, shared: own.shared };
}

const POD = '{spec: {containers: [{name: c, image: "a:b", env: [{name: QUEUE, value: "q # no comment"}]}]}}';

function blockJob(style: Style): { text: string; editable: boolean } {
  const { random, eol, indent } = style;
  const { fields, anchors, shared } = fieldsOf(style);
  const comment = () => (random.chance(0.2) ? random.pick([' # 8', '\t# completions: 8', '   # 😀']) : '');
  const pad = ' '.repeat(indent);
  const lines = [
    ...(random.chance(0.3) ? ['# completions: 8'] : []),
    ...anchors.map((anchor, i) => `x${i}: ${anchor}${comment()}`),
    `kind: Job${comment()}`,
    `spec:${comment()}`,
    ...fields.flatMap(({ key, value }) => [
      ...(random.chance(0.2) ? [`${pad}# a comment`, ''] : []),
      `${pad}${key}:${value && random.pick([' ', '  '])}${value}${comment()}`,
    ]),
    `${pad}template: ${POD}`,
  ];
  return { text: lines.join(eol) + (random.chance(0.7) ? eol : ''), editable: !shared };
}

function flowJob(style: Style): { text: string; editable: boolean } {
  const { random, eol } = style;
  const { fields, anchors, shared } = fieldsOf(style);
  const gap = () => random.pick(['', ' ', `${eol}  `]);
  const written = fields.map(({ key, value }) => `${gap()}${key}: ${value}`);
  const lines = [
    ...anchors.map((anchor, i) => `x${i}: ${anchor}`),
    'kind: Job',
    `spec: {${written.join(',')}, template: ${POD}}`,
  ];
  return { text: lines.join(eol) + eol, editable: !shared };
}

function jsonJob({ random, eol }: Style): { text: string; editable: boolean } {
  const spec = { ...(random.chance(0.8) && { completions: random.int(0, 999) }), parallelism: 2 };
  const space = random.pick(['', '  ', '\t'] as const);
  return { text: JSON.stringify({ kind: 'Job', spec }, null, space).replaceAll('\n', eol), editable: true };
}

function listJob(style: Style): { text: string; editable: boolean } {
  const { random, eol } = style;
  const { fields, shared } = fieldsOf({ ...style });
  const plain = fields.filter(({ value }) => !value.includes('*') || shared);
  const dash = random.pick(['- ', '-   ']);
  const pad = ' '.repeat(dash.length);
  const lines = [
    'kind: List',
    'items:',
    `${dash}kind: Job`,
    `${pad}spec:`,
    ...plain.map(({ key, value }) => `${pad}  ${key}: ${value}`),
  ];
  return { text: lines.join(eol) + eol, editable: !shared };
}
