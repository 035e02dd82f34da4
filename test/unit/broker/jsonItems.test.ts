import assert from 'node:assert/strict';
import { test } from 'node:test';
import { arrayItems } from '../../../src/broker/jsonItems.ts';

async function read(text: string, pieceBytes: number): Promise<unknown[]> {
  const bytes = Buffer.from(text);
  async function* pieces() {
    for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes);
  }
  const out: unknown[] = [];
  for await (const items of arrayItems(pieces())) out.push(...items);
  return out;
}

test('wherever a list is cut, its objects are the same', async () => {
  const objects = [{ a: 'x"\\{}[],ü🐇' }, {}, { b: [1, { c: null }, '\\'] }, { '"': '\\"' }];
  const text = ` [ ${objects.map(object => JSON.stringify(object)).join(' ,\n ')} ]\n`;
  for (let bytes = 1; bytes <= Buffer.byteLength(text); bytes++) assert.deepEqual(await read(text, bytes), objects);
});

test('an empty list has no objects', async () => {
  assert.deepEqual(await read('[]', 1), []);
});

for (const text of ['', '{"a":1}', '"[{}]"', '[{"a":1}', '[{"a":1},{', '[{"a":tru}]', '[] {}', '<html>']) {
  test(`${text || 'nothing'} is not a list of objects`, async () => {
    await assert.rejects(read(text, 3), SyntaxError);
  });
}
