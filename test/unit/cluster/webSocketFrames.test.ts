import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clientFrame, OPCODE, ServerFrames } from '../../../src/cluster/webSocketFrames.ts';

/** A frame of a server as RFC 6455 (5.2) lays it out. */
function serverFrame(opcode: number, payload: Buffer | string, o: { fin?: boolean } = {}): Buffer {
  const body = Buffer.from(payload);
  const first = ((o.fin ?? true) ? 0x80 : 0) | opcode;
  if (body.length < 126) return Buffer.concat([Buffer.of(first, body.length), body]);
  const head = Buffer.alloc(body.length < 65_536 ? 4 : 10);
  head[0] = first;
  head[1] = body.length < 65_536 ? 126 : 127;
  if (head.length === 4) head.writeUInt16BE(body.length, 2);
  else head.writeBigUInt64BE(BigInt(body.length), 2);
  return Buffer.concat([head, body]);
}

/** The messages and control frames in the pieces. */
function hear(pieces: Buffer[]) {
  const messages: string[] = [];
  const controls: string[] = [];
  const frames = new ServerFrames({
    onBytes(bytes, begins) {
      if (begins) messages.push('');
      messages.push(`${messages.pop()}${bytes.toString('latin1')}`);
    },
    onControl: (opcode, payload) => void controls.push(`${opcode} ${payload}`),
  });
  for (const piece of pieces) frames.push(piece);
  return { messages, controls };
}

test('messages are the same wherever their bytes are cut', () => {
  const bytes = Buffer.concat([
    serverFrame(OPCODE.binary, 'a'),
    serverFrame(OPCODE.ping, ''),
    serverFrame(OPCODE.binary, 'b'.repeat(126)),
    serverFrame(OPCODE.binary, 'in ', { fin: false }),
    serverFrame(OPCODE.pong, 'between'),
    serverFrame(OPCODE.continuation, 'pieces'),
    serverFrame(OPCODE.close, Buffer.of(3, 232)),
  ]);
  const whole = hear([bytes]);
  assert.deepEqual(whole.messages, ['a', 'b'.repeat(126), 'in pieces']);
  assert.deepEqual(whole.controls.slice(0, 2), ['9 ', '10 between']);
  assert.equal(whole.controls.length, 3);
  for (let at = 1; at < bytes.length; at++) assert.deepEqual(hear([bytes.subarray(0, at), bytes.subarray(at)]), whole);
  assert.deepEqual(hear([...bytes].map(byte => Buffer.of(byte))), whole);
});

test('messages of every length have their head', () => {
  for (const length of [0, 1, 125, 126, 65_535, 65_536, 70_000]) {
    const payload = Buffer.alloc(length, 'x');
    assert.equal(hear([serverFrame(OPCODE.binary, payload), serverFrame(OPCODE.binary, '!')]).messages.at(-1), '!');
    const head = clientFrame(OPCODE.binary, payload, false);
    // Without its mask it is a server's.
    const bare = Buffer.concat([Buffer.of(head[0] ?? 0, (head[1] ?? 0) & 0x7f), head.subarray(2, head.length - 4)]);
    assert.deepEqual(Buffer.concat([bare, payload]), serverFrame(OPCODE.binary, payload));
    assert.deepEqual(head.subarray(-4), Buffer.alloc(4));
  }
});

test('on a connection that is not encrypted a message is masked', () => {
  const text = Buffer.from('some bytes that are not sent as they are');
  const payload = Buffer.from(text);
  const head = clientFrame(OPCODE.binary, payload, true);
  const mask = head.subarray(-4);
  assert.equal((head[1] ?? 0) & 0x80, 0x80);
  assert.notDeepEqual(payload, text);
  assert.deepEqual(Buffer.from(payload.map((byte, i) => byte ^ (mask[i % 4] ?? 0))), text);
});

test('what no server may send is no frame', () => {
  const masked = Buffer.of(0x82, 0x81, 0, 0, 0, 0, 0);
  const compressed = Buffer.of(0xc2, 1, 0);
  const longPing = serverFrame(OPCODE.ping, 'x'.repeat(126));
  const pingInPieces = serverFrame(OPCODE.ping, 'x', { fin: false });
  const endless = Buffer.concat([Buffer.of(0x82, 127), Buffer.alloc(8, 0xff)]);
  for (const frame of [masked, compressed, longPing, pingInPieces, endless]) assert.throws(() => hear([frame]));
});
