#!/usr/bin/env node
// Does the work for one item: the body of one message, read from standard input.
// Ending well means that the item is done. An error or process.exit(1) gives the message back to the queue.
import { readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';

async function work(item) {
  console.log(`Processing ${item}`);
  await setTimeout(Number(process.env.WORK_SECONDS ?? '10') * 1000); // Put the real work here.
}

await work(readFileSync(0, 'utf8'));
