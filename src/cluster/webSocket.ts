import { createHash, randomBytes } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Duplex } from 'node:stream';
import type { Credentials } from './credentials.ts';
import { ClusterError } from './error.ts';
import { errorOfCause } from './failure.ts';
import { dropIdle, readError } from './http.ts';
import type { Scope } from './scope.ts';
import { clientFrame, OPCODE, ServerFrames } from './webSocketFrames.ts';

/** RFC 6455, 4.2.2. */
const ACCEPT = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
/** For the other side's part of a close. */
const CLOSE_MS = 1_000;

/**
 * An open WebSocket (RFC 6455) of binary messages, whose bytes are handed on as they come and not collected: a tunnel
 * needs no more. Paused until `resume()`. Libraries refuse Kubernetes' newer protocol, whose name has a slash.
 */
export class WebSocket extends EventEmitter<{
  /** Bytes of a message, and whether they are its first. */
  bytes: [Buffer, boolean];
  pong: [Buffer];
  /** Once; the error when it broke, undefined when one of the sides has closed it. */
  close: [Error | undefined];
}> {
  readonly protocol: string;
  readonly #socket: Duplex;
  readonly #plain: boolean;
  #closed = false;
  #ended = false;
  #failure: Error | undefined;

  constructor(socket: Duplex, head: Buffer, o: { protocol: string; plain: boolean }) {
    super();
    this.protocol = o.protocol;
    this.#socket = socket;
    this.#plain = o.plain;
    const frames = new ServerFrames({
      onBytes: (bytes, begins) => this.emit('bytes', bytes, begins),
      onControl: (opcode, payload) => this.#onControl(opcode, payload),
    });
    socket.pause();
    if (head.length > 0) socket.unshift(head);
    socket.on('data', (piece: Buffer) => {
      try {
        frames.push(piece);
      } catch (error) {
        socket.destroy(errorOfCause(error));
      }
    });
    socket.on('error', error => {
      this.#failure = error;
    });
    // Without a word of farewell the connection broke.
    socket.once('end', () => socket.destroy());
    socket.once('close', () => {
      this.#closed = true;
      const broken = this.#failure ?? (this.#ended ? undefined : new Error('the connection broke'));
      this.emit('close', broken);
    });
  }

  get isOpen(): boolean {
    return !this.#closed && !this.#ended;
  }

  get isPaused(): boolean {
    return this.#socket.isPaused();
  }

  /** Bytes that the other side has not taken yet. */
  get bufferedBytes(): number {
    return this.#socket.writableLength;
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  /** Sends one message, whose buffer is then no longer the caller's. */
  send(message: Buffer, onWritten?: () => void): void {
    this.#write(OPCODE.binary, message, onWritten);
  }

  ping(payload = Buffer.alloc(0)): void {
    this.#write(OPCODE.ping, Buffer.from(payload));
  }

  /** Says that nothing more will come, and ends when the other side has said so, too, or does not. */
  close(): void {
    if (!this.isOpen) return;
    this.#write(OPCODE.close, Buffer.alloc(0));
    this.#ended = true;
    const timer = setTimeout(() => this.#socket.destroy(), CLOSE_MS);
    this.#socket.once('close', () => clearTimeout(timer));
  }

  /** Ends it at once; without an error, that counts as closed. */
  terminate(error?: Error): void {
    this.#ended = true;
    this.#failure ??= error;
    this.#socket.destroy();
  }

  #write(opcode: number, payload: Buffer, onWritten?: () => void): void {
    if (!this.isOpen) return;
    this.#socket.cork();
    this.#socket.write(clientFrame(opcode, payload, this.#plain));
    this.#socket.write(payload, onWritten && (() => onWritten()));
    this.#socket.uncork();
  }

  #onControl(opcode: number, payload: Buffer): void {
    if (opcode === OPCODE.ping) this.#write(OPCODE.pong, Buffer.from(payload));
    else if (opcode === OPCODE.pong) this.emit('pong', payload);
    else if (opcode === OPCODE.close) {
      if (!this.#ended) this.#write(OPCODE.close, Buffer.from(payload.subarray(0, 2)));
      this.#ended = true;
      this.#socket.end(() => this.#socket.destroy());
    }
  }
}

/**
 * Opens a WebSocket to the API server. It is returned paused, so that nothing is lost before someone listens.
 * @param protocols in the order of preference
 * @param scope ends the handshake; once open, its signal ends the connection
 * @throws ClusterError
 */
export function connectWebSocket(
  url: string,
  protocols: string[],
  credentials: Credentials,
  scope: Scope,
): Promise<WebSocket> {
  return new Promise((resolve, reject) => {
    const fail = (error: ClusterError) => {
      scope.release();
      reject(error);
    };
    const key = randomBytes(16).toString('base64');
    const plain = url.startsWith('http:');
    dropIdle(credentials.agent);
    const request = (plain ? httpRequest : httpsRequest)(url, {
      headers: {
        ...credentials.headers,
        'User-Agent': 'kube-work-queue',
        Connection: 'Upgrade',
        Upgrade: 'websocket',
        'Sec-WebSocket-Version': '13',
        'Sec-WebSocket-Key': key,
        'Sec-WebSocket-Protocol': protocols.join(', '),
      },
      agent: credentials.agent,
      signal: scope.signal,
    });
    request.once('response', response => {
      response.on('error', () => {});
      readError(response, scope)
        .then(fail, fail)
        .finally(() => response.destroy());
    });
    request.once('upgrade', (response, socket, head) => {
      const accept = createHash('sha1').update(`${key}${ACCEPT}`).digest('base64');
      const protocol = response.headers['sec-websocket-protocol'] ?? '';
      if (response.headers['sec-websocket-accept'] !== accept || !protocols.includes(protocol)) {
        socket.destroy();
        fail(new ClusterError('server', 'the API server answers a WebSocket’s request with something else'));
        return;
      }
      scope.stopClock();
      const webSocket = new WebSocket(socket, head, { protocol, plain });
      const end = () => webSocket.terminate();
      scope.signal.addEventListener('abort', end, { once: true });
      webSocket.once('close', scope.release);
      resolve(webSocket);
    });
    request.on('error', error => fail(scope.ended() ?? errorOfCause(error)));
    request.end();
  });
}
