import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { QueueDetails } from '../../../src/broker/index.ts';
import { type QueueAsk, Witnesses } from '../../../src/model/witnesses.ts';
import { type Finding, type FindingCode, findings } from '../../../src/workload/findings.ts';
import type { QueueLook, RunLook } from '../../../src/workload/ledger.ts';
import { keepLooks, lookAfterEnd } from '../../../src/workload/looks.ts';
import { Random } from './random.ts';
import { RunHistory, type World } from './runHistory.ts';

const QUIET: World = {
  depth: 8,
  completions: 8,
  parallelism: 2,
  hides: 0,
  fails: 0,
  races: 0,
  foreign: false,
  publishes: false,
  crashes: 0,
  othersPublish: false,
  purges: false,
  work: [500, 4000],
};
/** More find more. */
const HISTORIES = 130;

const SHARP = (queue: QueueLook) => queue;

/** What the broker of a history answers, or one that does not answer at all. */
function askOf(history: RunHistory, isOff: boolean): QueueAsk {
  const details = () => {
    const { peers, published } = history.broker;
    const consumers = peers.map(peer => ({ peer, connection: peer, connectionName: undefined, user: 'guest' }));
    return { consumers, published, arguments: {}, effectivePolicy: {}, keepsAckTimeout: true };
  };
  return {
    details: async () => (isOff ? undefined : (details() as unknown as QueueDetails & { keepsAckTimeout: boolean })),
    redelivered: async () => (history.broker.peers.length > 0 ? undefined : history.truth.returned),
  };
}

/** Plays a history, looks at it as the model does, and says what was found at each look. */
async function watch(
  world: World,
  seed: number,
  blur: (queue: QueueLook, random: Random) => QueueLook | undefined = SHARP,
) {
  const history = new RunHistory(world, seed);
  const random = new Random(seed + 1_000_000);
  const steps: {
    found: Finding[];
    truth: RunHistory['truth'];
    complete: boolean;
    failures: number;
    at: number;
    /** The time of the queue's figures that count. */
    since: number;
  }[] = [];
  const witnesses = new Witnesses(askOf(history, blur !== SHARP && seed % 2 === 1));
  let looks: RunLook[] = [];
  let completed = Number.POSITIVE_INFINITY;
  for (let time = 0; time < Math.min(200_000, completed + 25_000); ) {
    // The model sees a run from its creation, but for those that were created elsewhere.
    const pause = time === 0 && blur === SHARP ? 250 : random.int(1, 12) * 250;
    history.play(pause);
    time += pause;
    const look = history.look();
    const now: RunLook = { ...look, witness: witnesses.of('run'), queue: look.queue && blur(look.queue, random) };
    looks = keepLooks(looks, now);
    witnesses.look({ uid: 'run', queue: 'q', looks, podsHere: () => history.addresses });
    now.witness = witnesses.of('run');
    const { complete, failures } = history;
    if (complete || history.isStill) completed = Math.min(completed, time);
    const { queue } = now;
    steps.push({
      found: findings({ looks }),
      truth: { ...history.truth },
      complete,
      failures,
      at: time,
      since: (queue?.ready === undefined ? lookAfterEnd(looks)?.settled.queue?.at : queue.at) ?? 0,
    });
    // The answers take a few turns of the queue of microtasks.
    for (let turn = 0; turn < 6; turn++) await undefined;
  }
  const last = steps.at(-1);
  assert.ok(last);
  return { steps, last, history };
}

const find = (found: Finding[], code: FindingCode) => found.find(finding => finding.code === code);
const number = (finding: Finding | undefined, key: string) => Number(finding?.proof[key] ?? 0);

/** Whatever is said must be true. */
function assertTrue({ steps, history }: Awaited<ReturnType<typeof watch>>, seed: number): void {
  for (const [i, { found, truth, failures, at, since }] of steps.entries()) {
    const where = `seed ${seed}, look ${i}: ${JSON.stringify({ truth, found })}`;
    const back = find(found, 'failed-item-counted-as-done');
    assert.ok(number(back, 'items') <= truth.hidden, `no item is said to have come back that did not; ${where}`);
    const left = find(found, 'items-left-behind');
    const mostThere = history.mostPresent(since, at);
    assert.ok(number(left, 'items') <= mostThere, `what is said to be left is there; ${where}`);
    const waits = find(found, 'waiting-on-empty-queue');
    if (waits) {
      // What others publish just now is not seen yet.
      if (truth.othersPublished > 0) assert.equal(history.leastPresent(since, at), 0, where);
      else assert.deepEqual([truth.ready, truth.unacked, truth.uncounted], [0, 0, 0], `who waits waits; ${where}`);
      const others = truth.foreign + truth.purged;
      if (waits.cause === 'taken-by-others') assert.ok(others > 0, where);
      if (waits.cause === 'acked-without-success') assert.ok(truth.lost > 0 || (others > 0 && failures > 0), where);
      if (waits.cause === 'too-many-completions') assert.ok(number(waits, 'tooMany') > 0, where);
    }
    if (find(found, 'foreign-consumers'))
      assert.ok(
        steps.slice(0, i + 1).some(step => step.truth.foreignHere),
        where,
      );
  }
}

