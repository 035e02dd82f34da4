import './editorStub.ts';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Run } from '../../../src/model/runs.ts';
import type { StartUp } from '../../../src/workload/startup.ts';

const { readKept, readMessage } = await import('../../../src/ui/dashboard/fromPage.ts');
const { savedPage } = await import('../../../src/ui/dashboard/savedPage.ts');
const { eventsCard, findingCards, startUpCard } = await import('../../../src/ui/dashboard/dashboardWords.ts');

test('a page’s messages are taken for what they must be, and nothing else', () => {
  assert.deepEqual(readMessage({ kind: 'ready', more: 1 }), { kind: 'ready' });
  for (const wrong of [
    undefined,
    null,
    'ready',
    {},
    { kind: 'run' },
    { kind: 'remedy' },
    { kind: 'picture', png: '<' },
  ]) {
    assert.equal(readMessage(wrong), undefined);
  }
  assert.deepEqual(readMessage({ kind: 'picture', png: 'iVBORw0K' }), { kind: 'picture', png: 'iVBORw0K' });
});

test('a theme brings colours and fonts into a saved page, and no other style', () => {
  const theme = {
    '--vscode-foreground': '#cccccc',
    '--vscode-font-family': '-apple-system, "Segoe UI", sans-serif',
    '--vscode-x': 'red;} body{display:none',
    '--vscode-y': '</style><script>',
    '--other': 'red',
  };
  assert.deepEqual(readMessage({ kind: 'page', theme, body: 'vscode-dark" onload="x' }), {
    kind: 'page',
    theme: { '--vscode-foreground': '#cccccc', '--vscode-font-family': '-apple-system, "Segoe UI", sans-serif' },
    body: '',
  });
});

test('what a page left is read again, without what is no figure', () => {
  const subject = { uid: 'u', name: 'fruit', namespace: 'n' };
  const kept = readKept({ subject, samples: [{ at: 2, ready: 1, owed: 'x' }, { at: 1 }, { at: 'now' }, null] });
  assert.deepEqual(
    kept?.samples.map(({ at, ready, owed }) => [at, ready, owed]),
    [
      [1, undefined, undefined],
      [2, 1, undefined],
    ],
  );
  for (const wrong of [undefined, 1, {}, { subject: { uid: 1 } }]) assert.equal(readKept(wrong), undefined);
});

test('a saved page holds hostile texts as data: nothing in them begins or ends an element', () => {
  const events = eventsCard([
    { at: 1, type: 'Warning', reason: 'Bad', object: 'Pod/x', message: '</script><script>alert(1)</script>', count: 1 },
  ]);
  const html = savedPage({
    script: 'show("</script>")',
    style: 'p{}',
    theme: { kind: 'page', theme: {}, body: 'vscode-dark' },
    data: { now: 1, events },
  });
  assert.equal(html.match(/<script/g)?.length, 2);
  assert.equal(html.match(/<\/script>/g)?.length, 2);
  const json = /id="saved">(.*?)<\/script>/.exec(html)?.[1] ?? '';
  assert.equal(JSON.parse(json).events.rows[0].message, '</script><script>alert(1)</script>');
  assert.match(html, /default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-[\w+/=]{44}'/);
});

test('the latest events come first, each on one line', () => {
  const event = (at: number, count: number) => ({
    at,
    type: 'Normal',
    reason: 'R',
    object: 'Job/x',
    message: 'a\nb',
    count,
  });
  const { rows } = eventsCard(Array.from({ length: 50 }, (_, at) => event(at, at === 49 ? 3 : 1)));
  assert.equal(rows.length, 30);
  assert.equal(rows[0]?.reason, 'R × 3');
  assert.equal(rows[0]?.message, 'a b');
});

test('a remedy that a command does is a button; one that is to be done by hand is said', () => {
  const run = {
    job: { uid: 'j', queue: 'q' },
    findings: [
      {
        code: 'queue-missing',
        severity: 'has-gone-wrong',
        proof: { queue: 'q' },
        remedies: [
          { action: 'create-queue', numbers: {} },
          { action: 'give-memory', numbers: {} },
        ],
      },
    ],
  } as unknown as Run;
  const [card] = findingCards(run);
  assert.deepEqual(
    card?.remedies.map(({ action }) => action),
    ['create-queue', undefined],
  );
  assert.equal(card?.severityWord, 'Has gone wrong');
});

test('a finding has all that can be done about it, as below its Job', () => {
  const finding = {
    code: 'pods-not-consuming',
    severity: 'has-gone-wrong',
    proof: { queue: 'q', ready: 3 },
    remedies: [{ action: 'show-log', numbers: {} }],
  };
  const [card] = findingCards({ job: { uid: 'j', queue: 'q' }, findings: [finding] } as unknown as Run);
  assert.deepEqual(
    card?.remedies.map(({ action }) => action),
    ['replace-job', 'show-log'],
  );
});

test('what the nodes had room for is counted, also where it was one Pod', () => {
  const found = (room: StartUp['advice']['room']): StartUp => ({
    pods: 3,
    startUpMs: 100,
    workMs: 900,
    share: 0.1,
    advice: { grain: 'coarse', itemsPerPod: 1, room },
  });
  const sentence = (room: StartUp['advice']['room']) =>
    startUpCard(found(room), { parallelism: 1, peak: 1 }).sentences[1];
  assert.match(sentence('full') ?? '', /had room for 1 Pod at once/);
  assert.match(sentence('more') ?? '', /as parallelism allows \(1\) ran at once/);
});
