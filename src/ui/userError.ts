import type { CommandId } from './ids.ts';

/** A button below a message. */
export interface Action {
  label: string;
  command: CommandId;
  args?: unknown[];
}

/**
 * What a person is told when a command cannot go on: `text` is already in their language and says
 * what is wrong and what to do; `actions` are the next steps as buttons. With `warning` it is shown
 * as a warning: nothing is broken, something just has to be done first.
 */
export class UserError extends Error {
  readonly text: string;
  readonly actions: readonly Action[];
  readonly warning: boolean;

  constructor(text: string, options: { actions?: Action[]; warning?: boolean } = {}) {
    super(text);
    this.name = 'UserError';
    this.text = text;
    this.actions = options.actions ?? [];
    this.warning = options.warning ?? false;
  }
}

/** Commands are loaded as a part of their own, which has its own copy of the class: known by name. */
export const isUserError = (error: unknown): error is UserError => error instanceof Error && error.name === 'UserError';