const histories = (
  name: string,
  world: (random: Random) => World,
  check: (watched: Awaited<ReturnType<typeof watch>>, world: World, seed: number) => void,
) =>
  test(name, async () => {
    for (let seed = 0; seed < HISTORIES; seed++) {
      const played = world(new Random(seed));
      const watched = await watch(played, seed);
      assertTrue(watched, seed);
      check(watched, played, seed);
    }
  });

const size = (random: Random): World => {
  const depth = random.int(1, 15);
  return { ...QUIET, depth, completions: depth, parallelism: random.int(1, 5) };
};

histories('a run that goes well is never said to go wrong, at any moment', size, ({ steps, last }, _, seed) => {
  assert.ok(last.complete, `seed ${seed}`);
  for (const { found } of steps) assert.deepEqual(found, [], `seed ${seed}`);
});

histories(
  'a run whose Pods fail honestly, so that items are tried again, is never said to go wrong',
  random => ({ ...size(random), fails: 0.3 }),
  ({ steps }, _, seed) => {
    for (const { found } of steps) assert.deepEqual(found, [], `seed ${seed}`);
  },
);

histories(
  'too few completions leave exactly the rest behind',
  random => {
    const world = size(random);
    return { ...world, completions: Math.max(1, world.depth - random.int(1, 5)) };
  },
  ({ last }, { depth, completions }, seed) => {
    const left = find(last.found, 'items-left-behind');
    assert.equal(number(left, 'items'), depth - completions, `seed ${seed}`);
    assert.equal(find(last.found, 'failed-item-counted-as-done'), undefined, `seed ${seed}`);
  },
);

histories(
  'too many completions leave Pods waiting, and that is found with the number',
  random => {
    const world = size(random);
    return { ...world, completions: world.depth + random.int(1, 5) };
  },
  ({ last }, { depth, completions }, seed) => {
    const waits = find(last.found, 'waiting-on-empty-queue');
    assert.equal(waits?.cause, 'too-many-completions', `seed ${seed}`);
    assert.deepEqual([number(waits, 'owed'), number(waits, 'tooMany')], [completions - depth, completions - depth]);
  },
);

histories(
  'every item that failed and was counted as done is found when the run is over, and no more',
  random => ({ ...size(random), hides: 0.3, fails: 0.1 }),
  ({ last }, _, seed) => {
    assert.ok(last.complete, `seed ${seed}`);
    const back = find(last.found, 'failed-item-counted-as-done');
    assert.equal(number(back, 'items'), last.truth.hidden, `seed ${seed}`);
    assert.equal(find(last.found, 'items-left-behind'), undefined, `seed ${seed}`);
  },
);

histories(
  'hidden failures and too few completions are told apart to the item',
  random => {
    const world = size(random);
    return { ...world, completions: Math.max(1, world.depth - random.int(0, 5)), hides: 0.3 };
  },
  ({ last }, { depth, completions }, seed) => {
    const back = number(find(last.found, 'failed-item-counted-as-done'), 'items');
    const left = number(find(last.found, 'items-left-behind'), 'items');
    assert.deepEqual([back, left], [last.truth.hidden, depth - completions], `seed ${seed}`);
  },
);

histories(
  'items published while it runs are no items that came back',
  random => ({ ...size(random), publishes: true, hides: random.pick([0, 0.3]) }),
  ({ last }, _, seed) => {
    if (!last.complete) return;
    const back = number(find(last.found, 'failed-item-counted-as-done'), 'items');
    assert.ok(back <= last.truth.hidden, `seed ${seed}`);
  },
);

histories(
  'items acked without a counted success leave Pods waiting, and that is the cause',
  random => ({ ...size(random), races: 0.3 }),
  ({ last }, _, seed) => {
    const waits = find(last.found, 'waiting-on-empty-queue');
    assert.equal(waits?.cause, last.truth.lost > 0 ? 'acked-without-success' : undefined, `seed ${seed}`);
    assert.equal(number(waits, 'missing'), last.truth.lost, `seed ${seed}`);
  },
);

