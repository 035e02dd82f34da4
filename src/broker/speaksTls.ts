import { once } from 'node:events';
import { connect } from 'node:tls';
import { textCode } from './classify.ts';
import type { ConnectOptions } from './connection.ts';
import { within } from './deadline.ts';

/** Somebody waits for the word on a connection that has failed already. */
const TIMEOUT_MS = 1_000;

/**
 * Whether a port that hung up on plain AMQP speaks TLS: RabbitMQ sends an alert then, but not what many put before it.
 * Nothing is sent but the hello, so that it does not matter whose certificate it is.
 */
export async function speaksTls({ address, socketPath, signal }: ConnectOptions): Promise<boolean> {
  const target = socketPath === undefined ? { host: address.host, port: address.port } : { path: socketPath };
  const socket = connect({ ...target, rejectUnauthorized: false });
  try {
    await within(once(socket, 'secureConnect'), TIMEOUT_MS, 'the TLS hello', signal);
    return true;
  } catch (error) {
    return textCode(error)?.includes('_ALERT_') === true;
  } finally {
    socket.destroy();
  }
}
