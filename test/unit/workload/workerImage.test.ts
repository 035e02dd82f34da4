import assert from 'node:assert/strict';
import { test } from 'node:test';
import { workerFindings } from '../../../src/workload/findings/worker.ts';
import { dockerfile, programOfCommand, programOfFile, type WorkerShape } from '../../../src/workload/workerImage.ts';
import { readWorkerLabel } from '../../../src/workload/workerProgram.ts';

test('how a file is run is told by its first line, else by its name', () => {
  const cases: [name: string, head: string, argv: string[] | undefined, packages?: string[]][] = [
    ['a.py', '', ['python3', '/app/a.py'], ['python3']],
    ['a', '#!/usr/bin/env python3\n', ['python3', '/app/a'], ['python3']],
    ['a.sh', '#!/bin/bash\n', ['bash', '/app/a.sh'], []],
    ['a.sh', 'echo', ['sh', '/app/a.sh'], []],
    ['a', '#! /usr/bin/env -S node --x\n', ['node', '/app/a'], ['nodejs']],
    ['a.mjs', '', ['node', '/app/a.mjs'], ['nodejs']],
    ['a.rb', '', ['ruby', '/app/a.rb'], ['ruby']],
    ['a.pl', '', ['perl', '/app/a.pl'], ['perl']],
    ['a.php', '<?php', ['php', '/app/a.php'], ['php-cli']],
    ['a.jar', 'PK', ['java', '-jar', '/app/a.jar'], ['default-jre-headless']],
    ['a', '\x7fELF\x02', ['/app/a'], []],
    ['my tool.py', '', ['python3', '/app/my tool.py'], ['python3']],
    ['a', '', undefined],
    ['a.exe', 'MZ', undefined],
    ['a', '#!/usr/bin/tclsh\n', undefined],
    ['$HOME.py', '', undefined],
    ['a\nRUN x.py', '', undefined],
    ['[a].py', '', undefined],
  ];
  for (const [name, head, argv, packages] of cases) {
    const program = programOfFile(name, head);
    assert.deepEqual([program?.argv, program?.packages], [argv, packages], JSON.stringify([name, head]));
  }
});

test('a Dockerfile installs what the program and the shape need, copies the program and labels it', () => {
  const program = programOfFile('work.js', '');
  assert.ok(program);
  const strict = dockerfile(program, 'strict');
  assert.match(strict, /install -y --no-install-recommends amqp-tools ca-certificates nodejs \\$/m);
  assert.match(strict, /^COPY \["work.js", "\/app\/work.js"\]$/m);
  assert.match(strict, /^CMD \["\/take-item.sh", "node", "\/app\/work.js"\]$/m);
  const many = dockerfile(program, 'many-items');
  assert.match(many, / ca-certificates nodejs python3 python3-pika \\$/m);
  assert.match(many, /^CMD \["\/take-items.py", "node", "\/app\/work.js"\]$/m);
});

test('a command line runs in a copy of the folder, and nothing in it is more than a word', () => {
  const argv = ['python3', 'main.py', "it's", '$HOME', '"', '\\'];
  const text = dockerfile(programOfCommand(argv), 'strict');
  assert.match(text, /^WORKDIR \/app\nCOPY \. \.$/m);
  assert.match(text, / python3 \\$/m);
  assert.deepEqual(readWorkerLabel(/^LABEL work-queue.worker='([^']*)'$/m.exec(text)?.[1]), argv);
  assert.deepEqual(JSON.parse(/^CMD (.*)$/m.exec(text)?.[1] ?? ''), ['/take-item.sh', ...argv]);
});

test('only the shape of the documentation hides failures, and is known for it', () => {
  const hides = (shape: WorkerShape) => {
    const program = { argv: ['/worker.py'], file: 'worker.py', packages: [] };
    const text = dockerfile(program, shape);
    return workerFindings({ dockerfile: text } as Parameters<typeof workerFindings>[0]).length;
  };
  assert.deepEqual([hides('strict'), hides('many-items'), hides('documentation')], [0, 0, 1]);
});
