import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { createAppOpener } from '../../src/apps/index.ts';
import { systemClock } from '../../src/clock.ts';
import { Refusal } from '../../src/refusal.ts';
import {
  commandRollout,
  createRollout,
  createRolloutGround,
  type Rollout,
  type RolloutCommand,
  type RolloutGround,
  RolloutWatch,
} from '../../src/rollout/index.ts';
import { MAPPING, World } from '../mapping/world.ts';
import { createShiftedClock, type ShiftedClock } from './shifted-clock.ts';

/*
 * The invariants of src/rollout/SPEC.md, R1 to R7, against a model that knows nothing of the tables: who is served by which
 * version is computed here, and compared with what the target holds and with every write that it ever got. One app, its
 * users and its rollouts for each run, on one database and one target.
 */

const PEOPLE = 10;
const SOAK_HOURS = 0.5;
const PERCENTAGES = [30, 60];
const QUARTER_MS = 15 * 60_000;

type Step =
  | { kind: 'plan and start'; pilot: number[]; byProfile: boolean; override: boolean }
  | { kind: 'command'; command: RolloutCommand; override: boolean }
  /** Two people at once, both having seen the same. */
  | { kind: 'race'; commands: [RolloutCommand, RolloutCommand] }
  /** The second follows before anything of the first is worked. */
  | { kind: 'start and pause'; pilot: number[] }
  | { kind: 'watch' }
  | { kind: 'ready'; isReady: boolean }
  | { kind: 'touch' | 'leave' | 'return' | 'join the profile' | 'leave the profile'; user: number }
  | { kind: 'join' }
  | { kind: 'crash' };

const user = fc.nat(PEOPLE - 1);
const pilot = fc.uniqueArray(user, { minLength: 1, maxLength: 3 });
const command = fc.constantFrom<RolloutCommand>('advance', 'advance', 'pause', 'continue', 'stop', 'undo', 'roll back');
const STEP: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('plan and start'),
      pilot,
      byProfile: fc.boolean(),
      override: fc.boolean(),
    }),
  },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('command'), command, override: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('race'), commands: fc.tuple(command, command) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('start and pause'), pilot }) },
  { weight: 4, arbitrary: fc.constant({ kind: 'watch' }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('ready'), isReady: fc.boolean() }) },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constantFrom('touch', 'leave', 'return', 'join the profile', 'leave the profile'),
      user,
    }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'join' }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'crash' }) },
) as fc.Arbitrary<Step>;

/** A rollout as the model knows it. */
interface Known {
  id: number;
  version: number;
  base: number | null;
  state: 'running' | 'paused' | 'stopped';
  stage: number;
  named: Set<string>;
  byProfile: boolean;
  reached: Map<string, number>;
  /** Whom the rollout before had reached: they have their turn again after a pause that came before it. */
  takenOver: Set<string>;
  soakedMs: number;
}

interface Person {
  id: string;
  isActive: boolean;
  inProfile: boolean;
}

const STAGES = 1 + PERCENTAGES.length + 1;

/** The same cut as the database's, computed from its definition. */
function bucketOf(rollout: number, userId: string): number {
  const digest = createHash('md5').update(`${rollout}:${userId}`).digest();
  return digest.readUInt32BE(0) % 10_000;
}

class Run {
  static count = 0;
  readonly world: World;
  readonly clock: ShiftedClock = createShiftedClock();
  readonly ground: RolloutGround;
  readonly watch: RolloutWatch;
  readonly name = `App${++Run.count}`;
  readonly people: Person[] = [];
  /** The last version that a rollout or the start put in force for everyone; null: a draft. */
  active: number | null = null;
  open: Known | undefined;
  /** A first version was rolled back: nobody is served. */
  nobody = false;
  latest = 0;
  isReady = true;
  isDraft: boolean;
  #seen = 0;
  /** Who was reached and taken back within one step, and may have been written before that. */
  #between = new Map<string, number>();

