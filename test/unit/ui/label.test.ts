import assert from 'node:assert/strict';
import { test } from 'node:test';
import { label } from '../../../src/ui/label.ts';

test('a name without anything special stays as it is', () => {
  assert.equal(label('job1'), 'job1');
  assert.equal(label('任务 (1) [a] $x é'), '任务 (1) [a] $x é');
});

test('a name can neither be a link that runs a command nor draw an icon', () => {
  // What the editor looks for in a message (parseLinkedText) and in a list (parseLabelWithIcons).
  const link = /\[([^\]]+)\]\(((?:https?:\/\/|command:|file:)[^)\s]+)\)/;
  const icon = /\$\([A-Za-z0-9-]+(?:~[A-Za-z]+)?\)/;
  const name = '[Retry](command:workbench.action.quit) $(trash)';
  assert.match(name, link);
  assert.match(name, icon);
  assert.doesNotMatch(label(name), link);
  assert.doesNotMatch(label(name), icon);
  assert.equal(label(name).replaceAll('\u2060', ''), name);
});

test('control characters, direction changes and line ends do not reach a label', () => {
  assert.equal(label('a\x1b[31mb\x07\u202Ec\nd\t\re'), 'abc d e');
});

test('a long text is cut between characters', () => {
  assert.equal(label('🍎'.repeat(10), 4), '🍎🍎🍎…');
  assert.equal(label('x'.repeat(10_000_000), 5), 'xxxx…');
});
