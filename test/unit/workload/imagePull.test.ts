import assert from 'node:assert/strict';
import { test } from 'node:test';
import { imagePullTrouble } from '../../../src/workload/imagePull.ts';
import { troubleOf } from '../../../src/workload/imageTrouble.ts';

const pull = (image: string, cause: string, code = 'Unknown') =>
  `rpc error: code = ${code} desc = failed to pull and unpack image "${image}": ${cause}`;
const resolve = (image: string, cause: string, code?: string) =>
  pull(image, `failed to resolve reference "${image}": ${cause}`, code);
const head = (host: string) => `failed to do request: Head "https://${host}/v2/t/w/manifests/1":`;

// What kubelets with containerd and CRI-O say; those of the first lines were seen with kubelet 1.36 and containerd 1.6.
const PULLS: [string, string, string, string | undefined][] = [
  [
    'a tag that is not there',
    'ErrImagePull',
    resolve('127.0.0.1:5000/t/arm:nosuch', '127.0.0.1:5000/t/arm:nosuch: not found', 'NotFound'),
    'not-found',
  ],
  [
    'the back-off of a new kubelet, which repeats the cause',
    'ImagePullBackOff',
    `Back-off pulling image "r.invalid/w:1": ErrImagePull: ${resolve('r.invalid/w:1', 'r.invalid/w:1: not found', 'NotFound')}`,
    'not-found',
  ],
  ['the back-off of an old kubelet', 'ImagePullBackOff', 'Back-off pulling image "r.invalid/not/found:1"', undefined],
  [
    'an index without the node’s platform',
    'ErrImagePull',
    pull('r/t/arm:list', 'no match for platform in manifest: not found', 'NotFound'),
    'wrong-architecture',
  ],
  [
    'a name that is none',
    'InvalidImageName',
    `Failed to apply default image tag "Bad/Name": couldn't parse image name "Bad/Name": invalid reference format: repository name (Name) must be lowercase`,
    'bad-name',
  ],
  [
    'an image that must be on the node',
    'ErrImageNeverPull',
    'Container image "127.0.0.1:5000/t/never:1" is not present with pull policy of Never',
    'never-pulled',
  ],
  [
    'a registry that wants a login',
    'ErrImagePull',
    resolve(
      '127.0.0.1:5701/t/w:1',
      'pulling from host 127.0.0.1:5701 failed with status code [manifests 1]: 401 Unauthorized',
    ),
    'no-access',
  ],
  [
    'a registry that refuses',
    'ErrImagePull',
    resolve(
      '127.0.0.1:5702/t/w:1',
      'pulling from host 127.0.0.1:5702 failed with status code [manifests 1]: 403 Forbidden',
    ),
    'no-access',
  ],
  [
    'Docker Hub, which does not tell private from missing',
    'ErrImagePull',
    resolve(
      'docker.io/me/none:1',
      'pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed',
    ),
    'no-access',
  ],
  [
    'a certificate that nobody knows',
    'ErrImagePull',
    resolve('h:1/t/w:1', `${head('h:1')} x509: certificate signed by unknown authority`),
    'certificate',
  ],
  [
    'a certificate for another host',
    'ErrImagePull',
    resolve(
      '10.0.0.1:5703/t/w:1',
      `${head('10.0.0.1:5703')} x509: cannot validate certificate for 10.0.0.1 because it doesn't contain any IP SANs`,
    ),
    'certificate',
  ],
  [
    'a registry without TLS',
    'ErrImagePull',
    resolve('h:1/t/w:1', `${head('h:1')} http: server gave HTTP response to HTTPS client`),
    'plain-http',
  ],
  [
    'a host that has no address',
    'ErrImagePull',
    resolve(
      'nosuch.invalid/t/w:1',
      `${head('nosuch.invalid')} dial tcp: lookup nosuch.invalid on 10.0.0.53:53: no such host`,
    ),
    'unreachable',
  ],
  [
    'a port that nobody listens on',
    'ErrImagePull',
    resolve('127.0.0.1:5999/t/w:1', `${head('127.0.0.1:5999')} dial tcp 127.0.0.1:5999: connect: connection refused`),
    'unreachable',
  ],
  [
    'a registry that has enough',
    'ErrImagePull',
    resolve('h/w:1', 'status code [manifests 1]: 429 Too Many Requests'),
    'throttled',
  ],
  [
    'a registry that fails',
    'ErrImagePull',
    resolve('h/w:1', 'status code [manifests 1]: 500 Internal Server Error'),
    'registry-failed',
  ],
  [
    'a full disk',
    'ErrImagePull',
    pull('h/w:1', 'failed to extract layer sha256:0a: write /var/lib/x: no space left on device'),
    'no-space',
  ],
  ['a Secret that is not there', 'CreateContainerConfigError', 'secret "rabbitmq-broker" not found', 'needs-object'],
  [
    'a key that its Secret lacks',
    'CreateContainerConfigError',
    `couldn't find key url in Secret ns/rabbitmq-broker`,
    'needs-object',
  ],
  ['a container that cannot be made', 'CreateContainerError', 'context deadline exceeded', 'not-started'],
  [
    'a program of another architecture, by the message of the container’s end',
    'Error',
    'exec /worker: exec format error',
    'wrong-architecture',
  ],
  [
    'a program of another architecture under crun',
    'StartError',
    'container create failed: crun: exec `/worker`: Exec format error',
    'wrong-architecture',
  ],
];
for (const [name, reason, message, trouble] of PULLS) {
  test(`the kubelet tells of ${name}`, () => assert.deepEqual(imagePullTrouble(reason, message), { trouble }));
}

