import type { Finding, State } from '../findings.ts';

/**
 * amqp-consume exits 0 although the command it ran failed: the Pod counts as done and the item goes back.
 * Judged is what the container runs: the manifest's command, else the Dockerfile's. A script is not looked into.
 */
export function workerFindings({ manifest, dockerfile }: State): Finding[] {
  if (manifest && manifest.command.length > 0) {
    return hidesFailures(manifest.command.join(' ')) ? [finding({ source: 'manifest' })] : [];
  }
  const image = dockerfile === undefined ? undefined : commandOfImage(dockerfile);
  return image && hidesFailures(image.text) ? [finding({ source: 'Dockerfile', line: image.line })] : [];
}

function finding(proof: Record<string, number | string>): Finding {
  const remedies: Finding['remedies'] = [{ action: 'use-strict-worker', numbers: {} }];
  return { code: 'worker-hides-failures', severity: 'will-go-wrong', proof, remedies };
}

/** Only a marker that the worker leaves when it ended well, asked for after amqp-consume, makes the container fail. */
function hidesFailures(command: string): boolean {
  const script = unwrapped(command);
  if (!/(?:^|[\s/;&|('"])amqp-consume(?=\s|$)/.test(script)) return false;
  const afterwards = withoutQuoted(script.slice(script.indexOf('amqp-consume')));
  return !/(?:&&|;|\n)\s*(?:exec\s+)?(?:test|\[)\s+-[efs]\s/.test(afterwards);
}

/** The script of `sh -c "…"`. */
function unwrapped(command: string): string {
  const shell = /^\s*(?:exec\s+)?(?:\S*\/)?(?:ba|da)?sh\s+-\w*c\s+/.exec(command);
  if (!shell) return command;
  const script = command.slice(shell[0].length).trim();
  const quote = script.charAt(0);
  if ((quote !== '"' && quote !== "'") || !script.endsWith(quote) || script.length < 2) return script;
  return quote === '"' ? script.slice(1, -1).replaceAll('\\"', '"') : script.slice(1, -1);
}

/** What is in quotes is an argument, such as the script that amqp-consume runs. */
function withoutQuoted(script: string): string {
  return script.replace(/'[^']*'|"(?:[^"\\]|\\.)*"/gs, "''");
}

/** ENTRYPOINT and CMD of the last stage, as one command; line: of the later of the two, counted from 1. */
function commandOfImage(dockerfile: string): { text: string; line: number } | undefined {
  let entrypoint: { text: string; line: number } | undefined;
  let command: { text: string; line: number } | undefined;
  for (const { text, line } of instructions(dockerfile)) {
    const [, name = '', rest = ''] = /^\s*(\w+)\s+([\s\S]*)$/.exec(text) ?? [];
    if (/^FROM$/i.test(name)) [entrypoint, command] = [undefined, undefined];
    else if (/^ENTRYPOINT$/i.test(name)) [entrypoint, command] = [{ text: execForm(rest), line }, undefined];
    else if (/^CMD$/i.test(name)) command = { text: execForm(rest), line };
  }
  const last = command ?? entrypoint;
  return (
    last && { text: [entrypoint?.text, command?.text].filter(text => text !== undefined).join(' '), line: last.line }
  );
}

/** The instructions, with continued lines joined and comments left out. */
function instructions(dockerfile: string): { text: string; line: number }[] {
  const found: { text: string; line: number }[] = [];
  let open = false;
  for (const [index, text] of dockerfile.split(/\r\n|\n|\r/).entries()) {
    if (/^\s*(?:#|$)/.test(text)) continue;
    const continued = /\\\s*$/.test(text);
    const part = text.replace(/\\\s*$/, ' ');
    const last = found.at(-1);
    if (open && last) last.text += part;
    else found.push({ text: part, line: index + 1 });
    open = continued;
  }
  return found;
}

/** `["a", "b"]` as `a b`; the shell form as it is. */
function execForm(rest: string): string {
  try {
    const list: unknown = JSON.parse(rest);
    if (Array.isArray(list)) return list.join(' ');
  } catch {
    // The shell form.
  }
  return rest.trim();
}
