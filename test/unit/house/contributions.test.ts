import assert from 'node:assert/strict';
import { test } from 'node:test';
import { COMMANDS, CONTEXT_KEYS, SETTINGS, TASK_TYPE, VIEWS } from '../../../src/ui/ids.ts';
import { json } from './sources.ts';

interface Manifest {
  activationEvents: string[];
  capabilities: { untrustedWorkspaces: { restrictedConfigurations: string[] } };
  contributes: {
    commands: { command: string }[];
    views: Record<string, { id: string }[]>;
    menus: Record<string, { command: string; when?: string }[]>;
    configuration: { properties: Record<string, unknown> };
    taskDefinitions: { type: string }[];
  };
}

const { contributes, capabilities } = json<Manifest>('package.json');
const sorted = (values: Iterable<string>) => [...values].sort();

test('package.json and the code have the same commands, views, settings and task type', () => {
  assert.deepEqual(sorted(contributes.commands.map(({ command }) => command)), sorted(Object.values(COMMANDS)));
  assert.deepEqual(
    sorted(
      Object.values(contributes.views)
        .flat()
        .map(({ id }) => id),
    ),
    sorted(Object.values(VIEWS)),
  );
  assert.deepEqual(sorted(Object.keys(contributes.configuration.properties)), sorted(Object.values(SETTINGS)));
  assert.deepEqual(
    contributes.taskDefinitions.map(({ type }) => type),
    [TASK_TYPE],
  );
});

test('menus name commands, context keys and views that exist', () => {
  const known = new Set<string>([...Object.values(CONTEXT_KEYS), ...Object.values(VIEWS)]);
  for (const { command, when = '' } of Object.values(contributes.menus).flat()) {
    assert.ok(Object.values<string>(COMMANDS).includes(command), command);
    for (const key of when.match(/\bworkQueue\.[\w.]+/g) ?? []) assert.ok(known.has(key), `${key} in "${when}"`);
  }
});

test('settings that name hosts, files or programs are not taken from an untrusted workspace', () => {
  assert.deepEqual(sorted(capabilities.untrustedWorkspaces.restrictedConfigurations), sorted(Object.values(SETTINGS)));
});
