import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { type Cluster, type ClusterRequest, type WatchState, watch } from '../../../src/cluster/index.ts';
import { resourcePath } from '../../../src/cluster/resourcePath.ts';
import { until } from '../../lab/until.ts';
import { labUp } from '../../lab/up.ts';
import { labNamespace } from './namespace.ts';
import { relayTo } from './relay.ts';

const LIMIT = { timeout: 60_000 };
const direct = await labNamespace();
const { namespace } = direct;
const { kubeconfig } = await labUp(() => {});
const path = resourcePath('v1', namespace, 'configmaps');

interface ConfigMap {
  metadata: { name: string; uid?: string; labels?: Record<string, string> };
  data?: Record<string, string>;
}

const put = (name: string, group: string, at = path, type = {}) =>
  direct.request({ method: 'POST', path: at, body: { ...type, metadata: { name, labels: { group } } } });
const drop = (name: string) => direct.request({ method: 'DELETE', path: `${path}/${name}` });

function follow(t: TestContext, cluster: Cluster, group: string, silenceMs?: number, at = path) {
  const controller = new AbortController();
  t.after(() => controller.abort());
  let names = '';
  const states: WatchState[] = [];
  let wake = () => {};
  watch<ConfigMap>(cluster, {
    path: at,
    query: { labelSelector: `group=${group}` },
    signal: controller.signal,
    silenceMs,
    onItems(items) {
      names = [...items.values()]
        .map(item => item.metadata.name)
        .sort()
        .join();
      wake();
    },
    onState(state) {
      states.push(state);
      wake();
    },
  });
  return {
    states,
    async until(is: (names: string, state: WatchState | undefined) => boolean) {
      while (!is(names, states.at(-1))) {
        await new Promise<void>(resolve => {
          wake = resolve;
        });
      }
    },
  };
}

test('what happened while the API server was away is seen when it is back', LIMIT, async t => {
  await put('stays', 'away');
  await put('goes', 'away');
  const relay = await relayTo(t, kubeconfig, namespace);
  const seen = follow(t, relay.cluster, 'away');
  await seen.until((names, state) => names === 'goes,stays' && state?.kind === 'live');
  await relay.cut();
  await seen.until((_names, state) => state?.kind === 'reconnecting' && /ECONNREFUSED/.test(state.error.detail));
  await drop('goes');
  await put('comes', 'away');
  await relay.mend();
  await seen.until((names, state) => names === 'comes,stays' && state?.kind === 'live');
});

test('a connection through which nothing comes any more is given up, and nothing is missed', LIMIT, async t => {
  const relay = await relayTo(t, kubeconfig, namespace);
  const seen = follow(t, relay.cluster, 'mute', 2000);
  await seen.until((_names, state) => state?.kind === 'live');
  relay.mute();
  await put('unheard', 'mute');
  await seen.until(names => names === 'unheard');
  assert.ok(seen.states.some(state => state.kind === 'reconnecting' && state.error.code === 'timeout'));
});

// The server remembers a kind from when it first knew it; so of a new kind everything before is forgotten.
async function newKind(t: TestContext): Promise<{ apiVersion: string; kind: string; path: string }> {
  const group = `${namespace}.example.com`;
  const crds = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
  const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } };
  await direct.request({
    method: 'POST',
    path: crds,
    body: {
      metadata: { name: `notes.${group}` },
      spec: {
        group,
        scope: 'Namespaced',
        names: { plural: 'notes', kind: 'Note' },
        versions: [{ name: 'v1', served: true, storage: true, schema }],
      },
    },
  });
  t.after(() => direct.request({ method: 'DELETE', path: `${crds}/notes.${group}` }));
  return { apiVersion: `${group}/v1`, kind: 'Note', path: `/apis/${group}/v1/namespaces/${namespace}/notes` };
}

test('a place in history that the server has forgotten leads to a new list', LIMIT, async t => {
  const { path: notes, ...type } = await newKind(t);
  const putFirst = async () => {
    await put('first', 'old', notes, type);
    return true;
  };
  await until('the new kind is served', putFirst, { timeoutMs: 30_000 });
  let lists = 0;
  // As if the first list had been read long ago, before everything that the server still remembers.
  const aged: Cluster = {
    context: direct.context,
    namespace,
    server: direct.server,
    async request<T>(o: ClusterRequest) {
      const answer = await direct.request<{ metadata: { resourceVersion: string } }>(o);
      lists++;
      if (lists === 1) answer.metadata.resourceVersion = '1';
      return answer as T;
    },
    stream: o => direct.stream(o),
    webSocket: o => direct.webSocket(o),
    close() {},
  };
  const seen = follow(t, aged, 'old', undefined, notes);
  await seen.until((_names, state) => lists === 2 && state?.kind === 'live');
  await put('second', 'old', notes, type);
  await seen.until(names => names === 'first,second');
});

test('hundreds of objects are listed in pages and followed', LIMIT, async t => {
  const names = Array.from({ length: 600 }, (_, i) => `many-${String(i).padStart(3, '0')}`);
  for (let from = 0; from < names.length; from += 50) {
    await Promise.all(names.slice(from, from + 50).map(name => put(name, 'many')));
  }
  const seen = follow(t, direct, 'many');
  await seen.until(told => told === names.join());
  await drop('many-000');
  await seen.until(told => told === names.slice(1).join());
});
