import type { RightsReview } from '../cluster/index.ts';
import type { ClusterLink } from './clusterLink.ts';
import { Emitter } from './emitter.ts';

/** What a person may or may not do, as verb, API group and resource. */
export const RIGHTS = {
  createJobs: { verb: 'create', group: 'batch', resource: 'jobs' },
  patchJobs: { verb: 'patch', group: 'batch', resource: 'jobs' },
  deleteJobs: { verb: 'delete', group: 'batch', resource: 'jobs' },
  readLogs: { verb: 'get', group: '', resource: 'pods/log' },
  exec: { verb: 'create', group: '', resource: 'pods/exec' },
  patchPods: { verb: 'patch', group: '', resource: 'pods' },
} as const;
export type Right = keyof typeof RIGHTS;

/** What the user may do, by namespace: one review each, kept until it proves wrong or the cluster is another. */
export class Rights {
  readonly onDidChange = new Emitter();
  readonly #cluster: Pick<ClusterLink, 'api' | 'get' | 'place' | 'onDidChange'>;
  readonly #reviews = new Map<string, Promise<RightsReview | undefined>>();
  readonly #known = new Map<string, RightsReview>();
  #context: string | undefined;

  constructor(cluster: Pick<ClusterLink, 'api' | 'get' | 'place' | 'onDidChange'>) {
    this.#cluster = cluster;
    cluster.onDidChange.on(() => {
      if (cluster.place !== undefined && cluster.place.context === this.#context) return;
      this.#context = cluster.place?.context;
      this.#reviews.clear();
      this.#known.clear();
    });
  }

  /** undefined: not known (yet), or not all rights could be listed; it is then best tried. */
  may(right: Right, namespace: string): boolean | undefined {
    const review = this.#known.get(namespace);
    return review && allows(review, RIGHTS[right]);
  }

  /** Asks for the rights in a namespace, unless they are known; a cluster that does not answer is asked at the next look. */
  async look(namespace: string): Promise<void> {
    if (this.#reviews.has(namespace)) await this.#reviews.get(namespace);
    else await this.renew(namespace);
  }

  /** Asks anew: something was refused that was thought to be allowed, or the other way round. */
  async renew(namespace: string): Promise<void> {
    const review = this.#review(namespace);
    this.#reviews.set(namespace, review);
    const known = await review;
    if (this.#reviews.get(namespace) !== review) return;
    if (known) this.#known.set(namespace, known);
    else this.#reviews.delete(namespace);
    this.onDidChange.fire();
  }

  async #review(namespace: string): Promise<RightsReview | undefined> {
    try {
      const { reviewRights } = await this.#cluster.api();
      return await reviewRights(await this.#cluster.get(), namespace);
    } catch {
      return undefined;
    }
  }
}

/** @returns whether the rules allow it; undefined where they do for some names only, or may not be all */
export function allows(
  { rules, incomplete }: RightsReview,
  { verb, group, resource }: (typeof RIGHTS)[Right],
): boolean | undefined {
  const [, subresource] = resource.split('/');
  const resources = ['*', resource, ...(subresource === undefined ? [] : [`*/${subresource}`])];
  const has = (of: string[] | undefined, any: string[]) => of?.some(each => any.includes(each)) ?? false;
  const fitting = rules.filter(
    rule => has(rule.verbs, ['*', verb]) && has(rule.apiGroups, ['*', group]) && has(rule.resources, resources),
  );
  if (fitting.some(({ resourceNames }) => !resourceNames?.length)) return true;
  return fitting.length > 0 || incomplete ? undefined : false;
}
