import assert from 'node:assert/strict';
import type { RolloutWatch } from '../../src/rollout/index.ts';
import { type Json, MAPPING, World } from '../mapping/world.ts';
import type { TestLog } from '../support/test-log.ts';
import { createShiftedClock, type ShiftedClock } from './shifted-clock.ts';

export const HOUR_MS = 3_600_000;
/** Time passes in steps that a watcher counts whole. */
const STEP_MS = 15 * 60_000;

/** The mapping with other formulas for some of its attributes. */
export function mappingWith(formulas: Record<string, string>): object[] {
  const known = MAPPING.map((rule) => ({ ...rule, formula: formulas[rule.target] ?? rule.formula }));
  const more = Object.keys(formulas).filter((target) => !MAPPING.some((rule) => rule.target === target));
  return [...known, ...more.map((target) => ({ target, formula: formulas[target] }))];
}

/** A world whose clock a test moves, spoken to by HTTP as the console and the command line do. */
export class RolloutWorld {
  readonly world: World;
  readonly clock: ShiftedClock;

  constructor(world: World, clock: ShiftedClock) {
    this.world = world;
    this.clock = clock;
  }

  static async start(profile?: Parameters<typeof World.start>[0]): Promise<RolloutWorld> {
    const clock = createShiftedClock();
    return new RolloutWorld(await World.start(profile, { clock }), clock);
  }

  /** Ends, and fails when anything went wrong in Usher itself meanwhile. */
  async stop(): Promise<void> {
    await this.world.stop();
    const faults = (this.world.ground.log as TestLog).entries.filter(({ level }) => level === 'error');
    assert.deepEqual(faults, []);
  }

  async save(mapping: object[], more: object = {}, app = 'Target'): Promise<number> {
    const saved = await this.world.send('POST', `/apps/${app}/configurations`, { mapping, ...more });
    assert.equal(saved.status, 201, saved.text);
    assert.equal(saved.json.inForce, false);
    return saved.json.version;
  }

  async plan(body: Json, app = 'Target'): Promise<Json> {
    const pilot = { users: [], ...body.pilot };
    const made = await this.world.send('POST', `/apps/${app}/rollouts`, { ...body, pilot });
    assert.equal(made.status, 201, made.text);
    return made.json;
  }

  /** Gives a command; refused ones come back as they are. */
  async give(
    id: number,
    command: string,
    body: object = {},
    more: { ifMatch?: string; app?: string } = {},
  ): Promise<Json> {
    const { ifMatch = '*', app = 'Target' } = more;
    const path = `/apps/${app}/rollouts/${id}/${command}`;
    return this.world.send('POST', path, body, { 'if-match': ifMatch });
  }

  /** Gives a command that must be taken, and waits until the pump has done what follows. */
  async must(id: number, command: string, body: object = {}): Promise<Json> {
    const answer = await this.give(id, command, body);
    assert.equal(answer.status, 200, answer.text);
    await this.world.quiet();
    return answer.json;
  }

  async show(id: number, app = 'Target'): Promise<Json> {
    return (await this.world.send('GET', `/apps/${app}/rollouts/${id}`)).json;
  }

  /** Hours pass, while a watcher looks. */
  async watch(hours: number, watch: RolloutWatch = this.world.watch): Promise<void> {
    await this.world.withoutPumps(async () => {
      await watch.look();
      for (let leftMs = hours * HOUR_MS; leftMs > 0; leftMs -= STEP_MS) {
        this.clock.pass(Math.min(STEP_MS, leftMs));
        await watch.look();
      }
    });
  }

  /** Waits for the proof of a way back. */
  async proved(id: number, app = 'Target'): Promise<Json> {
    let found: Json;
    await this.world.until(async () => {
      await this.world.watch.prove();
      found = (await this.world.send('GET', `/apps/${app}/rollbacks/${id}`)).json;
      return found.state === 'done';
    });
    return found;
  }

  /** An attribute of the accounts of these users, as the target holds it. */
  held(ids: string[], attribute: string): unknown[] {
    return ids.map((id) => this.world.account(id)?.[attribute]);
  }

  /** A drill that passes, so that the pieces are ready. */
  async drill(app = 'Target'): Promise<void> {
    const { world } = this;
    const tester = { username: `drill.${app}@example.com`, fields: { Title: 'Tester' } };
    const [user = ''] = await world.addUsers([tester], { isGranted: false });
    const marked = await world.send('PUT', `/users/${user}/test-user`, { isTest: true });
    assert.equal(marked.status, 200, marked.text);
    const asked = await world.send('POST', `/apps/${app}/drills`, { user });
    assert.equal(asked.status, 202, asked.text);
    let found: Json;
    await world.until(async () => {
      world.drills.wake();
      found = (await world.send('GET', `/apps/${app}/drills/${asked.json.id}`)).json;
      return ['passed', 'failed'].includes(found.state);
    }, 30_000);
    assert.equal(found.state, 'passed', JSON.stringify(found));
  }
}

export function gatesOf({ gates }: Json): string[] {
  return gates.filter(({ open }: Json) => !open).map(({ gate }: Json) => gate);
}
