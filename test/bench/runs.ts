import { ClusterLink } from '../../src/model/clusterLink.ts';
import { Emitter } from '../../src/model/emitter.ts';
import { Runs } from '../../src/model/runs.ts';

/**
 * The runs that the views of a cluster show, without a broker. End both with `close`.
 * @param namespace by default the kubeconfig's
 */
export function openRuns(kubeconfig: string, namespace?: string): { runs: Runs; link: ClusterLink; close: () => void } {
  const link = new ClusterLink({
    kubeconfig: () => kubeconfig,
    choice: { get: () => ({ namespace }), set: async () => undefined },
    trusted: () => true,
  });
  const silent = { details: async () => undefined, redelivered: async () => undefined };
  const unknown = { find: () => undefined, isMissing: () => false, published: () => 0, ...silent };
  const runs = new Runs(
    link,
    { ...unknown, onDidChange: new Emitter(), look: () => ({ dispose: () => undefined }) },
    { followed: { get: () => [], set: async () => undefined }, namespaces: () => [] },
  );
  return {
    runs,
    link,
    close: () => {
      runs.dispose();
      link.dispose();
    },
  };
}
