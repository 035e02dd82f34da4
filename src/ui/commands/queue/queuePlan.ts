import type { QueueDefinition } from '../../../broker/index.ts';

/** How a queue is to be made. */
export interface QueuePlan {
  name: string;
  type: 'classic' | 'quorum';
  /** Whether a queue for its dead letters is made along with it. */
  deadLetters: boolean;
  /** In milliseconds. */
  ttl: number | undefined;
  arguments: Record<string, string | number | boolean>;
}

export const deadLetterQueue = (queue: string): string => `${queue}.dead`;

/** @returns the plan as the broker takes it; what is given as an argument goes before what an option says */
export function definitionOf(plan: QueuePlan): QueueDefinition {
  return {
    type: plan.type,
    arguments: {
      ...(plan.ttl === undefined ? {} : { 'x-message-ttl': plan.ttl }),
      ...(plan.deadLetters
        ? { 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': deadLetterQueue(plan.name) }
        : {}),
      ...plan.arguments,
    },
  };
}

const UNITS: Record<string, number> = { '': 1, ms: 1, s: 1000, min: 60_000, h: 3_600_000, d: 86_400_000 };
/** RabbitMQ keeps times in a timer of the Erlang VM, which takes no more (rabbit_misc:check_expiry/1). */
const LONGEST = 100 * 365 * 86_400_000;

/** @returns milliseconds; undefined where the text is no length of time that RabbitMQ takes */
export function readDuration(text: string): number | undefined {
  const [, number, unit] = /^(\d+)\s*([a-z]*)$/i.exec(text.trim()) ?? [];
  const factor = UNITS[unit?.toLowerCase() ?? '-'];
  if (number === undefined || factor === undefined) return undefined;
  const milliseconds = Number(number) * factor;
  return milliseconds <= LONGEST ? milliseconds : undefined;
}

/** @returns milliseconds in the largest unit that they are a whole number of: "2 h", "90 s", "1500 ms" */
export function durationText(milliseconds: number): string {
  const fitting = Object.entries(UNITS).filter(([unit, factor]) => unit !== '' && milliseconds % factor === 0);
  const [unit = 'ms', factor = 1] = (milliseconds === 0 ? undefined : fitting.at(-1)) ?? [];
  return `${milliseconds / factor} ${unit}`;
}

/** @returns the arguments of `name=value name=value`; or the part that is none */
export function readArguments(text: string): { arguments: QueuePlan['arguments'] } | { problem: string } {
  const args: QueuePlan['arguments'] = {};
  for (const part of text.split(/[\s,]+/).filter(part => part !== '')) {
    const [, name, value] = /^([^=]+)=(.+)$/.exec(part) ?? [];
    if (name === undefined || value === undefined) return { problem: part };
    args[name] = readValue(value);
  }
  return { arguments: args };
}

function readValue(text: string): string | number | boolean {
  if (text === 'true' || text === 'false') return text === 'true';
  const number = Number(text);
  return /^-?\d+(\.\d+)?$/.test(text) && (Number.isSafeInteger(number) || text.includes('.')) ? number : text;
}
