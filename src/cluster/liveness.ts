import type { WebSocket } from './webSocket.ts';

/**
 * Notices a peer that is gone without a word, by pings that must be answered.
 *
 * A ping waits behind the data sent before it, and the kubelet reads no further than the Pod does: a broker that has
 * stopped reading is not dead. So only a ping that nothing was sent before, since the last answer, counts as unanswered.
 */
export class Liveness {
  readonly #socket: WebSocket;
  readonly #timer: NodeJS.Timeout;
  #sentSinceAnswer = false;
  #sentSincePing = false;
  #waiting = false;
  #mustAnswer = false;

  /**
   * @param pingMs between pings; a peer is dead when it leaves one unanswered for so long
   * @param onDead called once
   */
  constructor(socket: WebSocket, pingMs: number, onDead: () => void) {
    this.#socket = socket;
    this.#timer = setInterval(() => {
      // What we do not read cannot be an answer.
      if (socket.isPaused) this.#mustAnswer = false;
      else if (this.#mustAnswer) onDead();
      else if (!this.#waiting) this.#ping();
    }, pingMs);
    socket.on('pong', () => this.#answered());
  }

  sent(): void {
    this.#sentSinceAnswer = true;
    this.#sentSincePing = true;
  }

  heard(): void {
    this.#mustAnswer = false;
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #ping(): void {
    if (!this.#socket.isOpen) return;
    this.#waiting = true;
    this.#mustAnswer = !this.#sentSinceAnswer;
    this.#sentSincePing = false;
    this.#socket.ping();
  }

  #answered(): void {
    this.#waiting = false;
    this.#mustAnswer = false;
    this.#sentSinceAnswer = this.#sentSincePing;
  }
}
