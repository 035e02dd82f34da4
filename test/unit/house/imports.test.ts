import assert from 'node:assert/strict';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { sources } from './sources.ts';

/** Which layers a layer may import: one way through the house. */
const MAY: Record<string, string[]> = {
  extension: ['ui', 'model', 'workload'],
  ui: ['ui', 'model', 'broker', 'cluster', 'workload'],
  // What runs in a webview takes types from the ui, and what is pure from the model; nobody imports it.
  page: ['page', 'ui', 'model'],
  model: ['model', 'broker', 'cluster', 'workload'],
  broker: ['broker', 'workload'],
  cluster: ['cluster', 'workload'],
  workload: ['workload'],
};
const PACKAGES: Record<string, string[]> = {
  extension: ['vscode'],
  ui: ['vscode', 'node:', 'js-yaml'],
  page: ['uplot'],
  model: ['node:'],
  broker: ['node:', 'amqplib'],
  cluster: ['node:', '@kubernetes/client-node'],
  workload: ['js-yaml'],
};

const layerOf = (path: string) =>
  path.includes('/page/') ? 'page' : path.includes('/') ? path.slice(0, path.indexOf('/')) : path.replace(/\.ts$/, '');

interface Import {
  from: string;
  to: string;
  kind: 'type' | 'value' | 'late';
}

function imports(): Import[] {
  return sources().flatMap(({ path, text }) => {
    const fixed = [...text.matchAll(/^(?:import|export)\s+(type\s)?(?:[^;'"]*?\sfrom\s)?['"]([^'"]+)['"]/gm)].map(
      (match): Import => ({ from: path, to: match[2] ?? '', kind: match[1] ? 'type' : 'value' }),
    );
    const late = [...text.matchAll(/(typeof )?import\(['"]([^'"]+)['"]\)/g)].map(
      (match): Import => ({ from: path, to: match[2] ?? '', kind: match[1] ? 'type' : 'late' }),
    );
    return [...fixed, ...late];
  });
}

test('imports go one way: extension, ui, model, broker and cluster, workload', () => {
  const wrong = imports()
    .filter(({ to }) => to.startsWith('.'))
    .filter(({ from, to }) => !MAY[layerOf(from)]?.includes(layerOf(join(dirname(from), to))));
  assert.deepEqual(wrong, []);
});

test('each layer imports only its packages; vscode only the ui', () => {
  const wrong = imports()
    .filter(({ to, kind }) => !to.startsWith('.') && kind !== 'type')
    .filter(
      ({ from, to }) =>
        !PACKAGES[layerOf(from)]?.some(name => to === name || (name === 'node:' && to.startsWith(name))),
    );
  assert.deepEqual(wrong, []);
});

test('the large parts are loaded late: ui and model import broker and cluster only as types or by import()', () => {
  const wrong = imports()
    .filter(({ from, kind }) => ['extension', 'ui', 'model'].includes(layerOf(from)) && kind === 'value')
    .filter(({ from, to }) => to.startsWith('.') && ['broker', 'cluster'].includes(layerOf(join(dirname(from), to))));
  assert.deepEqual(wrong, []);
});

test('only one file reads the configuration', () => {
  const readers = sources().filter(({ text }) => text.includes('getConfiguration('));
  assert.deepEqual(
    readers.map(({ path }) => path),
    ['ui/settings.ts'],
  );
});
