/** What is wrong with a text that should be JSON or CSV. */
export type FormatProblem =
  /** The text begins with something else than `[`. */
  | 'json-no-array'
  /** A character that may not stand there. */
  | 'json-syntax'
  | 'json-too-deep'
  /** The text ends in the middle. */
  | 'json-unfinished'
  /** Something follows the array. */
  | 'json-after-end'
  /** A quoted field is never closed. */
  | 'csv-open-quote'
  /** Text between a closing quote and the next separator. */
  | 'csv-after-quote'
  /** The header has no such column. */
  | 'csv-no-column';

/** A text that is not in the format it is read as. `subject` is the character or the column in question. */
export class FormatError extends Error {
  override readonly name = 'FormatError';
  readonly problem: FormatProblem;
  /** From 1, as in the editor. */
  readonly line: number;
  /** In UTF-16 units, from 1. */
  readonly column: number;
  readonly subject: string;

  constructor(problem: FormatProblem, place: { line: number; column: number }, subject = '') {
    super(`${problem} at ${place.line}:${place.column}`);
    this.problem = problem;
    this.line = place.line;
    this.column = place.column;
    // Half of a pair, which is all there is of a character at the end of a chunk, can't be shown.
    this.subject = subject.isWellFormed() ? subject : '';
  }
}
