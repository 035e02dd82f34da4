import assert from 'node:assert/strict';
import { test } from 'node:test';
import { localCluster } from '../../../src/workload/localCluster.ts';

const FOUND: [string, string, string, string][] = [
  ['kind-dev', 'https://127.0.0.1:41231', 'kind', 'dev'],
  ['kind-a-b', 'https://[::1]:41231', 'kind', 'a-b'],
  ['kind-dev', 'https://172.18.0.2:6443', 'kind', 'dev'],
  ['k3d-dev', 'https://0.0.0.0:6550', 'k3d', 'dev'],
  ['k3d-dev', 'https://host.docker.internal:6550', 'k3d', 'dev'],
  ['minikube', 'https://127.0.0.1:32771', 'minikube', 'minikube'],
  ['my-profile', 'https://192.168.49.2:8443', 'minikube', 'my-profile'],
];
for (const [context, server, tool, name] of FOUND) {
  test(`${context} at ${server} is a cluster of ${tool}`, () =>
    assert.deepEqual(localCluster({ context, server }), { tool, name }));
}

const NOT: [string, string][] = [
  ['kind-of-prod', 'https://prod.example.com'],
  ['kind-dev', 'https://203.0.113.5:6443'],
  ['k3d-dev', 'https://172.32.0.1'],
  ['minikube', 'https://minikube.example.com'],
  ['kind-', 'https://127.0.0.1:1'],
  ['kind---name', 'https://127.0.0.1:1'],
  ['docker-desktop', 'https://127.0.0.1:6443'],
  ['lab', 'https://10.244.0.1:6443'],
  ['kind-dev', 'no url'],
];
for (const [context, server] of NOT) {
  test(`${context} at ${server} is no local cluster`, () => assert.equal(localCluster({ context, server }), undefined));
}
