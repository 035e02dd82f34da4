/**
 * A message's headers as an AMQP field table, or undefined when they hold what AMQP has no form for (a function, a
 * symbol, a name longer than 255 bytes). Types as amqplib reads them, `{'!': 'timestamp', value}` included, so that
 * what was read from a queue is written as it was. The tags are RabbitMQ's, which differ from the 0-9-1 text
 * (https://www.rabbitmq.com/docs/amqp-0-9-1-errata#section_3).
 */
export function encodeFieldTable(table: object): Buffer | undefined {
  try {
    return tableOf(table, 0);
  } catch (error) {
    if (error instanceof NoForm) return undefined;
    throw error;
  }
}

class NoForm extends Error {}

/** Deeper than anything that a broker writes, and far from the end of the stack. */
const MAX_DEPTH = 100;

function tableOf(table: object, depth: number): Buffer {
  if (depth > MAX_DEPTH) throw new NoForm();
  const pairs = Object.entries(table).filter(([, value]) => value !== undefined);
  return sized(pairs.flatMap(([name, value]) => [shortString(name), fieldOf(value, depth)]));
}

function fieldOf(value: unknown, depth: number): Buffer {
  switch (typeof value) {
    case 'string':
      return tagged('S', sized([Buffer.from(value)]));
    case 'boolean':
      return tagged('t', Buffer.of(value ? 1 : 0));
    case 'number':
      return numberOf(value);
    case 'bigint':
      return tagged('l', longOf(value));
    case 'object':
      return objectOf(value, depth);
    default:
      throw new NoForm();
  }
}

function objectOf(value: object | null, depth: number): Buffer {
  if (value === null) return tagged('V', Buffer.alloc(0));
  if (Array.isArray(value)) {
    if (depth > MAX_DEPTH) throw new NoForm();
    return tagged('A', sized(value.map(one => fieldOf(one, depth + 1))));
  }
  if (value instanceof Uint8Array) return tagged('x', sized([Buffer.from(value)]));
  if ('!' in value && 'value' in value) return marked(value['!'], value.value);
  return tagged('F', tableOf(value, depth + 1));
}

/** The two kinds that amqplib gives with their name, because JavaScript has no value of its own for them. */
function marked(kind: unknown, value: unknown): Buffer {
  if (kind === 'timestamp' && typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) {
    return tagged('T', longOf(BigInt(value)));
  }
  if (kind !== 'decimal' || typeof value !== 'object' || value === null) throw new NoForm();
  if (!('places' in value && 'digits' in value)) throw new NoForm();
  const { places, digits } = value;
  if (!isUnsigned(places, 8) || !isUnsigned(digits, 32)) throw new NoForm();
  const bytes = Buffer.of(places, 0, 0, 0, 0);
  bytes.writeUInt32BE(digits, 1);
  return tagged('D', bytes);
}

function numberOf(value: number): Buffer {
  if (!Number.isSafeInteger(value)) {
    const bytes = Buffer.alloc(8);
    bytes.writeDoubleBE(value);
    return tagged('d', bytes);
  }
  if (value < -(2 ** 31) || value >= 2 ** 31) return tagged('l', longOf(BigInt(value)));
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return tagged('I', bytes);
}

function longOf(value: bigint): Buffer {
  if (value !== BigInt.asIntN(64, value)) throw new NoForm();
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(value);
  return bytes;
}

function isUnsigned(value: unknown, bits: number): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < 2 ** bits;
}

function shortString(text: string): Buffer {
  const bytes = Buffer.from(text);
  if (bytes.length > 255) throw new NoForm();
  return Buffer.concat([Buffer.of(bytes.length), bytes]);
}

function tagged(tag: string, bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.from(tag), bytes]);
}

function sized(parts: Buffer[]): Buffer {
  const bytes = Buffer.concat(parts);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}
