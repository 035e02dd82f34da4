import { WebSocket } from 'ws';
import type { Credentials } from './credentials.ts';
import type { ClusterError } from './error.ts';
import { errorOfCause } from './failure.ts';
import { readError } from './http.ts';
import type { Scope } from './scope.ts';

/**
 * Opens a WebSocket to the API server. It is returned paused, so that no message is lost before someone listens.
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
    const socket = new WebSocket(url, protocols, {
      headers: { ...credentials.headers, 'User-Agent': 'kube-work-queue' },
      agent: credentials.agent,
      perMessageDeflate: false,
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
