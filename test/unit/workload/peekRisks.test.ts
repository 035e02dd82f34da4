import assert from 'node:assert/strict';
import { test } from 'node:test';
import { peekRisks } from '../../../src/workload/peekRisks.ts';

const idle = { consumers: 0, deliveryLimit: undefined };

test('looking into a classic queue that nobody consumes marks its messages, and nothing else', () => {
  assert.deepEqual(peekRisks({ type: 'classic', version: '4.0.5', ...idle }), {
    risks: ['redelivered'],
    refuse: false,
  });
});

test('looking into a quorum queue counts against its delivery limit before RabbitMQ 4.3, and is refused then', () => {
  for (const version of ['3.13.7', '4.0.5', '4.2.9', '4.2', '']) {
    assert.deepEqual(
      peekRisks({ type: 'quorum', version, ...idle }),
      { risks: ['redelivered', 'order', 'delivery-limit'], refuse: true },
      version,
    );
  }
  for (const version of ['4.3.0', '4.3.0-rc.1', '4.10.1', '5.0.0', '10.1']) {
    assert.deepEqual(
      peekRisks({ type: 'quorum', version, ...idle }),
      { risks: ['redelivered', 'order'], refuse: false },
      version,
    );
  }
});

test('looking while consumers run is refused', () => {
  assert.deepEqual(peekRisks({ type: 'classic', version: '4.0.5', consumers: 2, deliveryLimit: undefined }), {
    risks: ['redelivered', 'order', 'consumers'],
    refuse: true,
  });
});

test('what is not known of a queue is a risk, and no reason to refuse', () => {
  assert.deepEqual(peekRisks({ type: '', version: '4.0.5', consumers: undefined, deliveryLimit: undefined }), {
    risks: ['redelivered', 'order', 'delivery-limit', 'consumers'],
    refuse: false,
  });
});

test('looking into a quorum queue without a delivery limit is not counted against one', () => {
  assert.deepEqual(peekRisks({ type: 'quorum', version: '4.0.5', consumers: 0, deliveryLimit: -1 }), {
    risks: ['redelivered', 'order'],
    refuse: false,
  });
});
