/** Whether it is an object whose fields may be asked for. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The fields of an object; none of anything else. */
export function fieldsOf(value: unknown): Record<string, unknown> {
  return isRecord(value) ? value : {};
}

/** A figure; undefined when it is not given. */
export function count(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

/** A text that says something; RabbitMQ gives null, an empty text or nothing where it has none. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** The texts of a list; undefined when it is not given. */
export function textsOf(value: unknown): string[] | undefined {
  return Array.isArray(value) ? value.filter(item => typeof item === 'string') : undefined;
}
