import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { attempt, run } from '../lab/command.ts';
import { inTurns } from './inTurns.ts';
import { benchQueue } from './publishQueue.ts';
import type { Row } from './table.ts';

const ROUNDS = 15;

/** From nothing to the first message confirmed, each time in a new process and with code that is bundled as ours is. */
export async function publishCold(): Promise<Row[]> {
  await using queue = await benchQueue({});
  const folder = mkdtempSync(join(tmpdir(), 'kwq-bench-'));
  try {
    await build({
      entryPoints: ['publishColdOurs.ts', 'publishColdBare.ts'].map(file => join(import.meta.dirname, file)),
      outdir: folder,
      outExtension: { '.js': '.mjs' },
      bundle: true,
      minify: true,
      platform: 'node',
      format: 'esm',
      // amqplib is CommonJS.
      banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
    });
    const cold = (name: string) => async () =>
      Number(await run([process.execPath, join(folder, `${name}.mjs`), queue.url, queue.name]));
    const tools = (await attempt(['amqp-publish', '--help'])).code !== 127;
    const tool = async () => {
      const started = performance.now();
      await run(['amqp-publish', `--url=${queue.url}`, '-r', queue.name, '-p', '-b', 'apple']);
      return performance.now() - started;
    };
    const compared = await inTurns('lower', ROUNDS, cold('publishColdOurs'), {
      amqplib: cold('publishColdBare'),
      ...(tools ? { 'amqp-publish, unconfirmed': tool } : {}),
    });
    const row = 'the first message confirmed: loading, connecting, publishing';
    return [{ row, unit: 'ms', ...compared, ratioLimit: { amqplib: 0.95 } }];
  } finally {
    rmSync(folder, { recursive: true });
  }
}
