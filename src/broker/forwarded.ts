/** The properties of a message in the order of their flags (AMQP 0-9-1, 4.2.6.1 and the reference's 1.8), by form. */
const FORMS = [
  'text', // content-type
  'text', // content-encoding
  'table', // headers
  'octet', // delivery-mode
  'octet', // priority
  'text', // correlation-id
  'text', // reply-to
  'text', // expiration
  'text', // message-id
  'seconds', // timestamp
  'text', // type
  'text', // user-id
  'text', // app-id
  'text', // cluster-id
] as const;
const HEADERS = 2;
const DELIVERY_MODE = 3;
const USER_ID = 11;
const PERSISTENT = Buffer.of(2);

/**
 * The properties with which a message is published again, every byte of them as it was, except that
 * - it is persistent,
 * - the user id goes when it is not `user`, for the broker refuses another's,
 * - the headers go that `drop` says.
 * @param raw the flags and properties as received
 */
export function forwarded(raw: Buffer, user: string, drop: (header: string) => boolean): Buffer {
  const flags = raw.readUInt16BE(0);
  // The lowest bit would announce flags that AMQP 0-9-1 has no properties for.
  if (flags & 1) throw new RangeError('unknown properties');
  let at = 2;
  const parts = FORMS.map((form, i) => {
    if (!(flags & (1 << (15 - i)))) return undefined;
    const from = at;
    at += lengthOf(form, raw, at);
    return raw.subarray(from, at);
  });
  parts[HEADERS] &&= withoutHeaders(parts[HEADERS], drop);
  parts[DELIVERY_MODE] = PERSISTENT;
  if (parts[USER_ID]?.toString('utf8', 1) !== user) parts[USER_ID] = undefined;
  let present = 0;
  parts.forEach((part, i) => {
    if (part) present |= 1 << (15 - i);
  });
  return Buffer.concat([Buffer.of(present >> 8, present & 0xff), ...parts.filter(part => part !== undefined)]);
}

function lengthOf(form: (typeof FORMS)[number], bytes: Buffer, at: number): number {
  switch (form) {
    case 'text':
      return 1 + bytes.readUInt8(at);
    case 'table':
      return 4 + bytes.readUInt32BE(at);
    case 'octet':
      return 1;
    case 'seconds':
      return 8;
  }
}

function withoutHeaders(table: Buffer, drop: (header: string) => boolean): Buffer {
  const left: Buffer[] = [];
  for (let at = 4; at < table.length; ) {
    const nameEnd = at + 1 + table.readUInt8(at);
    const end = nameEnd + 1 + valueLength(table, nameEnd);
    if (!drop(table.toString('utf8', at + 1, nameEnd))) left.push(table.subarray(at, end));
    at = end;
  }
  const bytes = Buffer.concat(left);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

/** Of the value after its tag, which are RabbitMQ's (https://www.rabbitmq.com/docs/amqp-0-9-1-errata#section_3). */
function valueLength(table: Buffer, tagAt: number): number {
  const tag = String.fromCharCode(table.readUInt8(tagAt));
  if (tag === 'V') return 0;
  if ('tbB'.includes(tag)) return 1;
  if ('sUu'.includes(tag)) return 2;
  if ('Iif'.includes(tag)) return 4;
  if (tag === 'D') return 5;
  if ('lLdT'.includes(tag)) return 8;
  if ('SxAF'.includes(tag)) return 4 + table.readUInt32BE(tagAt + 1);
  throw new RangeError(`a header has the unknown type ${tag}`);
}
