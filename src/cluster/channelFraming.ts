import type { Framing } from './framing.ts';

/**
 * The kubelet's own protocol for a port, which every version has: a message is one byte for the channel (0 data,
 * 1 error) and its bytes; the first two bytes of each channel repeat the port's number.
 */
export const CHANNEL_PROTOCOL = 'v4.channel.k8s.io';

const DATA = 0;
const ERROR = 1;
const PORT_BYTES = 2;

export function channelFraming(): Framing {
  const toSkip = [PORT_BYTES, PORT_BYTES];
  return {
    opening: [],
    ending: undefined,
    wrap(bytes) {
      const message = Buffer.allocUnsafe(bytes.length + 1);
      message[0] = DATA;
      bytes.copy(message, 1);
      return message;
    },
    unwrap(message, hearer) {
      const channel = message[0] ?? DATA;
      const skip = Math.min(toSkip[channel] ?? 0, message.length - 1);
      if (channel < toSkip.length) toSkip[channel] = (toSkip[channel] ?? 0) - skip;
      const bytes = message.subarray(1 + skip);
      if (bytes.length === 0) return;
      if (channel === ERROR) hearer.onReport(bytes);
      else if (channel === DATA) hearer.onData(bytes);
    },
  };
}
