import { seededRandom } from '@usher/scim/testing';
import type pg from 'pg';
import { decideHoldsOfApp, retryRequest } from '../../src/provisioning/index.ts';
import { checkWorld, writesSince } from './check-world.ts';
import { History } from './history.ts';
import type { Plant } from './simulated-store.ts';
import { START_MS } from './simulated-time.ts';
import { SimulatedWorld, type WorldOptions } from './simulated-world.ts';

export interface Simulated {
  seed: number;
  /** What must not be, and is. */
  found: string[];
  trace: string[];
  requests: number;
  simulatedMs: number;
}

export interface SimulateOptions {
  /** A defect to be found. */
  plant?: Plant;
  quietWithinMs?: number;
}

const QUIET_WITHIN_MS = 2 * 3_600_000;

/** Lives through the history of one seed, waits until all is quiet, and says what is wrong then. */
export async function simulate(
  client: pg.Client,
  seed: number,
  { plant, quietWithinMs = QUIET_WITHIN_MS }: SimulateOptions = {},
): Promise<Simulated> {
  const world = new SimulatedWorld(client, drawOptions(seed));
  if (plant) world.store.plant = plant;
  await world.open();
  try {
    await live(world);
    await becomeQuiet(world, quietWithinMs);
    await checkWorld(world);
    const last = world.target.exchanges.at(-1)?.sequence ?? 0;
    await world.markAll();
    await waitUntilQuiet(world, quietWithinMs);
    world.found.push(...writesSince(world, last).map((write) => `I8: a second run: ${write}`));
  } catch (error) {
    world.found.push(`The simulation failed: ${(error as Error).stack}`);
  }
  const { found, trace } = world;
  const requests = world.target.exchanges.length;
  const simulatedMs = world.time.nowMs - START_MS;
  await world.close();
  return { seed, found: [...new Set(found)], trace, requests, simulatedMs };
}

function drawOptions(seed: number): WorldOptions {
  const random = seededRandom(seed ^ 0x5eed);
  return {
    seed,
    visibilityDelayMs: random() < 0.3 ? 4_000 : 0,
    isUnique: random() < 0.85,
    findBeforeCreate: random() < 0.5,
    answersPatch: random() < 0.7,
    deactivationLimit: random() < 0.75 ? 100 : 1,
    maxPerSecond: random() < 0.7 ? null : 4,
    titleLimit: random() < 0.6 ? null : 1,
  };
}

/** The eventful part: changes and disturbances at random moments. */
async function live(world: SimulatedWorld): Promise<void> {
  const { random } = world;
  const history = new History(world);
  for (let count = random() < 0.6 ? 1 : 2; count > 0; count -= 1) world.startReplica();
  await history.addUsers(2 + Math.floor(random() * 5));
  const rough = random();
  if (rough > 0.3) Object.assign(world.chances, { death: 0.004, refused: 0.01, cut: 0.01, lostNotice: 0.2 });
  const events = 6 + Math.floor(random() * 22);
  const ends: { atMs: number; end: () => void | Promise<void> }[] = [];
  for (let number = 0; number < events; number += 1) {
    const pauseMs = Math.floor(random() ** 3 * 25_000);
    await runWithEnds(world, world.time.nowMs + pauseMs, ends);
    if (random() < 0.68) await history.changeDirectory();
    else {
      const disturbance = await history.disturb();
      if (disturbance) ends.push({ atMs: world.time.nowMs + disturbance.lastsMs, end: disturbance.end });
    }
    if (world.running.length === 0 && random() < 0.7) world.startReplica();
  }
  for (const { end } of ends) await end();
}

async function runWithEnds(
  world: SimulatedWorld,
  untilMs: number,
  ends: { atMs: number; end: () => void | Promise<void> }[],
): Promise<void> {
  for (;;) {
    const next = ends.filter(({ atMs }) => atMs <= untilMs).sort((a, b) => a.atMs - b.atMs)[0];
    await world.runUntil(Math.max(next?.atMs ?? untilMs, world.time.nowMs));
    if (!next) return;
    ends.splice(ends.indexOf(next), 1);
    await next.end();
  }
}

/** Everything works again; a person releases what is held and retries what failed. */
async function becomeQuiet(world: SimulatedWorld, quietWithinMs: number): Promise<void> {
  world.tell('everything works again');
  Object.assign(world.chances, { death: 0, refused: 0, cut: 0, lostNotice: 0 });
  world.databaseAway = false;
  world.setTargetFaults([]);
  for (const { process } of world.running) process.thaw();
  if (world.running.every(({ process }) => process.isLeaving)) world.startReplica();
  const [app] = await world.store.ask<{ state: string }>('select state from connected_app where id = $1', [
    world.appId,
  ]);
  if (app?.state !== 'active') await world.changeApp(`state = 'active'`);
  for (let round = 0; round < 4; round += 1) {
    await waitUntilQuiet(world, quietWithinMs);
    if (!(await decideAndRetry(world))) return;
  }
}

async function decideAndRetry(world: SimulatedWorld): Promise<boolean> {
  const person = { kind: 'person', name: 'Ada' } as const;
  const clock = { now: () => world.time.now() } as never;
  const ground = { pool: world.store.poolOf(undefined), clock, log: {} as never };
  const { decided: released } = await decideHoldsOfApp(ground, person, world.appId, undefined, {
    state: 'released',
    note: 'yes',
  });
  if (released > 0) world.tell(`${released} holds are released`);
  const failed = await world.store.ask<{ id: string }>(
    `select distinct on (r.user_id) r.id from provisioning_request r
     join account_link l on l.request_id = r.id and l.standing = 'parked'
     where r.app_id = $1 and r.state = 'Failed' order by r.user_id, r.created_at desc`,
    [world.appId],
  );
  for (const { id } of failed) await retryRequest(ground, person, id);
  if (failed.length > 0) world.tell(`${failed.length} requests are retried`);
  world.notify();
  return released + failed.length > 0;
}

/** Until nothing is due and no request is open; one that never ends is a finding (I8). */
async function waitUntilQuiet(world: SimulatedWorld, withinMs: number): Promise<void> {
  const deadlineMs = world.time.nowMs + withinMs;
  for (;;) {
    await world.runUntil(world.time.nowMs + 3_000);
    const due = await world.store.ask<{ line: string }>(
      `select concat_ws(' ', s.user_id, s.wanted_rev, s.done_rev, s.next_due_at, l.standing, l.reason) as line
       from link_schedule s left join account_link l using (app_id, user_id)
       left join provisioning_request r on r.id = l.request_id
       where s.app_id = $1 and (wanted_rev <> done_rev or next_due_at <= $2 or r.state = 'Requested')`,
      [world.appId, world.time.now()],
    );
    if (due.length === 0 || world.found.length > 0) return;
    if (world.time.nowMs > deadlineMs) {
      world.found.push(...due.slice(0, 3).map(({ line }) => `I8: never at rest: ${line}`));
      return;
    }
  }
}
