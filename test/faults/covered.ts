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
  ...holds('test/unit/workload/findingsOfRun.test.ts', [
    [16, 'a queue that was deleted under its Pods leaves them waiting for ever'],
  ]),
  ...holds('test/integration/cluster/watch.test.ts', [
    [18, 'what happened while the API server was away is seen when it is back'],
    [19, 'a place in history that the server has forgotten leads to a new list'],
    [19, 'a connection through which nothing comes any more is given up, and nothing is missed'],
  ]),
  ...holds('test/unit/cluster/watch.test.ts', [
    [19, 'characters and lines in any number of pieces are put together'],
    [19, '410 again and again is answered with patience, not in a circle without rest'],
    [19, 'after the abort nothing is told and nothing is asked, whenever it comes'],
    [21, 'after the computer has slept the watch is taken up anew, for its connection is dead and does not say so'],
  ]),
  ...holds('test/unit/cluster/request.test.ts', [
    [18, 'reading waits as long as a busy server asks, a little, and asks again'],
    [21, 'a kept connection that died without a word costs a reader seconds, not the whole time limit'],
    [21, 'what changes something takes no connection that has been idle, as it must not be sent twice'],
  ]),
  ...holds('test/unit/cluster/createJob.test.ts', [
    [20, 'a name that another run has, or a Job of no run at all, is a conflict'],
    [20, 'who gives up between two tries is let go at once'],
  ]),
  ...holds('test/unit/cluster/credentials.test.ts', [
    [23, 'a credential that is about to end is made anew'],
    [23, 'a plugin that hangs is ended with what it started, and said so'],
    [23, 'a plugin whose tokens are all refused is not run again and again: it may open a window each time'],
  ]),
  ...holds('test/unit/cluster/proxy.test.ts', [
    [23, 'a cluster behind the proxy that its kubeconfig names is reached through it'],
  ]),
  ...holds('test/unit/model/clusterLink.test.ts', [
    [23, 'a kubeconfig that is written later, in a folder that was not there, is noticed'],
    [23, 'a kubeconfig that is replaced, removed and written again, or behind a link, is read anew each time'],
  ]),
];