test('what has another reason is not about the image', () => {
  assert.equal(imagePullTrouble('Unschedulable', '0/1 nodes are available: x not found'), undefined);
  assert.equal(imagePullTrouble('Error', 'Traceback: connection refused'), undefined);
  assert.equal(imagePullTrouble(undefined, undefined), undefined);
  const noProgram = 'runc create failed: exec: "/no/such": stat /no/such: no such file or directory';
  assert.equal(imagePullTrouble('StartError', noProgram), undefined);
});

const DENIED = 'denied: requested access to the resource is denied';
const PODMAN = 'Error: trying to reuse blob sha256:ac25 at destination: pinging container registry';
const PUSHES: [string, string | undefined][] = [
  ['no basic auth credentials', 'no-access'],
  [`The push refers to repository [docker.io/x/y]\n${DENIED}`, 'no-access'],
  ['unauthorized: authentication required', 'no-access'],
  ['denied: permission_denied: write_package', 'no-access'],
  ['name unknown: Repository "repo" not found', 'not-found'],
  ['name unknown: The repository with name x does not exist in the registry with id 1', 'not-found'],
  ['Get "https://h:1/v2/": x509: certificate has expired or is not yet valid', 'certificate'],
  ['Get "https://h:1/v2/": http: server gave HTTP response to HTTPS client', 'plain-http'],
  ['toomanyrequests: You have reached your pull rate limit.', 'throttled'],
  ['received unexpected HTTP status: 503 Service Unavailable', 'registry-failed'],
  ['An image does not exist locally with the tag: me/denied', 'not-built'],
  ['Error: docker.io/me/app:1: image not known', 'not-built'],
  ['ERROR: image: "app:1" not present locally', 'not-built'],
  ['Cannot connect to the Docker daemon at unix:///x.sock. Is the docker daemon running?', 'no-daemon'],
  ['permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock', 'no-daemon'],
  [
    `${PODMAN} 127.0.0.1:5999: Get "https://127.0.0.1:5999/v2/": dial tcp 127.0.0.1:5999: connect: connection refused`,
    'unreachable',
  ],
  [`${PODMAN} h/t/w: unauthorized: authentication required`, 'no-access'],
  [`${PODMAN} h: invalid status code from registry 403 (Forbidden)`, 'no-access'],
  [`${PODMAN} h: Get "https://h/v2/": x509: cannot validate certificate for 10.0.0.1`, 'certificate'],
  [`${PODMAN} h: Get "https://h/v2/": http: server gave HTTP response to HTTPS client`, 'plain-http'],
  ['The push refers to repository [127.0.0.1:5000/t/denied/not-found]\n1: digest: sha256:ab size: 1', undefined],
];
for (const [output, trouble] of PUSHES) {
  test(`a push that says “${output.split('\n').at(-1)?.slice(0, 60)}” means ${trouble ?? 'nothing known'}`, () =>
    assert.equal(troubleOf(output), trouble));
}
