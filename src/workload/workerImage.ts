import { WORKER_LABEL } from './workerProgram.ts';

/** How a Pod takes its messages; what each trades is said where it is chosen. */
export type WorkerShape = 'strict' | 'documentation' | 'many-items';

/** A Job that takes messages until the queue is empty has no completions; this annotation says that it is one. */
export const SHAPE_ANNOTATION = 'work-queue.vscode/shape';

/** A program that does the work for one item, and what its image needs. */
export interface WorkerProgram {
  /** Its argv in the image. */
  argv: string[];
  /** The file to copy, by its name beside the Dockerfile; without one, all of the folder is copied. */
  file?: string | undefined;
  /** Debian's packages that it runs with. */
  packages: string[];
}

const KINDS: { extension: RegExp; shebang: RegExp; packages: string[]; run: string[] }[] = [
  { extension: /\.py$/, shebang: /^python3?$/, packages: ['python3'], run: ['python3'] },
  { extension: /\.[mc]?js$/, shebang: /^node(js)?$/, packages: ['nodejs'], run: ['node'] },
  { extension: /\.sh$/, shebang: /^(sh|dash)$/, packages: [], run: ['sh'] },
  { extension: /\.bash$/, shebang: /^bash$/, packages: [], run: ['bash'] },
  { extension: /\.rb$/, shebang: /^ruby$/, packages: ['ruby'], run: ['ruby'] },
  { extension: /\.pl$/, shebang: /^perl$/, packages: ['perl'], run: ['perl'] },
  { extension: /\.php$/, shebang: /^php$/, packages: ['php-cli'], run: ['php'] },
  { extension: /\.jar$/, shebang: /^java$/, packages: ['default-jre-headless'], run: ['java', '-jar'] },
];

/** Where a program of one's own is in the image. */
const PLACE = '/app';

/**
 * How a file is run in Debian: a first line such as `#!/usr/bin/env python3` goes before the name's extension.
 *
 * @param name its name, without folders
 * @param head its first bytes as Latin-1
 * @returns undefined when neither tells, or the name cannot stand in a Dockerfile
 */
export function programOfFile(name: string, head: string): WorkerProgram | undefined {
  if (!/^[\w.+@ -]+$/.test(name)) return undefined;
  const path = `${PLACE}/${name}`;
  if (head.startsWith('\x7fELF')) return { argv: [path], file: name, packages: [] };
  const shebang = /^#!\s*(?:\S*\/env\s+(?:-S\s+)?)?(?:\S*\/)?([^\s/]+)/.exec(head)?.[1];
  const kind = KINDS.find(one => (shebang === undefined ? one.extension.test(name) : one.shebang.test(shebang)));
  return kind && { argv: [...kind.run, path], file: name, packages: kind.packages };
}

/** A command as argv, run in a copy of the folder. The packages are those of an interpreter that it begins with. */
export function programOfCommand(argv: string[]): WorkerProgram {
  const first = argv[0]?.split('/').at(-1) ?? '';
  return { argv, packages: KINDS.find(one => one.shebang.test(first))?.packages ?? [] };
}

/** The file that takes the messages for the program, copied into the image beside it. */
export function scriptOf(shape: WorkerShape): 'take-item.sh' | 'take-items.py' | undefined {
  if (shape === 'documentation') return undefined;
  return shape === 'strict' ? 'take-item.sh' : 'take-items.py';
}

/** @returns the text of a Dockerfile that gives the program its items in the given shape */
export function dockerfile(program: WorkerProgram, shape: WorkerShape): string {
  const script = scriptOf(shape);
  const takes = shape === 'many-items' ? ['python3', 'python3-pika'] : ['amqp-tools'];
  const packages = [...new Set([...takes, 'ca-certificates', ...program.packages])].sort();
  return [
    'FROM debian:12-slim',
    '',
    shape === 'many-items'
      ? '# python3-pika takes the messages from the queue.'
      : '# amqp-tools brings amqp-consume, which takes one message from the queue.',
    'RUN apt-get update \\',
    `    && apt-get install -y --no-install-recommends ${packages.join(' ')} \\`,
    '    && rm -rf /var/lib/apt/lists/*',
    '',
    ...(packages.includes('python3')
      ? ["# What Python prints is in the Pod's log at once.", 'ENV PYTHONUNBUFFERED=1', '']
      : []),
    ...copies(program),
    ...(script ? [`COPY ${script} /${script}`, `RUN chmod 755 /${script}`] : []),
    '',
    '# The program that does the work for one item: Try Worker on a Line runs it.',
    `LABEL ${WORKER_LABEL}='${list(program.argv).replaceAll("'", '\\u0027')}'`,
    '',
    ...COMMENTS[shape],
    `CMD ${list(command(program, shape))}`,
    '',
  ].join('\n');
}

/** A list in Dockerfile's exec form: words that no shell reads. */
function list(words: string[]): string {
  return `[${words.map(word => JSON.stringify(word)).join(', ')}]`;
}

function copies({ file, argv }: WorkerProgram): string[] {
  if (file === undefined) return [`WORKDIR ${PLACE}`, 'COPY . .'];
  const path = argv.at(-1) ?? '';
  const copy = `COPY ${list([file, path])}`;
  return argv.length === 1 ? [copy, `RUN chmod 755 ${JSON.stringify(path)}`] : [copy];
}

const COMMENTS: Record<WorkerShape, string[]> = {
  strict: [
    '# The message is acknowledged when the worker ended with 0. Otherwise the Pod fails and the message goes back.',
  ],
  documentation: [
    '# As the Kubernetes documentation shows it. amqp-consume exits with 0 even when the worker fails: the Pod counts',
    '# as done, although its message goes back to the queue.',
  ],
  'many-items': [
    '# Takes messages until the queue is empty. Each is acknowledged when the worker ended with 0 for it.',
  ],
};

function command({ argv }: WorkerProgram, shape: WorkerShape): string[] {
  const script = scriptOf(shape);
  if (script) return [`/${script}`, ...argv];
  return ['/bin/sh', '-c', 'exec amqp-consume --url="$BROKER_URL" -q "$QUEUE" -c 1 -- "$@"', 'worker', ...argv];
}
