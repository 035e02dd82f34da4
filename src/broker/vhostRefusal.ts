import { type Socket, connect as tcpConnect } from 'node:net';
import { connect as tlsConnect } from 'node:tls';
import type { BrokerAddress } from '../workload/brokerUrl.ts';
import { explainConnect, explainVhostRefusal, wayOf } from './classify.ts';
import type { ConnectOptions } from './connection.ts';
import { within } from './deadline.ts';
import { BrokerError } from './error.ts';
import { login } from './login.ts';
import { tlsOptions } from './tls.ts';

/**
 * Why the broker does not open the vhost. amqplib 2.3 drops the reason (a missing vhost, no access to it, a limit), so
 * the handshake of AMQP 0-9-1 (section 2.2.4) is gone through once more by hand up to the broker's refusal.
 */
export async function askVhostRefusal(options: ConnectOptions & { timeoutMs: number }): Promise<BrokerError> {
  const { address, tls, socketPath, timeoutMs, signal } = options;
  const target = socketPath === undefined ? { host: address.host, port: address.port } : { path: socketPath };
  let socket: Socket | undefined;
  try {
    socket = address.tls ? tlsConnect({ ...target, ...tlsOptions(address.host, tls) }) : tcpConnect(target);
    const text = await within(refusal(socket, address), timeoutMs, 'opening the vhost', signal);
    return text === undefined ? new BrokerError('other', 'the vhost was refused once') : explainVhostRefusal(text);
  } catch (error) {
    return explainConnect(error, wayOf(options));
  } finally {
    socket?.destroy();
  }
}

const START = 0x000a_000a;
const TUNE = 0x000a_001e;
const CLOSE = 0x000a_0032;

async function refusal(socket: Socket, address: BrokerAddress): Promise<string | undefined> {
  socket.write('AMQP\x00\x00\x09\x01', 'latin1');
  let rest = Buffer.alloc(0);
  for await (const chunk of socket) {
    rest = Buffer.concat([rest, chunk]);
    // A frame: type, channel (2), size (4), payload of that size, end mark.
    while (rest.length >= 7 && rest.length >= rest.readUInt32BE(3) + 8) {
      const payload = rest.subarray(7, rest.readUInt32BE(3) + 7);
      rest = rest.subarray(payload.length + 8);
      const method = payload.readUInt32BE(0);
      if (method === START) socket.write(frame(11, startOk(address)));
      else if (method === TUNE) {
        socket.write(frame(31, payload.subarray(4)));
        socket.write(frame(40, Buffer.concat([shortString(address.vhost), shortString(''), Buffer.of(0)])));
      } else if (method === CLOSE) {
        return payload.toString('utf8', 7, 7 + payload.readUInt8(6));
      } else return undefined;
    }
  }
  throw new Error('Socket closed in the handshake');
}

function startOk(address: BrokerAddress): Buffer {
  const { user, password } = login(address);
  const response = Buffer.from(`\0${user}\0${password}`);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(response.length);
  // No client properties: an empty table is a length of 0.
  return Buffer.concat([Buffer.alloc(4), shortString('PLAIN'), length, response, shortString('en_US')]);
}

function frame(method: number, fields: Buffer): Buffer {
  const head = Buffer.alloc(11);
  head.writeUInt8(1, 0);
  head.writeUInt32BE(4 + fields.length, 3);
  head.writeUInt16BE(10, 7);
  head.writeUInt16BE(method, 9);
  return Buffer.concat([head, fields, Buffer.of(0xce)]);
}

function shortString(text: string): Buffer {
  const bytes = Buffer.from(text);
  return Buffer.concat([Buffer.of(bytes.length), bytes]);
}
