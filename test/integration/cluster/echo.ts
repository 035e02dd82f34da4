import { WORKER_IMAGE } from './namespace.ts';

const ECHO = `
import socketserver
class Echo(socketserver.BaseRequestHandler):
    def handle(self):
        if self.server.greeting:
            self.request.sendall(self.server.greeting)
        while data := self.request.recv(65536):
            self.request.sendall(data)
class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
import os, threading
echo = Server(('', 7000), Echo); echo.greeting = b''
name = Server(('', 7001), Echo); name.greeting = os.environ['UID'].encode() + b'\\n'
threading.Thread(target=name.serve_forever, daemon=True).start()
echo.serve_forever()
`;

/**
 * A Service `echo` and a StatefulSet of one Pod behind it. Port 80 of the Service leads to the Pod's port named `echo`,
 * which sends back what it gets; the Pod's port 7001, which the Service does not list, says the Pod's uid first.
 */
export const echoObjects: Record<string, unknown>[] = [
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'echo' },
    spec: { selector: { app: 'echo' }, ports: [{ port: 80, targetPort: 'echo' }] },
  },
  {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name: 'echo' },
    spec: {
      replicas: 1,
      serviceName: 'echo',
      selector: { matchLabels: { app: 'echo' } },
      template: {
        metadata: { labels: { app: 'echo' } },
        spec: {
          terminationGracePeriodSeconds: 0,
          containers: [
            {
              name: 'echo',
              image: WORKER_IMAGE,
              command: ['python3', '-c', ECHO],
              env: [{ name: 'UID', valueFrom: { fieldRef: { fieldPath: 'metadata.uid' } } }],
              ports: [{ name: 'echo', containerPort: 7000 }],
              readinessProbe: { tcpSocket: { port: 7000 }, periodSeconds: 1 },
            },
          ],
        },
      },
    },
  },
];
