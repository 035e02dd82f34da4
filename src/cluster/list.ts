import type { Cluster } from './cluster.ts';

// The API server's own pace for large lists; one page parses without a noticeable stop.
const PAGE = 500;

/** A list as the API server sends it. */
interface List<T> {
  metadata?: { resourceVersion?: string; continue?: string };
  items?: T[] | null;
}

/**
 * Reads a list in pages of 500.
 * @returns the items, and the resourceVersion to watch from
 * @throws ClusterError; status 410 when the list took so long that its place in history is gone
 */
export async function listAll<T>(
  cluster: Cluster,
  o: { path: string; query?: Record<string, string>; signal?: AbortSignal },
): Promise<{ items: T[]; resourceVersion: string }> {
  const items: T[] = [];
  let next: string | undefined;
  for (;;) {
    const page = await cluster.request<List<T>>({
      path: o.path,
      query: { ...o.query, limit: PAGE, continue: next },
      signal: o.signal,
    });
    for (const item of page.items ?? []) items.push(item);
    next = page.metadata?.continue || undefined;
    if (next === undefined) return { items, resourceVersion: page.metadata?.resourceVersion ?? '' };
  }
}