histories(
  'items that others took leave Pods waiting, and that is the cause',
  random => ({ ...size(random), foreign: true }),
  ({ last }, _, seed) => {
    const waits = find(last.found, 'waiting-on-empty-queue');
    assert.equal(waits?.cause, last.truth.foreign > 0 ? 'taken-by-others' : undefined, `seed ${seed}`);
    assert.equal(number(waits, 'missing'), last.truth.foreign, `seed ${seed}`);
  },
);

test('a consumer that is not the run’s own is seen while it is there', async () => {
  const world: World = { ...QUIET, depth: 6, completions: 6, foreign: true, work: [15_000, 30_000] };
  const watched = await Promise.all(Array.from({ length: HISTORIES }, (_, seed) => watch(world, seed)));
  const seen = watched.map(({ steps }) => steps.some(({ found }) => find(found, 'foreign-consumers')));
  assert.ok(seen.filter(Boolean).length > HISTORIES * 0.9, `${seen.filter(Boolean).length} of ${HISTORIES}`);
});

const anything = (random: Random): World => {
  const world = size(random);
  const maybe = (chance: number) => (random.chance(0.5) ? chance : 0);
  return {
    ...world,
    completions: Math.max(1, world.depth + random.int(-4, 4)),
    hides: maybe(0.2),
    fails: maybe(0.2),
    races: maybe(0.2),
    foreign: random.chance(0.3),
    publishes: random.chance(0.3),
    crashes: maybe(0.02),
    othersPublish: random.chance(0.3),
    purges: random.chance(0.2),
  };
};

histories(
  'Pods that are killed before the ack, so that their items are tried again, are never said to go wrong',
  random => ({ ...size(random), crashes: 0.05 }),
  ({ steps }, _, seed) => {
    for (const { found } of steps) assert.deepEqual(found, [], `seed ${seed}`);
  },
);

histories(
  'what others publish while it runs is left, and nothing is said to have come back',
  random => ({ ...size(random), othersPublish: true, fails: random.pick([0, 0.2]) }),
  ({ steps, last }, { depth, completions }, seed) => {
    for (const { found } of steps) assert.equal(find(found, 'failed-item-counted-as-done'), undefined, `seed ${seed}`);
    assert.ok(last.complete);
    const left = number(find(last.found, 'items-left-behind'), 'items');
    assert.equal(left, depth + last.truth.othersPublished - completions, `seed ${seed}`);
  },
);

histories(
  'a queue that is purged leaves Pods waiting for exactly what was in it',
  random => ({ ...size(random), purges: true }),
  ({ last }, _, seed) => {
    const waits = find(last.found, 'waiting-on-empty-queue');
    assert.equal(waits?.cause, last.truth.purged > 0 ? 'taken-by-others' : undefined, `seed ${seed}`);
    assert.equal(number(waits, 'missing'), last.truth.purged, `seed ${seed}`);
  },
);

histories('whatever happens together, what is said is true', anything, () => undefined);

const BLURS: [string, (queue: QueueLook, random: Random) => QueueLook | undefined][] = [
  ['unacked is never known', queue => ({ ...queue, unacked: undefined })],
  ['consumers are never known', queue => ({ ...queue, consumers: undefined })],
  ['the queue is known now and then', (queue, random) => (random.chance(0.5) ? queue : undefined)],
  [
    'each figure is known now and then',
    (queue, random) => ({
      ...queue,
      ready: random.chance(0.7) ? queue.ready : undefined,
      unacked: random.chance(0.7) ? queue.unacked : undefined,
      consumers: random.chance(0.7) ? queue.consumers : undefined,
    }),
  ],
];
for (const [name, blur] of BLURS) {
  test(`what is said is true where ${name}`, async () => {
    for (let seed = 0; seed < HISTORIES; seed++) assertTrue(await watch(anything(new Random(seed)), seed, blur), seed);
  });
}

test('without the unacked figure hidden failures are still found at the end', async () => {
  for (let seed = 0; seed < HISTORIES; seed++) {
    const { last } = await watch({ ...size(new Random(seed)), hides: 0.3 }, seed, queue => ({
      ...queue,
      unacked: undefined,
    }));
    const back = number(find(last.found, 'failed-item-counted-as-done'), 'items');
    assert.ok(back <= last.truth.hidden && (back > 0 || last.truth.returned === 0), `seed ${seed}`);
  }
});

test('without the unacked figure no Pod is said to wait, but that nobody can tell', async () => {
  const world = { ...QUIET, completions: 10 };
  const { steps, last } = await watch(world, 1, queue => ({ ...queue, unacked: undefined }));
  assert.ok(steps.every(({ found }) => !find(found, 'waiting-on-empty-queue')));
  assert.equal(find(last.found, 'depth-unknown')?.proof.unknown, 'unacked');
});
