import type { Cluster, ClusterRequest } from './cluster.ts';

// The API server's own pace for large lists; one page parses without a noticeable stop.
const PAGE = 500;

/** A list as the API server sends it. */
interface List<T> {
  metadata?: { resourceVersion?: string; continue?: string };
  items?: T[] | null;
}

type ListRequest = Pick<ClusterRequest, 'path' | 'query' | 'signal' | 'retry'>;

/**
 * Reads a list in pages of 500, the next one when the last was looked at.
 * @returns pages: their items, and the resourceVersion to watch from (of all of them the same)
 * @throws ClusterError; status 410 when the list took so long that its place in history is gone
 */
export async function* listPages<T>(
  cluster: Cluster,
  o: ListRequest,
): AsyncGenerator<{ items: T[]; resourceVersion: string }> {
  let next: string | undefined;
  do {
    const page = await cluster.request<List<T>>({ ...o, query: { ...o.query, limit: PAGE, continue: next } });
    yield { items: page.items ?? [], resourceVersion: page.metadata?.resourceVersion ?? '' };
    next = page.metadata?.continue || undefined;
  } while (next !== undefined);
}

/** Reads a list as a whole. @throws ClusterError as listPages() */
export async function listAll<T>(cluster: Cluster, o: ListRequest): Promise<{ items: T[]; resourceVersion: string }> {
  const items: T[] = [];
  let resourceVersion = '';
  for await (const page of listPages<T>(cluster, o)) {
    for (const item of page.items) items.push(item);
    resourceVersion = page.resourceVersion;
  }
  return { items, resourceVersion };
}
