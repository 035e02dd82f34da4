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
  let channel = DATA;
  return {
    opening: [],
    ending: undefined,
    wrap(bytes) {
      const message = Buffer.allocUnsafe(bytes.length + 1);
      message[0] = DATA;
      bytes.copy(message, 1);
      return message;
    },
    unwrap(bytes, begins, hearer) {
      if (bytes.length === 0) return;
      if (begins) channel = bytes[0] ?? DATA;
      const content = begins ? bytes.subarray(1) : bytes;
      const skip = Math.min(toSkip[channel] ?? 0, content.length);
      if (channel < toSkip.length) toSkip[channel] = (toSkip[channel] ?? 0) - skip;
      if (content.length === skip) return;
      if (channel === ERROR) hearer.onReport(content.subarray(skip));
      else if (channel === DATA) hearer.onData(content.subarray(skip));
    },
  };
}
