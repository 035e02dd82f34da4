import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  definitionOf,
  durationText,
  type QueuePlan,
  readArguments,
  readDuration,
} from '../../../../src/ui/commands/queue/queuePlan.ts';

const plan: QueuePlan = { name: 'job1', type: 'classic', deadLetters: false, ttl: undefined, arguments: {} };

test('a queue without options is made as amqp-declare-queue makes it', () => {
  assert.deepEqual(definitionOf(plan), { type: 'classic', arguments: {} });
});

test('dead letters go to the queue of the same name with .dead, by the exchange that every broker has', () => {
  assert.deepEqual(definitionOf({ ...plan, type: 'quorum', deadLetters: true, ttl: 5000 }), {
    type: 'quorum',
    arguments: {
      'x-message-ttl': 5000,
      'x-dead-letter-exchange': '',
      'x-dead-letter-routing-key': 'job1.dead',
    },
  });
});

test('an argument that is given goes before what an option says', () => {
  const { arguments: args } = definitionOf({ ...plan, ttl: 5000, arguments: { 'x-message-ttl': 1 } });
  assert.deepEqual(args, { 'x-message-ttl': 1 });
});

test('a length of time is read with its unit; a number alone is milliseconds', () => {
  assert.deepEqual(
    ['1500', '0', '90 s', '15min', '2 H', '1 d', ' 7 ms '].map(readDuration),
    [1500, 0, 90_000, 900_000, 7_200_000, 86_400_000, 7],
  );
});

test('a length of time is written in the unit that it is a whole number of, and reads back the same', () => {
  const written = [0, 1500, 90_000, 900_000, 7_200_000, 172_800_000].map(durationText);
  assert.deepEqual(written, ['0 ms', '1500 ms', '90 s', '15 min', '2 h', '2 d']);
  assert.deepEqual(written.map(readDuration), [0, 1500, 90_000, 900_000, 7_200_000, 172_800_000]);
});

test('what is no length of time, or longer than the broker takes, is not read as one', () => {
  for (const text of ['', 'soon', '-1', '1.5 s', '3 weeks', '40000 d', '1e3', '5 toString', '99999999999999999999']) {
    assert.equal(readDuration(text), undefined, text);
  }
});

test('arguments are read as numbers, booleans and text', () => {
  assert.deepEqual(
    readArguments('x-max-length=1000 x-overflow=reject-publish, x-single-active-consumer=true x=1.5 y=a=b'),
    {
      arguments: {
        'x-max-length': 1000,
        'x-overflow': 'reject-publish',
        'x-single-active-consumer': true,
        x: 1.5,
        y: 'a=b',
      },
    },
  );
  assert.deepEqual(readArguments('  '), { arguments: {} });
});

test('a number that JavaScript cannot hold stays text rather than becoming another number', () => {
  assert.deepEqual(readArguments('a=99999999999999999999'), { arguments: { a: '99999999999999999999' } });
});

test('the part that is no argument is named', () => {
  assert.deepEqual(readArguments('x-max-length=1 oops y=2'), { problem: 'oops' });
  assert.deepEqual(readArguments('=1'), { problem: '=1' });
  assert.deepEqual(readArguments('x='), { problem: 'x=' });
});
