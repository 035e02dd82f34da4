import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { V1Job } from '@kubernetes/client-node';
import { ClusterError, openCluster } from '../../src/cluster/index.ts';
import { resourcePath } from '../../src/cluster/resourcePath.ts';
import { readManifest } from '../../src/workload/manifest.ts';
import { corpus, type JobFigures, type KubectlSays, recorded, STRICTER, WIDER } from '../corpus/corpus.ts';
import { binary } from '../lab/binaries.ts';
import { attempt } from '../lab/command.ts';
import { inLab, KUBECONFIG } from '../lab/layout.ts';
import { labUp } from '../lab/up.ts';

const LIMIT = { timeout: 60_000 };
const lab = await labUp(() => {});
const cluster = openCluster({ kubeconfig: lab.kubeconfig, namespace: 'default' });
after(() => cluster.close());

const files = corpus();
const kubectl = await askKubectl();

test('what kubectl makes of each file is what is recorded of it', LIMIT, () => {
  const now = Object.fromEntries(
    files.map(({ file }): [string, KubectlSays] => {
      const { jobs, refusals, reading } = kubectl(file);
      const refused = reading ? 'reading' : 'checking';
      return [file, { jobs: jobs.map(figures), ...(refusals.length > 0 ? { refused } : {}) }];
    }),
  );
  assert.ok(files.length >= 200);
  assert.deepEqual(now, recorded());
});

test('the Jobs that are read here are stored by the server as those that kubectl reads', LIMIT, async () => {
  for (const { file, text } of files) {
    if (STRICTER.includes(file) || WIDER.includes(file)) continue;
    const { jobs, refusals } = kubectl(file);
    const read = readManifest(text);
    // Of a file that is refused kubectl sends what stands before the fault; nothing of it is run from here.
    if (read.problems.length > 0 && refusals.length > 0) continue;
    assert.deepEqual(read.problems, [], `${file}: kubectl reads it`);
    const answers = await Promise.all(read.jobs.map(job => dryRun(job.body)));
    const stored = answers.flatMap(answer => (answer instanceof ClusterError ? [] : [answer]));
    assert.deepEqual(stored.map(asKept), jobs.map(asKept), file);
    for (const answer of answers) {
      if (!(answer instanceof ClusterError)) continue;
      const { detail } = answer;
      assert.ok(
        refusals.some(refusal => refusal.includes(detail)),
        `${file}: refused with the words that kubectl is refused with: ${detail}, not ${refusals}`,
      );
    }
    if (answers.length > 0 && refusals.length > 0) assert.ok(stored.length < answers.length, `${file}: refused too`);
  }
});

/** Lets the server check a Job and store nothing. */
async function dryRun(body: object): Promise<V1Job | ClusterError> {
  try {
    const path = resourcePath('batch/v1', cluster.namespace, 'jobs');
    return await cluster.request<V1Job>({
      method: 'POST',
      path,
      query: { dryRun: 'All', fieldValidation: 'Strict' },
      body,
    });
  } catch (error) {
    if (error instanceof ClusterError) return error;
    throw error;
  }
}

/** What `kubectl create` would make of each file, asked for all in one call: the Jobs as the server stores them, and refusals. */
async function askKubectl() {
  const { stdout, stderr } = await attempt(
    [
      ...[binary('kubectl'), '--kubeconfig', KUBECONFIG.admin(), '--cache-dir', inLab('kubectl-cache')],
      ...['--namespace', cluster.namespace],
      ...['create', '--dry-run=server', '--validate=strict', '-o', 'json'],
      ...files.flatMap(({ path }) => ['-f', path]),
    ],
    { timeoutMs: 60_000 },
  );
  const objects = JSON.parse(`[${stdout.trim().replace(/^\}\n\{$/gm, '},\n{')}]`) as V1Job[];
  // Each Job is named after its file: that tells what was made of which.
  const slugOf = (file: string) => file.replace(/\.yaml$/, '').replace('/', '-');
  const slugs = files.map(({ file }) => slugOf(file)).sort((a, b) => b.length - a.length);
  const jobs = Map.groupBy(
    objects.filter(({ kind, apiVersion }) => kind === 'Job' && apiVersion === 'batch/v1'),
    job => slugs.find(slug => `${job.metadata?.name}-`.startsWith(`${slug}-`)),
  );
  const lines = stderr.split(/\n|, (?=error |unable |resource )/).filter(line => !line.startsWith('Warning:'));
  return (file: string) => {
    const refusals = lines.filter(line => line.includes(`corpus/${file}`));
    const reading = refusals.some(line => /^\[?(?:error parsing|error validating|unable to decode)/.test(line));
    return { jobs: jobs.get(slugOf(file)) ?? [], refusals, reading };
  };
}

function figures(job: V1Job): JobFigures {
  const containers = job.spec?.template.spec?.containers ?? [];
  const worker = containers.find(({ env = [] }) => env.some(({ name }) => name === 'QUEUE')) ?? containers[0];
  return {
    name: job.metadata?.generateName ? null : (job.metadata?.name ?? null),
    queue: worker?.env?.findLast(({ name }) => name === 'QUEUE')?.value ?? null,
    image: worker?.image ?? null,
    completions: job.spec?.completions ?? null,
    parallelism: job.spec?.parallelism ?? 0,
  };
}

/** A Job without what the server makes up for each. */
function asKept({ metadata = {}, spec }: V1Job): object {
  const own = (labels: Record<string, string> = {}) =>
    Object.fromEntries(Object.entries(labels).filter(([key]) => !/controller-uid$|job-name$/.test(key)));
  const { generateName, name, labels, annotations } = metadata;
  const template = {
    ...spec?.template,
    metadata: { ...spec?.template.metadata, labels: own(spec?.template.metadata?.labels) },
  };
  return {
    name: generateName ?? name,
    labels: own(labels),
    annotations,
    spec: { ...spec, selector: undefined, template },
  };
}
