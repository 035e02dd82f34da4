/**
 * The path of a kind's objects in a namespace, or of one of them.
 * @param apiVersion `v1`, `batch/v1`, `apps/v1`
 * @param parts the object's name and, after it, a subresource
 */
export function resourcePath(apiVersion: string, namespace: string, plural: string, ...parts: string[]): string {
  const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  return [root, 'namespaces', encodeURIComponent(namespace), plural, ...parts.map(encodeURIComponent)].join('/');
}
