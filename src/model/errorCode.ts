/** @returns the code of an error of broker, cluster or system; undefined where it has none */
export const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
