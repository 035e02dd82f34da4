import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheDir } from '../lab/cache.ts';
import { attempt, run } from '../lab/command.ts';

const VERSION = '2.22.1';
/** Half a minute on a good line. */
const DOWNLOAD_TIMEOUT_MS = 5 * 60_000;
const RUN_TIMEOUT_MS = 2 * 60_000;

/** The folder with RabbitMQ's own load generator, fetched with Maven once a machine; or why there is none. */
export async function perfTest(): Promise<{ jars: string } | { absent: string }> {
  for (const [tool, argument] of [
    ['java', '-version'],
    ['mvn', '-version'],
  ] as const) {
    if ((await attempt([tool, argument])).code !== 0) return { absent: `needs ${tool}, which this machine has not` };
  }
  const folder = join(cacheDir(), `perf-test-${VERSION}`);
  const jars = join(folder, 'jars');
  if (existsSync(jars)) return { jars };
  mkdirSync(folder, { recursive: true });
  const project = join(folder, 'pom.xml');
  writeFileSync(project, PROJECT);
  // Moved to its name when complete: a download that was broken off is begun anew.
  const incoming = join(folder, `incoming-${process.pid}`);
  const { code, stdout } = await attempt(
    [
      ...['mvn', '--batch-mode', '--quiet', '--file', project, `-Dmaven.repo.local=${join(folder, 'repository')}`],
      ...['dependency:copy-dependencies', `-DoutputDirectory=${incoming}`],
    ],
    { timeoutMs: DOWNLOAD_TIMEOUT_MS },
  );
  if (code !== 0) {
    rmSync(incoming, { recursive: true, force: true });
    return { absent: `Maven could not fetch it: ${stdout.trim().split('\n')[0]}` };
  }
  renameSync(incoming, jars);
  return { jars };
}

/** Messages a second (its own average) that one PerfTest producer publishes to a queue, confirmed. */
export async function perfTestRate(
  jars: string,
  o: { url: string; queue: string; messages: number; bytes: number; window: number },
): Promise<number> {
  const out = await run(
    [
      ...['java', '-cp', join(jars, '*'), 'com.rabbitmq.perf.PerfTest', '--uri', o.url],
      ...['--producers', '1', '--consumers', '0', '--size', `${o.bytes}`, '--confirm', `${o.window}`],
      ...['--pmessages', `${o.messages}`, '--queue', o.queue, '--predeclared', '--flag', 'persistent'],
    ],
    { timeoutMs: RUN_TIMEOUT_MS },
  );
  const rate = /sending rate avg: (\d+) msg\/s/.exec(out)?.[1];
  if (rate === undefined) throw new Error(`PerfTest did not say its rate:\n${out.slice(-1_000)}`);
  return Number(rate);
}

const PROJECT = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>bench</groupId><artifactId>perf-test</artifactId><version>1</version><packaging>pom</packaging>
  <dependencies>
    <dependency><groupId>com.rabbitmq</groupId><artifactId>perf-test</artifactId><version>${VERSION}</version></dependency>
  </dependencies>
</project>
`;
