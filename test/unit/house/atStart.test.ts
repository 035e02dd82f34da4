import assert from 'node:assert/strict';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { sources } from './sources.ts';

/** The modules that are loaded along with one, types and what is imported later left out. */
function loadedWith(path: string): Set<string> {
  const texts = new Map(sources().map(source => [source.path, source.text]));
  const loaded = new Set<string>();
  const load = (module: string) => {
    if (loaded.has(module)) return;
    loaded.add(module);
    const text = texts.get(module) ?? '';
    for (const [, names = '', to = ''] of text.matchAll(/^(?:import|export)\s([^;'"]*?\sfrom\s)?['"]([^'"]+)['"]/gm)) {
      if (!names.startsWith('type ')) load(to.startsWith('.') ? join(dirname(module), to) : to);
    }
  };
  load(path);
  return loaded;
}

test('what is loaded at the start reads no YAML: other documents than manifests cost a look at their text', () => {
  const atStart = loadedWith('extension.ts');
  assert.ok(atStart.has('ui/editor/index.ts') && atStart.has('workload/looksLikeRun.ts'));
  for (const late of ['js-yaml', 'workload/manifest.ts', 'workload/yaml.ts', 'workload/manifestJobs.ts']) {
    assert.ok(!atStart.has(late), late);
  }
  for (const part of ['manifests', 'diagnostics', 'lens', 'hover', 'completion', 'quickFixes']) {
    assert.ok(!atStart.has(`ui/editor/${part}.ts`), part);
  }
});
