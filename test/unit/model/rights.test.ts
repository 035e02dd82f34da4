import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Emitter } from '../../../src/model/emitter.ts';
import { allows, RIGHTS, Rights } from '../../../src/model/rights.ts';

const rule = (verbs: string[], apiGroups: string[], resources: string[], resourceNames?: string[]) => ({
  verbs,
  apiGroups,
  resources,
  resourceNames,
});

test('a right is known by verb, group and resource, wildcards among them', () => {
  const may = (...rules: ReturnType<typeof rule>[]) => allows({ rules, incomplete: false }, RIGHTS.patchJobs);
  assert.equal(may(rule(['*'], ['*'], ['*'])), true);
  assert.equal(may(rule(['get', 'patch'], ['batch'], ['jobs'])), true);
  assert.equal(may(rule(['get', 'list'], ['batch'], ['*'])), false);
  assert.equal(may(rule(['patch'], [''], ['jobs'])), false);
  assert.equal(may(rule(['patch'], ['batch'], ['jobs/status'])), false);
  assert.equal(may(), false);
});

test('a subresource is not meant by its resource, but by its own wildcard', () => {
  const may = (resource: string) =>
    allows({ rules: [rule(['get'], [''], [resource])], incomplete: false }, RIGHTS.readLogs);
  assert.deepEqual([may('pods'), may('pods/log'), may('*/log'), may('*')], [false, true, true, true]);
});

test('a right for some names only, or one that may not be listed, is not denied', () => {
  const named = [rule(['patch'], ['batch'], ['jobs'], ['mine'])];
  assert.equal(allows({ rules: named, incomplete: false }, RIGHTS.patchJobs), undefined);
  assert.equal(allows({ rules: [], incomplete: true }, RIGHTS.patchJobs), undefined);
});

function rights(answer: () => { rules: ReturnType<typeof rule>[]; incomplete: boolean }) {
  const onDidChange = new Emitter();
  const asked: string[] = [];
  const cluster = {
    onDidChange,
    place: { context: 'one', namespace: 'n' } as { context: string; namespace: string } | undefined,
    get: async () => ({}),
    api: async () => ({
      reviewRights: async (_cluster: unknown, namespace: string) => {
        asked.push(namespace);
        return answer();
      },
    }),
  };
  const made = new Rights(cluster as unknown as ConstructorParameters<typeof Rights>[0]);
  onDidChange.fire();
  return { rights: made, asked, cluster };
}

test('a namespace is asked about once, until something is refused or the context is another', async () => {
  let allowed = false;
  const made = rights(() => ({ rules: allowed ? [rule(['*'], ['*'], ['*'])] : [], incomplete: false }));
  assert.equal(made.rights.may('patchJobs', 'n'), undefined);
  await Promise.all([made.rights.look('n'), made.rights.look('n')]);
  made.cluster.onDidChange.fire();
  await made.rights.look('n');
  assert.deepEqual(made.asked, ['n']);
  assert.equal(made.rights.may('patchJobs', 'n'), false);
  allowed = true;
  await made.rights.renew('n');
  assert.equal(made.rights.may('patchJobs', 'n'), true);
  made.cluster.place = { context: 'two', namespace: 'n' };
  made.cluster.onDidChange.fire();
  assert.equal(made.rights.may('patchJobs', 'n'), undefined);
});

test('a cluster that does not answer leaves all open, and is asked at the next look', async () => {
  let away = true;
  const made = rights(() => {
    if (away) throw new Error('away');
    return { rules: [], incomplete: false };
  });
  await made.rights.look('n');
  assert.equal(made.rights.may('createJobs', 'n'), undefined);
  away = false;
  await made.rights.look('n');
  assert.equal(made.rights.may('createJobs', 'n'), false);
});
