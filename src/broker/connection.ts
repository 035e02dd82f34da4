import { connect as amqpConnect, type ChannelModel, type SocketOptions } from 'amqplib';
import type { BrokerAddress } from '../workload/brokerUrl.ts';
import { explainConnect, explainLoss, isHangUp, MAX_FRAME_BYTES, needsTls, wayOf } from './classify.ts';
import { within } from './deadline.ts';
import { BrokerError } from './error.ts';
import { login } from './login.ts';
import { speaksTls } from './speaksTls.ts';
import { type TlsFiles, tlsOptions } from './tls.ts';
import { askVhostRefusal } from './vhostRefusal.ts';

/** How to reach a broker. */
export interface ConnectOptions {
  address: BrokerAddress;
  /** For an address with TLS. */
  tls?: TlsFiles;
  /** A tunnel's Unix socket or named pipe; the address's host is then used for TLS only. */
  socketPath?: string;
  /** Shown in the broker's list of connections. */
  purpose: string;
  signal?: AbortSignal;
  /** For everything until the connection is open. */
  timeoutMs?: number;
}

const CONNECT_TIMEOUT_MS = 10_000;
/** An unplugged broker is noticed after two of them; RabbitMQ advises 5 to 20 s. */
const HEARTBEAT_SECONDS = 10;
/** A broker answers connection.close at once, or not at all. */
const CLOSE_TIMEOUT_MS = 1_000;

/** An AMQP connection that always ends, with or without the broker's consent, and says once why. */
export class Connection {
  readonly model: ChannelModel;
  readonly #socketEnd: AbortController;
  #ended: BrokerError | undefined;
  #closing: Promise<void> | undefined;
  readonly #listeners: ((error: BrokerError) => void)[] = [];

  constructor(model: ChannelModel, socketEnd: AbortController) {
    this.model = model;
    this.#socketEnd = socketEnd;
    // Some ends emit 'error' and then 'close', CONNECTION_FORCED only 'close'.
    model.on('error', error => this.#end(explainLoss(error)));
    model.on('close', error => this.#end(explainLoss(error)));
  }

  /** Why the connection is no more; undefined while it is open. */
  get ended(): BrokerError | undefined {
    return this.#ended;
  }

  /** Called once, when the connection ends other than by close(); at once when it has. */
  onLost(listener: (error: BrokerError) => void): void {
    if (this.#closing) return;
    if (this.#ended) listener(this.#ended);
    else this.#listeners.push(listener);
  }

  /** Never rejects, and takes no longer than `timeoutMs`. */
  close(timeoutMs = CLOSE_TIMEOUT_MS): Promise<void> {
    this.#closing ??= this.#close(timeoutMs);
    return this.#closing;
  }

  async #close(timeoutMs: number): Promise<void> {
    if (!this.#ended) await within(this.model.close(), timeoutMs, 'connection.close', undefined).catch(() => undefined);
    this.#end(new BrokerError('closed', ''));
  }

  #end(error: BrokerError): void {
    if (this.#ended) return;
    this.#ended = error;
    // amqplib only half-closes the socket, which a dead peer never answers.
    this.#socketEnd.abort();
    if (this.#closing) return;
    for (const listener of this.#listeners) listener(error);
  }
}

/** Opens a connection. Rejects with a BrokerError, after `timeoutMs` at the latest. */
export async function openConnection(options: ConnectOptions): Promise<Connection> {
  const { signal, timeoutMs = CONNECT_TIMEOUT_MS } = options;
  const socketEnd = new AbortController();
  const opening = open(options, socketEnd);
  // The race below may be over before amqplib has noticed.
  opening.catch(() => undefined);
  try {
    return await within(opening, timeoutMs, 'connecting', signal);
  } catch (error) {
    socketEnd.abort();
    if (isVhostRefusal(error)) throw await askVhostRefusal({ ...options, timeoutMs });
    if (!options.address.tls && isHangUp(error) && (await speaksTls(options))) throw needsTls();
    throw explainConnect(error, wayOf(options));
  }
}

async function open(options: ConnectOptions, socketEnd: AbortController): Promise<Connection> {
  const { address, tls, socketPath, purpose } = options;
  const { user, password } = login(address);
  // Destroying the socket is the only way to end amqplib's connect(): its own timeout starts anew with every byte.
  const socket: SocketOptions & { signal: AbortSignal } = {
    signal: socketEnd.signal,
    clientProperties: { connection_name: purpose },
    noDelay: true,
    ...(socketPath === undefined ? {} : { path: socketPath }),
    ...(address.tls ? tlsOptions(address.host, tls) : {}),
  };
  const model = await amqpConnect(
    {
      protocol: address.tls ? 'amqps' : 'amqp',
      hostname: address.host,
      port: address.port,
      username: user,
      password,
      // amqplib decodes it once more.
      vhost: encodeURIComponent(address.vhost),
      heartbeat: HEARTBEAT_SECONDS,
      frameMax: MAX_FRAME_BYTES,
      maxFrameSize: MAX_FRAME_BYTES,
    },
    socket,
  );
  return new Connection(model, socketEnd);
}

function isVhostRefusal(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('Expected ConnectionOpenOk; got <ConnectionClose');
}
