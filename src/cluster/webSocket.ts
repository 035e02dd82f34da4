import type { ClientRequest, IncomingMessage } from 'node:http';
import { WebSocket } from 'ws';
import type { Credentials } from './credentials.ts';
import type { ClusterError } from './error.ts';
import { errorOfCause } from './failure.ts';
import { readError } from './http.ts';
import type { Scope } from './scope.ts';

/**
 * Opens a WebSocket to the API server. It is returned paused, so that no message is lost before someone listens.
 * @param protocols in the order of preference; which one it is then, protocolOf() tells
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
    const socket = new WebSocket(url, protocols.map(toToken), {
      finishRequest: request => nameProtocols(request, protocols),
      headers: { ...credentials.headers, 'User-Agent': 'kube-work-queue' },
      agent: credentials.agent,
      perMessageDeflate: false,
      // A mask keeps a script in a browser from making a proxy see what it likes (RFC 6455, 10.3). Here is neither a
      // script nor, inside TLS, a proxy that sees anything, and masking costs as much as all the rest.
      ...(url.startsWith('wss:') ? { generateMask: (mask: Buffer) => void mask.fill(0) } : {}),
    });
    const end = () => socket.terminate();
    scope.signal.addEventListener('abort', end, { once: true });
    if (scope.signal.aborted) end();
    socket.once('open', () => {
      scope.stopClock();
      socket.pause();
      resolve(socket);
    });
    socket.once('unexpected-response', (_request, response) => {
      readError(response, scope).then(fail, fail).finally(end);
    });
    socket.on('error', error => fail(scope.ended() ?? errorOfCause(error)));
    socket.once('close', scope.release);
  });
}

/** The one of the protocols that the API server has chosen. */
export function protocolOf(socket: WebSocket, protocols: string[]): string | undefined {
  return protocols.find(protocol => toToken(protocol) === socket.protocol);
}

const HEADER = 'sec-websocket-protocol';

/** Kubernetes has protocols with a slash in their names, which RFC 6455 does not allow, and ws refuses them. */
function toToken(protocol: string): string {
  return protocol.replaceAll('/', '-');
}

/** Has the server see and choose the protocols by their names, and ws by tokens. */
function nameProtocols(request: ClientRequest, protocols: string[]): void {
  request.setHeader(HEADER, protocols.join(', '));
  request.prependListener('upgrade', ({ headers }: IncomingMessage) => {
    const chosen = headers[HEADER];
    if (chosen !== undefined) headers[HEADER] = toToken(chosen);
  });
  request.end();
}
