import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { readContexts } from '../../src/cluster/index.ts';
import { cacheDir } from '../lab/cache.ts';
import { kubectl } from '../lab/kubectl.ts';
import type { LabStatus } from '../lab/status.ts';
import { labUp } from '../lab/up.ts';
import { packageExtension } from '../package.ts';
import { openEditor, withEvidence } from './editor/driver.ts';
import { installEditor } from './editor/install.ts';
import { startServer } from './editor/server.ts';
import { type WalkResult, walk } from './walk.ts';
import { warnings } from './warnings.ts';

/**
 * npm run demo: a real VS Code with the extension, and samples/fruit open, in front of the lab's cluster; or of the
 * cluster of `--context NAME`, and then nothing on the machine is changed but the cache folder. With `--headless` it
 * walks the whole workflow instead, and the last line is what came of it.
 */
const { values } = parseArgs({ options: { context: { type: 'string' }, headless: { type: 'boolean' } } });
const report = (line: string) => console.log(line);
const demoFolder = join(cacheDir(), 'demo');
const ended = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => ended.abort(new Error('Ended.')));

try {
  if (values.headless && values.context !== undefined)
    throw new Error('--headless walks in the lab, which has a registry of its own: leave --context out.');
  await mkdir(demoFolder, { recursive: true });
  if (values.headless) await demoHeadless();
  else await demoForPerson(values.context);
} catch (error) {
  if (!ended.signal.aborted) console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

async function demoForPerson(context?: string): Promise<void> {
  const env = context === undefined ? labEnvironment(await labUp(report)) : await contextEnvironment(context);
  const install = await installEditor(report, ended.signal);
  const extension = await packaged();
  const folder = await freshSample(join(demoFolder, 'fruit'));
  // The programs that a person's kubeconfig names for its credentials look for their files in that person's HOME.
  const home = context === undefined ? undefined : homedir();
  const server = await startServer({ install, extensions: [extension], env, home, signal: ended.signal });
  try {
    const image =
      context === undefined ? '127.0.0.1:5000/fruit/job-wq-1' : 'one that you may push to the registry of your cluster';
    report('');
    report(`  Open in your browser:  ${server.address}/?folder=${encodeURIComponent(folder)}`);
    report(`  The image's name, when it is asked for:  ${image}`);
    report('  Begin in the activity bar at the left, at "Work Queues"; the README of the folder goes on from there.');
    report(
      `  Ctrl+C ends the editor.${context === undefined ? ' The lab stays up; "npm run lab -- down" ends it.' : ''}`,
    );
    await new Promise(resolve => ended.signal.addEventListener('abort', resolve, { once: true }));
  } finally {
    await server.stop();
  }
}

async function demoHeadless(): Promise<void> {
  const lab = await labUp(report);
  const extension = await packaged();
  const parent = await mkdtemp(join(demoFolder, 'walk-'));
  const namespace = `demo-${Date.now().toString(36)}`;
  await kubectl(['create', 'namespace', namespace]);
  try {
    const folder = await freshSample(join(parent, 'fruit'));
    const editor = await openEditor({
      folder,
      extensions: [extension],
      env: labEnvironment(lab),
      report,
      signal: ended.signal,
    });
    try {
      const image = `${lab.registry}/${namespace}/job-wq-1`;
      const options = { editor, namespace, image, report };
      const result = await withEvidence(editor, 'demo', async () => {
        const good = await walk(options);
        for (const { job, finding } of await warnings(options)) report(`of ${job} the editor said: ${finding}`);
        return good;
      });
      if (!isAsItShouldBe(result)) process.exitCode = 1;
      console.log(JSON.stringify(result));
    } finally {
      await editor.close();
    }
  } finally {
    await kubectl(['delete', 'namespace', namespace, '--wait=false']);
    await rm(parent, { recursive: true, force: true });
  }
}

function isAsItShouldBe({ items, succeeded, failed, left, completions }: WalkResult): boolean {
  return items === 8 && succeeded === 8 && failed === 0 && left === 0 && completions === 8;
}

async function packaged(): Promise<string> {
  report('packaging the extension');
  return packageExtension();
}

async function freshSample(folder: string): Promise<string> {
  await rm(folder, { recursive: true, force: true });
  await cp(join(import.meta.dirname, '../../samples/fruit'), folder, { recursive: true });
  return folder;
}

function labEnvironment(lab: LabStatus): Record<string, string> {
  const folders = [dirname(lab.docker), dirname(lab.kubectl), process.env.PATH];
  return { KUBECONFIG: lab.kubeconfig, DOCKER_HOST: lab.dockerHost, PATH: folders.join(delimiter) };
}

/**
 * The person's own kubeconfig, behind a file that names the context: of several files, the first that names the
 * current one wins, so that neither is theirs changed nor a copy made.
 */
async function contextEnvironment(context: string): Promise<Record<string, string>> {
  const { contexts, files } = readContexts();
  if (!contexts.some(({ name }) => name === context))
    throw new Error(
      `The kubeconfig has no context "${context}", but ${contexts.map(({ name }) => name).join(', ') || 'none at all'}.`,
    );
  const chosen = join(demoFolder, 'context.yaml');
  await writeFile(chosen, `apiVersion: v1\nkind: Config\ncurrent-context: ${JSON.stringify(context)}\n`);
  return { KUBECONFIG: [chosen, ...files].join(delimiter) };
}
