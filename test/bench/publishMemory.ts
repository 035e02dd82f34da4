import { once } from 'node:events';
import { createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { run } from '../lab/command.ts';
import { inTurns } from './inTurns.ts';
import { benchQueue } from './publishQueue.ts';
import type { Row } from './table.ts';

const FILE_BYTES = 2 ** 30;
const LINE_BYTES = 1024;
const ROUNDS = 1;
const LIMIT_MB = 50;

/** How much larger a process grows (RSS) while it publishes a file of 1 GiB, line by line. */
export async function publishMemory(): Promise<Row[]> {
  // The broker keeps the last ones only: its disk is not what is measured.
  await using queue = await benchQueue({ 'x-max-length': 1_000 });
  const folder = mkdtempSync(join(tmpdir(), 'kwq-bench-'));
  try {
    const file = join(folder, 'lines.txt');
    await writeLines(file);
    const growth = (script: string) => async () => {
      const argv = [process.execPath, join(import.meta.dirname, script), queue.url, queue.name, file];
      return Number(await run(argv, { timeoutMs: 10 * 60_000 }));
    };
    const others = { 'amqplib and readline': growth('publishMemoryBare.ts') };
    // Each is a process of its own: there is nothing to warm up.
    const compared = await inTurns('lower', ROUNDS, growth('publishMemoryOurs.ts'), others, false);
    const row = `growth of memory over a file of ${FILE_BYTES / 2 ** 30} GiB`;
    return [{ row, unit: 'MB', ...compared, limit: LIMIT_MB, ratioLimit: { 'amqplib and readline': 0.95 } }];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function writeLines(file: string): Promise<void> {
  const line = `${'x'.repeat(LINE_BYTES - 1)}\n`;
  const block = Buffer.from(line.repeat(1024));
  const stream = createWriteStream(file);
  for (let written = 0; written < FILE_BYTES; written += block.length) {
    if (!stream.write(block)) await once(stream, 'drain');
  }
  stream.end();
  await finished(stream);
}
