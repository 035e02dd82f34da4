import { changesOnly, placeIn, specOf } from './manifestEdit.ts';
import { containersOf, type JobPlace } from './manifestJobs.ts';
import { walk } from './yamlCursor.ts';
import type { TextEdit } from './yamlEdit.ts';

const VALUE = `(?:"[^"]*"|'[^']*'|[^\\s"']+)`;
/** amqp-consume's options before the command that it runs (rabbitmq-c 0.11), but for --no-ack, which loses messages. */
const OPTION = `(?:-[xd]|--(?:declare|exclusive|ssl)|-[qercpus]\\s*${VALUE}|--(?!no-ack|declare|exclusive|ssl)[a-z-]+(?:=|\\s+)${VALUE})`;
const SCRIPT = new RegExp(
  `^\\s*(?:exec\\s+)?((?:\\S*/)?amqp-consume(?:\\s+${OPTION})*)\\s+(?:--\\s+)?([^-\\s][^]*?)\\s*$`,
);

/**
 * A shell script around amqp-consume, so that it fails when the worker fails: only a worker that ended well leaves the
 * mark that is asked for afterwards. undefined for a script that is more than one amqp-consume with one plain command.
 */
export function strictScript(script: string): string | undefined {
  const [, consume, worker] = SCRIPT.exec(script) ?? [];
  if (!consume || !worker || /['"`|&;<>\n]/.test(worker)) return undefined;
  if (!/\s(?:-c\s*|--count[=\s]\s*)1(?=\s|$)/.test(consume)) return undefined;
  return `${consume} -- sh -c 'cat >/tmp/item && ${worker} </tmp/item && : >/tmp/ok' && test -e /tmp/ok`;
}

/**
 * The one replacement that makes the script in a worker's command or args a strict one; undefined where there is no such
 * script, or where changing it would change something else.
 *
 * @param job index into readManifest's jobs
 */
export function strictEdit(text: string, job = 0): TextEdit | undefined {
  const place = placeIn(text, job);
  if (!place) return undefined;
  const holder = (at: JobPlace) => containersOf(at.value)[at.worker] ?? {};
  for (const field of ['command', 'args']) {
    const list = holder(place)[field];
    if (!Array.isArray(list)) continue;
    for (const [index, script] of list.entries()) {
      const strict = typeof script === 'string' ? strictScript(script) : undefined;
      const at = walk(specOf(place), 'template', 'spec', 'containers', place.worker, field, index);
      if (strict === undefined || at?.node.kind !== 'scalar' || at.borrowed || !at.node.span) continue;
      const { span, quote } = at.node;
      const edit = { span: { start: span.start - quote, end: span.end + quote }, text: JSON.stringify(strict) };
      return changesOnly(text, edit, job, holder, [field], list.with(index, strict)) ? edit : undefined;
    }
  }
  return undefined;
}