  constructor(world: World, isDraft: boolean) {
    this.world = world;
    this.isDraft = isDraft;
    this.ground = createRolloutGround(world.ground, createAppOpener(world.ground));
    const red = { piece: 'triggers', problem: 'The model says so', fix: 'Say otherwise.' };
    this.ground.checkReadiness = async () => (this.isReady ? [] : [red]);
    // Time passes for what counts it; work goes on in real time.
    const clock = { ...systemClock, monotonicMs: () => this.clock.monotonicMs() };
    this.watch = new RolloutWatch({
      ...world.ground,
      clock,
      openApp: this.ground.openApp,
      checkReadiness: async () => [],
    });
  }

  get #command() {
    return { app: this.name, actor: { kind: 'system', name: 'Ada' } as const, checkRevision: () => {} };
  }

  async begin(): Promise<void> {
    await this.world.addApp(this.name, this.#mapping(1), { active: !this.isDraft, access: this.name });
    this.latest = 1;
    if (!this.isDraft) this.active = 1;
    await this.join(PEOPLE);
    await this.check(new Map());
  }

  #mapping(version: number): object[] {
    return MAPPING.map((rule) => (rule.target === 'title' ? { ...rule, formula: `"v${version}"` } : rule));
  }

  async join(count: number): Promise<void> {
    const names = Array.from({ length: count }, (_, n) => ({
      username: `${this.name}.${this.people.length + n}@example.com`,
    }));
    const ids = await this.world.addUsers(names, { access: this.name });
    this.people.push(...ids.map((id) => ({ id, isActive: true, inProfile: false })));
  }

  // ── the model ──────────────────────────────────────────────────────────────────────────────────────────────────

  isMember(known: Known, { id, inProfile }: Person, stage: number): boolean {
    if (stage === 0) return known.byProfile ? inProfile : known.named.has(id);
    if (stage === STAGES - 1) return true;
    return bucketOf(known.id, id) < 100 * (PERCENTAGES[stage - 1] ?? 0);
  }

  /** Which version serves a person; null: none. */
  serving({ id }: Person): number | null {
    if (this.nobody) return null;
    if (!this.open) return this.active;
    return this.open.reached.has(id) ? this.open.version : this.open.base;
  }

  /** Whoever belongs to a stage that has begun is reached, while it runs; and stays so. */
  settle(): void {
    const { open } = this;
    if (open?.state !== 'running') return;
    for (const person of this.people) {
      if (open.reached.has(person.id)) continue;
      for (let stage = 0; stage <= open.stage; stage += 1) {
        if (!this.isMember(open, person, stage)) continue;
        open.reached.set(person.id, stage);
        break;
      }
    }
  }

  /** What a command comes to, by the rules; undefined: it must be refused. */
  follow(name: RolloutCommand, override: boolean): 'changed' | undefined {
    const { open } = this;
    if (!open) return undefined;
    const gatesOpen = this.isReady && open.soakedMs >= SOAK_HOURS * 3_600_000;
    switch (name) {
      case 'pause':
        if (open.state !== 'running') return undefined;
        open.state = 'paused';
        return 'changed';
      case 'continue':
        if (open.state !== 'paused') return undefined;
        open.state = 'running';
        for (const id of open.takenOver) if (!open.reached.has(id)) open.reached.set(id, 0);
        return 'changed';
      case 'stop':
        if (open.state === 'stopped') return undefined;
        open.state = 'stopped';
        return 'changed';
      case 'advance':
        if (open.state !== 'running' || (!gatesOpen && !override)) return undefined;
        if (open.stage + 1 < STAGES) Object.assign(open, { stage: open.stage + 1, soakedMs: 0 });
        else this.complete();
        return 'changed';
      case 'undo':
        if (open.stage === 0) return undefined;
        for (const [id, stage] of open.reached) if (stage >= open.stage) open.reached.delete(id);
        Object.assign(open, { stage: open.stage - 1, soakedMs: 0 });
        return 'changed';
      case 'roll back':
        this.active = open.base;
        this.nobody = open.base === null;
        this.open = undefined;
        return 'changed';
      default:
        return undefined;
    }
  }

  complete(): void {
    this.active = this.open?.version ?? null;
    this.open = undefined;
  }

  // ── the steps ──────────────────────────────────────────────────────────────────────────────────────────────────

  async step(step: Step): Promise<void> {
    const before_ = new Map(this.people.map((person) => [person.id, this.serving(person)]));
    this.#between = new Map();
    switch (step.kind) {
      case 'plan and start':
        await this.start(step.pilot, step.byProfile, step.override);
        break;
      case 'start and pause': {
        if (!(await this.start(step.pilot, false, true))) break;
        this.settle();
        await this.give('pause', false);
        // Whoever was not worked before the pause keeps the version before: either is right, and the reach says which.
        for (const id of await this.withdrawn()) {
          this.open?.reached.delete(id);
          this.#between.set(id, this.latest);
        }
        break;
      }
      case 'command':
        await this.expect(step.command, step.override);
        break;
      case 'race':
        await this.race(step.commands);
        break;
      case 'watch':
        await this.passQuarters(2);
        break;
      case 'ready':
        this.isReady = step.isReady;
        break;
      case 'join':
        if (this.people.length < PEOPLE + 3) await this.join(1);
        break;
      case 'crash':
        await this.world.withoutPumps(async () => {});
        break;
      default:
        await this.change(step);
    }
    await this.check(before_);
  }

  async start(pilot: number[], byProfile: boolean, override: boolean): Promise<boolean> {
    const names = pilot.map((n) => `${this.name}.${n}@example.com`);
    const version = this.latest + 1;
    const first = this.isDraft || this.nobody;
    if (this.latest >= 1 && !(first && this.latest === 1 && !this.open)) {
      const mapping = this.#mapping(version);
      const saved = await this.world.send('POST', `/apps/${this.name}/configurations`, { mapping });
      assert.equal(saved.status, 201, saved.text);
      this.latest = version;
    }
    const made = await createRollout(this.ground, this.#command, {
      version: this.latest,
      pilot: byProfile
        ? { users: [], profiles: [await this.profile()], permissionSets: [] }
        : { users: names, profiles: [], permissionSets: [] },
      percentages: PERCENTAGES,
      settings: { soakHours: SOAK_HOURS },
    });
    const known: Known = {
      ...{ id: made.id, version: this.latest, stage: 0, soakedMs: 0, byProfile, state: 'running' },
      base: this.open ? this.open.base : first ? null : this.active,
      named: new Set(pilot.map((n) => this.people[n]?.id ?? '')),
      // Whoever the rollout before had reached goes over to this one.
      reached: new Map([...(this.open?.reached.keys() ?? [])].map((id) => [id, 0])),
      takenOver: new Set(this.open?.reached.keys()),
    };
    const isLast = this.open?.stage === STAGES - 1;
    const mayTakeOver = !this.open || (this.open.state !== 'running' && !isLast);
    const reachesSomebody = this.open !== undefined || this.people.some((person) => this.isMember(known, person, 0));
    const isAllowed = mayTakeOver && reachesSomebody && (this.isReady || override);
    const done = await this.send(made.id, 'start', override);
    assert.equal(done !== undefined, isAllowed, `start of ${made.id}`);
    if (!isAllowed) return false;
    this.open = known;
    this.isDraft = false;
    this.nobody = false;
    return true;
  }

  async expect(name: RolloutCommand, override: boolean): Promise<void> {
    if (!this.open) return;
    const { id } = this.open;
    const done = await this.send(id, name, override);
    const expected = this.follow(name, override);
    assert.equal(done !== undefined, expected !== undefined, `R3: ${name} of ${id}, with override: ${override}`);
  }

  async give(name: RolloutCommand, override: boolean): Promise<void> {
    if (!this.open) return;
    await this.send(this.open.id, name, override);
    this.follow(name, override);
  }

  async race(commands: [RolloutCommand, RolloutCommand]): Promise<void> {
    if (!this.open) return;
    const { id } = this.open;
    const { rows } = await this.ground.pool.query('select revision::int from rollout where id = $1', [id]);
    const checkRevision = ({ revision }: Rollout) => {
      if (revision !== rows[0].revision) throw new Refusal('precondition_failed', 'Somebody was first');
    };
    const done = await Promise.all(commands.map((name) => this.send(id, name, true, checkRevision)));
    assert.ok(done.filter(Boolean).length <= 1, `R5: ${commands.join(' and ')} were both done`);
    const [first, second] = commands;
    if (done[0]) this.follow(first, true);
    else if (done[1]) this.follow(second, true);
    else
      assert.equal(
        this.follow(first, true) ?? this.follow(second, true),
        undefined,
        `R5: ${commands} were both refused`,
      );
  }

  async send(
    id: number,
    name: RolloutCommand,
    override: boolean,
    checkRevision: (rollout: Rollout) => void = () => {},
  ): Promise<Rollout | undefined> {
    const reasons = { reason: 'The model', ...(override ? { override: 'The model' } : {}) };
    try {
      return await commandRollout(this.ground, this.#command, id, { command: name, checkRevision, ...reasons });
    } catch (error) {
      if (error instanceof Refusal) return undefined;
      throw error;
    }
  }

  async withdrawn(): Promise<string[]> {
    const { rows } = await this.ground.pool.query(
      'select user_id from rollout_reach where rollout_id = $1 and undone_at is not null',
      [this.open?.id],
    );
    return rows.map((row) => row.user_id);
  }

  async passQuarters(count: number): Promise<void> {
    await this.world.quiet();
    await this.watch.look();
    for (let n = 0; n < count; n += 1) {
      this.clock.pass(QUARTER_MS);
      await this.watch.look();
      const { open } = this;
      if (open?.state !== 'running') continue;
      open.soakedMs += QUARTER_MS;
      // The last stage ends by itself.
      if (open.stage === STAGES - 1 && open.soakedMs >= SOAK_HOURS * 3_600_000) this.complete();
    }
  }

  async profile(): Promise<string> {
    await this.ground.pool.query(
      `insert into profile (name, created_at, updated_at) values ($1, now(), now()) on conflict do nothing`,
      [`${this.name} pilots`],
    );
    return `${this.name} pilots`;
  }

  async change(step: Extract<Step, { user: number }>): Promise<void> {
    const person = this.people[step.user];
    if (!person) return;
    const profile = step.kind === 'join the profile' ? await this.profile() : 'Standard User';
    if (step.kind === 'leave') person.isActive = false;
    if (step.kind === 'return') person.isActive = true;
    if (step.kind === 'join the profile') person.inProfile = true;
    if (step.kind === 'leave the profile') person.inProfile = false;
    const sets = {
      touch: `fields = fields || '{"LastName": "Touched"}'`,
      leave: 'is_active = false',
      return: 'is_active = true',
      'join the profile': `profile_id = (select id from profile where name = '${profile}')`,
      'leave the profile': `profile_id = (select id from profile where name = '${profile}')`,
    };
    await this.world.change([person.id], sets[step.kind]);
  }

  // ── what must hold ─────────────────────────────────────────────────────────────────────────────────────────────

  async check(before_: Map<string, number | null>): Promise<void> {
    await this.world.quiet();
    this.settle();
    this.checkWrites(before_);
    const accounts = new Map([...this.world.target.accounts().values()].map((one) => [one.externalId, one]));
    for (const person of this.people) {
      const account = accounts.get(person.id)?.attributes;
      const version = this.serving(person);
      if (!person.isActive) {
        assert.ok(!account || account['active'] === false, `R6: ${person.id} has left and can still get in`);
      } else if (version === null) {
        // Who was served by a first version that was taken back keeps what they have; nobody gets anything new.
        if (!this.nobody && this.open?.base !== null)
          assert.equal(account, undefined, `R1: ${person.id} is served by none`);
      } else {
        assert.equal(account?.['title'], `v${version}`, `R1, R2, R4: ${person.id} is served by version ${version}`);
        assert.equal(account?.['active'], true);
      }
    }
    await this.checkRecord();
  }

  /** R1 at every moment: a write is that of the version that served the user before the step, or does after it. */
  checkWrites(before_: Map<string, number | null>): void {
    const exchanges = this.world.target.exchanges();
    const byRemoteId = new Map([...this.world.target.accounts()].map(([id, { externalId }]) => [id, externalId]));
    for (const { sequence, method, url, requestBody, status } of exchanges.slice(this.#seen)) {
      if (method === 'GET') continue;
      const [, wrote] = /"v(\d+)"/.exec(requestBody) ?? [];
      if (!wrote || (status ?? 0) >= 400) continue;
      const named = /"externalId":"([0-9a-f-]{36})"/.exec(requestBody)?.[1];
      const id = named ?? byRemoteId.get(decodeURIComponent(url.split('/').at(-1)?.split('?')[0] ?? ''));
      const person = this.people.find((one) => one.id === id);
      if (!person) continue;
      const allowed = [before_.get(person.id), this.serving(person), this.#between.get(person.id)];
      assert.ok(allowed.includes(Number(wrote)), `R1: #${sequence} wrote v${wrote} to ${person.id}, ${allowed} may be`);
    }
    this.#seen = exchanges.length;
  }

  async checkRecord(): Promise<void> {
    const { rows } = await this.ground.pool.query(
      `select 'R3: a stage passed a closed gate without a reason' as found from rollout_stage s join rollout r on r.id = s.rollout_id
       join connected_app a on a.id = r.app_id
       where a.name = $1 and json_array_length(coalesce(s.overridden, '[]')) > 0 and s.override_reason is null
       union all
       select 'R5: two rollouts are open' from rollout r join connected_app a on a.id = r.app_id
       where a.name = $1 and r.state in ('running', 'paused', 'halted', 'stopped') having count(*) > 1
       union all
       select 'R7: a command has no line in the audit: ' || r.id || ' at ' || r.revision from rollout r
       join connected_app a on a.id = r.app_id
       where a.name = $1 and r.without_rollout is null and r.revision > 1 and not exists (
         select from audit_event e where e.app_id = a.id and e.action like 'rollout.%' and e.after ->> 'rollout' = r.id::text
           and e.action <> 'rollout.created')`,
      [this.name],
    );
    assert.deepEqual(rows, []);
  }

  /** R4: whatever happened, one command brings everybody back to what served them before. */
  async end(): Promise<void> {
    const before_ = new Map(this.people.map((person) => [person.id, this.serving(person)]));
    if (this.open) {
      const { base } = this.open;
      await this.give('roll back', false);
      await this.check(before_);
      if (base !== null) for (const person of this.people) assert.equal(this.serving(person), base);
      await this.watch.prove();
      const { rows } = await this.ground.pool.query(
        `select b.state, array(select distinct p.state from rollback_account p where p.rollback_id = b.id) as proofs
         from rollback b join connected_app a on a.id = b.app_id where a.name = $1 order by b.id desc limit 1`,
        [this.name],
      );
      assert.equal(rows[0].state, 'done');
      const inOrder = ['as before', 'left', 'no account'];
      assert.deepEqual(
        rows[0].proofs.filter((state: string) => !inOrder.includes(state)),
        [],
        'R4: the target proves it',
      );
    }
    await this.watch.stop();
    await this.ground.pool.query(`update connected_app set state = 'paused' where name = $1 and state = 'active'`, [
      this.name,
    ]);
  }
}

let world: World;
before(async () => {
  world = await World.start();
});
after(() => world.stop());

test('whatever people do to a rollout, and whatever happens meanwhile, R1 to R7 hold', async () => {
  const history = fc.record({ isDraft: fc.boolean(), steps: fc.array(STEP, { minLength: 8, maxLength: 16 }) });
  const runs = Number(process.env['USHER_MODEL_RUNS'] ?? 15);
  await fc.assert(
    fc.asyncProperty(history, async ({ isDraft, steps }) => {
      const run = new Run(world, isDraft);
      await run.begin();
      const first: Step = { kind: 'plan and start', pilot: [0, 1], byProfile: false, override: true };
      for (const step of [first, ...steps]) await run.step(step);
      await run.end();
    }),
    { numRuns: runs, interruptAfterTimeLimit: 600_000, endOnFailure: process.env['USHER_MODEL_RUNS'] === undefined },
  );
});
