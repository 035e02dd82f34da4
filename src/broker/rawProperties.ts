import type { Message } from 'amqplib';
import type { Connection } from './connection.ts';

/** Content header: the kind of a frame that carries properties has this class, basic. */
const BASIC = 60;
/** Type, channel and size of a frame, then class, weight and body size, before the properties. */
const BEFORE_PROPERTIES = 7 + 12;
const FRAME_END = 1;

/**
 * Keeps the properties of the messages that a connection receives as the bytes they came in. amqplib only gives what it
 * has read from them, and a header that is written again from that is another one: a 64-bit number beyond 2^53 is
 * rounded, a small one becomes a byte (which a Java client then cannot cast to Long), text that is not UTF-8 is replaced.
 * @returns what gives the bytes of a message of that connection: the flags and the properties
 */
export function keepRawProperties(connection: Connection): (message: Message) => Buffer {
  const kept = new WeakMap<object, Buffer>();
  const amqp: unknown = connection.model.connection;
  if (!isReceiver(amqp)) throw new Error('not amqplib 2.3');
  const receive = amqp.recvFrame;
  amqp.recvFrame = () => {
    const { rest } = amqp;
    // It calls itself when it has read more; the innermost call is the one whose bytes the frame comes from.
    const frame = receive.call(amqp);
    if (frame && frame.id === BASIC && frame.fields && !kept.has(frame.fields)) {
      const end = rest.length - amqp.rest.length - FRAME_END;
      kept.set(frame.fields, Buffer.from(rest.subarray(BEFORE_PROPERTIES, end)));
    }
    return frame;
  };
  return ({ properties }) => {
    const bytes = kept.get(properties);
    if (!bytes) throw new Error('a message of another connection');
    return bytes;
  };
}

interface Receiver {
  /** What has arrived and is no whole frame yet, or not looked at. */
  rest: Buffer;
  recvFrame(): { id?: number; fields?: object } | false;
}

function isReceiver(amqp: unknown): amqp is Receiver {
  if (typeof amqp !== 'object' || amqp === null) return false;
  return 'recvFrame' in amqp && typeof amqp.recvFrame === 'function' && 'rest' in amqp && Buffer.isBuffer(amqp.rest);
}
