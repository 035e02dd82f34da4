/** A line of a chart: `name` for people, `key` its class in the style sheet, which has its colour. */
export interface Line<S> {
  key: string;
  name: string;
  /** undefined: not known, and the line is broken. */
  value(sample: S): number | undefined;
  /** Where it is drawn, when that is not its value: on top of other lines. */
  height?(sample: S): number | undefined;
  /** {0}: the number; without it the number stands alone. */
  unit?: string;
}
