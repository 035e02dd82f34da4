import assert from 'node:assert/strict';
import { test } from 'node:test';
import { productionPattern } from '../../../src/ui/productionPattern.ts';

const broker = 'amqp://app@mq.prod.example.com:5672/shop';

test('a part of the broker’s URL or of the context’s name makes it production', () => {
  assert.equal(productionPattern(['prod'], [broker, 'lab']), 'prod');
  assert.equal(productionPattern(['nothing', 'gke-*-live'], [broker, 'gke-eu-1-live']), 'gke-*-live');
  assert.equal(productionPattern(['PROD*/shop'], [broker]), 'PROD*/shop');
  assert.equal(productionPattern(['*'], [broker]), '*');
});

test('what matches neither is no production, and an empty pattern matches nothing', () => {
  assert.equal(productionPattern([], [broker]), undefined);
  assert.equal(productionPattern(['', '  '], [broker]), undefined);
  assert.equal(productionPattern(['live', 'shop*prod'], [broker, 'lab']), undefined);
  assert.equal(productionPattern(['prod.'], ['nonproduction']), undefined);
});

test('the parts of a pattern do not lie over each other, and many stars take no time', () => {
  assert.equal(productionPattern(['aba*ba'], ['aba']), undefined);
  assert.equal(productionPattern([`${'*a'.repeat(5000)}b`], ['a'.repeat(5000)]), undefined);
});
