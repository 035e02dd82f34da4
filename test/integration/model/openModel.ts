import { Model } from '../../../src/model/model.ts';

/**
 * What the extension makes for a workspace that follows no runs and has no job.yaml.
 * @param o.broker the URL that its setting names; undefined: no broker is known
 */
export function openModel(o: { kubeconfig: string; namespace: string; broker: string | undefined }): Model {
  return new Model({
    setting: () => o.broker,
    named: () => [],
    manifests: async () => [],
    login: async () => undefined,
    trusted: () => true,
    kubeconfig: () => o.kubeconfig,
    choice: { get: () => ({ namespace: o.namespace }), set: async () => undefined },
    followed: { get: () => [], set: async () => undefined },
    namespaces: () => [],
    queues: async () => [],
  });
}
