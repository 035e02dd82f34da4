/** A cluster on this machine whose own program puts images on its nodes: no registry is needed. */
export interface LocalCluster {
  tool: 'kind' | 'minikube' | 'k3d';
  /** The cluster's name as that program knows it. */
  name: string;
}

/** kind and k3d allow these names, minikube's profiles are no wider; a name is an argument of their programs. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;
/** minikube's own networks: 192.168.49.0/24 and each ninth after it for docker and podman, 39 for KVM, 59 for VirtualBox. */
const MINIKUBE_SERVER = /^192\.168\.(?:49|58|67|76|85|94|103|112|39|59)\.\d+:8443$/;

/**
 * The local cluster behind a context. The names are those that kind, k3d and minikube give their contexts; a context of
 * such a name whose server is far away is something else.
 * @param o.server the API server's URL
 */
export function localCluster(o: { context: string; server: string }): LocalCluster | undefined {
  const found = byName(o);
  return found && NAME.test(found.name) ? found : undefined;
}

function byName({ context, server }: { context: string; server: string }): LocalCluster | undefined {
  const url = URL.parse(server);
  if (!url || !isNear(url.hostname)) return undefined;
  const [, tool, name] = /^(kind|k3d)-(.+)$/.exec(context) ?? [];
  if (name !== undefined) return { tool: tool === 'kind' ? 'kind' : 'k3d', name };
  const isMinikube = context === 'minikube' || MINIKUBE_SERVER.test(url.host);
  return isMinikube ? { tool: 'minikube', name: context } : undefined;
}

function isNear(host: string): boolean {
  return (
    /^(?:localhost|0\.0\.0\.0|\[::1?\]|host\.(?:docker|k3d)\.internal)$/.test(host) ||
    /^(?:127|10)\.\d+\.\d+\.\d+$/.test(host) ||
    /^192\.168\.\d+\.\d+$/.test(host) ||
    /^172\.(?:1[6-9]|2\d|3[01])\.\d+\.\d+$/.test(host)
  );
}
