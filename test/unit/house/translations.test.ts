import assert from 'node:assert/strict';
import { test } from 'node:test';
import { json, sources } from './sources.ts';

type Texts = Record<string, string>;

/** The first argument of every `l10n.t(…)`, where it is one literal. */
function texts(): { path: string; text: string }[] {
  return sources().flatMap(({ path, text }) =>
    [...text.matchAll(/\bl10n\.t\(\s*(?:(['"`])((?:\\.|(?!\1)[^\\])*)\1)?/g)].map(match => ({
      path,
      text: match[2]?.replaceAll(/\\(.)/g, (_all, char) => (char === 'n' ? '\n' : char)) ?? '',
    })),
  );
}

const places = (text: string) => [...new Set(text.match(/\{\d+\}/g) ?? [])].sort().join(' ');

test('every text in the code is a literal that has a Chinese translation', () => {
  const chinese = json<Texts>('l10n/bundle.l10n.zh-cn.json');
  const found = texts();
  assert.ok(found.length > 100, 'the search for texts finds them');
  assert.deepEqual(
    found.filter(({ text }) => text === '' || !chinese[text]?.trim()).map(({ path, text }) => `${path}: ${text}`),
    [],
  );
});

test('no translation is left over', () => {
  const used = new Set(texts().map(({ text }) => text));
  assert.deepEqual(
    Object.keys(json<Texts>('l10n/bundle.l10n.zh-cn.json')).filter(text => !used.has(text)),
    [],
  );
});

test('a translation has the same places for values as its original', () => {
  const wrong = Object.entries(json<Texts>('l10n/bundle.l10n.zh-cn.json')).filter(
    ([en, zh]) => places(en) !== places(zh),
  );
  assert.deepEqual(wrong, []);
});

test('package.json’s texts are all there, in both languages, and none is left over', () => {
  const used = [...JSON.stringify(json('package.json')).matchAll(/"%([^%"]+)%"/g)].map(match => match[1]);
  const english = json<Texts>('package.nls.json');
  const chinese = json<Texts>('package.nls.zh-cn.json');
  assert.deepEqual(Object.keys(english).sort(), [...new Set(used)].sort());
  assert.deepEqual(Object.keys(chinese).sort(), Object.keys(english).sort());
  for (const [key, text] of Object.entries(chinese)) assert.match(text, /\p{Script=Han}|^Job$|^worker$/u, key);
});

test('only the ui has texts for people', () => {
  const outside = texts().filter(({ path }) => !path.startsWith('ui/'));
  assert.deepEqual(outside, []);
});
