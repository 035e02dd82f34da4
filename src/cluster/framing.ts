/** How the bytes of one forwarded connection travel inside the messages of a WebSocket. */
export interface Framing {
  /** What has to be sent before anything else. */
  readonly opening: Buffer[];
  /** A message with bytes for the Pod. */
  wrap(bytes: Buffer): Buffer;
  /** The message that no more bytes will come; undefined where the protocol has none. */
  readonly ending: Buffer | undefined;
  /**
   * Takes a message's bytes apart as they come, and tells the hearer what they held.
   * @param begins whether they are the first of a message
   */
  unwrap(bytes: Buffer, begins: boolean, hearer: FramingHearer): void;
}

/** What can come from the far side. */
export interface FramingHearer {
  /** Bytes of the Pod. */
  onData(bytes: Buffer): void;
  /** A piece of what the kubelet reports as an error. */
  onReport(bytes: Buffer): void;
  /** The Pod has closed the connection. */
  onEnd(): void;
  /** A message that has to be sent back. */
  onReply(message: Buffer): void;
}
