import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { type Cluster, type ClusterRequest, type WatchState, watch } from '../../../src/cluster/index.ts';
import { resourcePath } from '../../../src/cluster/resourcePath.ts';
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

const put = (name: string, group: string) =>
  direct.request({ method: 'POST', path, body: { metadata: { name, labels: { group } } } });
const drop = (name: string) => direct.request({ method: 'DELETE', path: `${path}/${name}` });

function follow(t: TestContext, cluster: Cluster, group: string, silenceMs?: number) {
  const controller = new AbortController();
  t.after(() => controller.abort());
  let names = '';
  const states: WatchState[] = [];
  let wake = () => {};
  watch<ConfigMap>(cluster, {
    path,
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

test('a place in history that the server has forgotten leads to a new list', LIMIT, async t => {
  await put('first', 'old');
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
  const seen = follow(t, aged, 'old');
  await seen.until((_names, state) => lists === 2 && state?.kind === 'live');
  await put('second', 'old');
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
