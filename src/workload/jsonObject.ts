import type { Json, JsonObject } from './yamlValue.ts';

/** The value when it is an object, else an empty one. */
export function asObject(value: Json | undefined): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
}
