/** A fault that a test elsewhere holds, so that it has its row without being tested twice. */
export interface Covered {
  fault: number;
  file: string;
  /** The test's whole name. */
  name: string;
}

const holds = (file: string, tests: [fault: number, name: string][]): Covered[] =>
  tests.map(([fault, name]) => ({ fault, file, name }));

export const COVERED: Covered[] = [
  ...holds('test/integration/broker/publish.test.ts', [
    [4, 'a missing queue is found out before anything is sent'],
    [4, 'lines that come after the queue was deleted are not counted as published'],
    [6, 'messages of every size up to 16 MiB arrive as they were, and a larger one is left out'],
    [6, 'characters of several bytes are whole again where frames have cut through them'],
  ]),
  ...holds('test/integration/broker/broker.test.ts', [
    [4, 'a queue that is missing cannot be purged'],
    [7, 'names that AMQP does not have are refused, and every other one works'],
    [8, 'a wrong password is refused'],
    [8, 'a missing vhost is told from one without access'],
    [8, 'a user without the right to configure can publish and not declare'],
    [9, 'a queue of another kind is told by the argument that differs'],
    [10, 'users, passwords and vhosts may hold any character'],
    [12, 'a quorum queue whose leader does not answer is never reported as empty'],
  ]),
  ...holds('test/integration/broker/tls.test.ts', [
    [11, 'a certificate that nobody trusted here has signed is of an unknown authority, and the system says why'],
    [11, 'a port with TLS and one without are told apart'],
  ]),
  ...holds('test/unit/broker/connect.test.ts', [
    [11, 'a port that takes the connection and says nothing is given up after the timeout'],
    [11, 'a port that says one byte now and then does not get more time for it'],
  ]),
  ...holds('test/integration/cluster/tunnel.test.ts', [
    [21, '64 MiB go to a Pod and come back byte for byte'],
    [21, 'what was sent before the end of the near side comes back whole'],
    [21, 'who does not read does not fill the memory of the tunnel'],
    [21, 'when the Pod is deleted the connection ends, and the next one reaches the new Pod'],
    [21, 'a port on which nothing listens ends the connection, and the problem names it'],
  ]),
  ...holds('test/unit/cluster/tunnel.test.ts', [
    [21, 'a local end without ceremony leaves no WebSocket behind'],
    [21, 'a Pod that reads slowly slows the sender down'],
    [21, 'a peer that no longer answers is noticed'],
  ]),
  ...holds('test/integration/model/brokerLink.test.ts', [
    [21, 'a connection that nobody uses is closed after a minute, and opened again when it is needed'],
  ]),
];
