/** What a run adds to the manifest's Job. */
export interface RunFacts {
  name: string;
  namespace: string;
  /** undefined: Pods take messages until there are no more. */
  completions: number | undefined;
  /** Another one than the manifest's. */
  backoffLimit?: number | undefined;
  /** The ledger: what the Job carries so that its account can be made later. */
  annotations: Record<string, string>;
}

/** @returns the manifest's Job with its name, namespace, completions and ledger set; all else, and the manifest, unchanged */
export function runBody(manifest: Record<string, unknown>, run: RunFacts): Record<string, unknown> {
  const { generateName: _, ...metadata } = record(manifest.metadata);
  return {
    ...manifest,
    metadata: {
      ...metadata,
      name: run.name,
      namespace: run.namespace,
      annotations: { ...record(metadata.annotations), ...run.annotations },
    },
    spec: {
      ...record(manifest.spec),
      ...(run.completions === undefined ? {} : { completions: run.completions }),
      ...(run.backoffLimit === undefined ? {} : { backoffLimit: run.backoffLimit }),
    },
  };
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}
