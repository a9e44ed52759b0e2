import type { FaultEffect, FaultRule } from '@usher/scim/testing';
import type { SimulatedWorld } from './simulated-world.ts';

/** What happens to the directory, the app, the replicas, the database and the target, and when, all drawn from the seed. */
export class History {
  readonly #world: SimulatedWorld;
  readonly #users: { id: string; username: string; formerNames: string[] }[] = [];
  #number = 0;
  #department = 0;

  constructor(world: SimulatedWorld) {
    this.#world = world;
  }

  get users(): readonly { id: string; username: string }[] {
    return this.#users;
  }

  #pick<T>(list: readonly T[]): T | undefined {
    return list[Math.floor(this.#world.random() * list.length)];
  }

  #between(low: number, high: number): number {
    return low + Math.floor(this.#world.random() * (high - low + 1));
  }

  async addUsers(count: number): Promise<void> {
    const { time, random, appId } = this.#world;
    const fresh = Array.from({ length: count }, () => {
      this.#number += 1;
      const bytes = Array.from({ length: 16 }, () => Math.floor(random() * 256));
      const hex = bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('');
      const id = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-7${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`;
      return { id, username: `user${this.#number}.${appId}@example.com`, formerNames: [] };
    });
    this.#users.push(...fresh);
    await this.#world.change(`${count} more`, async (db) => {
      await db.query(
        `insert into directory_user (id, username, is_active, profile_id, fields, created_at, updated_at)
         select u.id, u.username, true, p.id, '{"LastName": "Last", "Title": "A"}', $2, $2
         from json_to_recordset($1) as u (id uuid, username text), (select max(id) as id from profile) p`,
        [JSON.stringify(fresh), time.now()],
      );
      await db.query(
        `insert into permission_set_assignment (user_id, permission_set_id, created_at)
         select u, g.permission_set_id, $2 from unnest($1::uuid[]) u, app_assignment g where g.app_id = $3`,
        [fresh.map(({ id }) => id), time.now(), appId],
      );
      return fresh.map(({ id }) => id);
    });
  }

  #set(user: { id: string; username: string }, set: string, values: unknown[] = []): Promise<void> {
    return this.#world.change(`${user.username}: ${set} ${values.join(' ')}`, async (db) => {
      await db.query(`update directory_user set ${set} where id = $1`, [user.id, ...values]);
      return [user.id];
    });
  }

  /** One change of the directory. */
  async changeDirectory(): Promise<void> {
    const { random, appId, time } = this.#world;
    const user = this.#pick(this.#users);
    if (!user) return;
    const dice = random();
    if (dice < 0.22) return this.#set(user, 'is_active = false');
    if (dice < 0.46) return this.#set(user, 'is_active = true');
    if (dice < 0.6) {
      const title = this.#pick(['A', 'B', 'C']);
      return this.#set(user, `fields = fields || jsonb_build_object('Title', $2::text)`, [title]);
    }
    if (dice < 0.65) return this.#set(user, `fields = fields - 'Title'`);
    if (dice < 0.75) {
      this.#department += 1;
      const value = String(this.#department).padStart(4, '0');
      return this.#set(user, `fields = fields || jsonb_build_object('Department', $2::text)`, [value]);
    }
    if (dice < 0.8) return this.#rename(user);
    if (dice < 0.84) return this.#set(user, 'deleted_at = $2, is_active = false', [time.now()]);
    if (dice < 0.88) {
      return this.#world.change(`${user.username} unassigned`, async (db) => {
        await db.query('delete from permission_set_assignment where user_id = $1', [user.id]);
        return [user.id];
      });
    }
    if (dice < 0.94) {
      return this.#world.change(`${user.username} assigned`, async (db) => {
        await db.query(
          `insert into permission_set_assignment (user_id, permission_set_id, created_at)
           select $1, permission_set_id, $2 from app_assignment where app_id = $3 on conflict do nothing`,
          [user.id, time.now(), appId],
        );
        return [user.id];
      });
    }
    return this.addUsers(this.#between(1, 2));
  }

  /** To a new name, or to one that another user has given up. */
  async #rename(user: History['users'][number] & { formerNames: string[] }): Promise<void> {
    const taken = new Set(this.#users.map(({ username }) => username));
    const free = this.#users.flatMap(({ formerNames }) => formerNames).filter((name) => !taken.has(name));
    this.#number += 1;
    const name =
      (this.#world.chance(0.4) && this.#pick(free)) || `user${this.#number}.${this.#world.appId}@example.com`;
    user.formerNames.push(user.username);
    user.username = name;
    await this.#set(user, 'username = $2', [name]);
  }

  /** Something goes wrong. Gives after how long it is over, with what ends it. */
  async disturb(): Promise<{ lastsMs: number; end: () => void | Promise<void> } | undefined> {
    const world = this.#world;
    const dice = world.random();
    const replica = this.#pick(world.running);
    if (dice < 0.2) {
      replica?.process.die();
      world.tell(`${replica?.process.name} is killed`);
      return { lastsMs: this.#between(0, 20_000), end: () => void world.startReplica() };
    }
    if (dice < 0.35 && replica?.process.isRunning && !world.store.isHeldBy(replica.process)) {
      const sleeps = world.chance(0.5);
      replica.process.freeze(sleeps);
      world.tell(`${replica.process.name} ${sleeps ? 'sleeps' : 'is stopped'}`);
      const end = () => {
        world.tell(`${replica.process.name} goes on`);
        replica.process.thaw();
      };
      return { lastsMs: this.#between(1_000, 40_000), end };
    }
    if (dice < 0.45) {
      world.databaseAway = true;
      world.tell('the database is away');
      const end = () => {
        world.databaseAway = false;
        world.tell('the database is back');
      };
      return { lastsMs: this.#between(500, 25_000), end };
    }
    if (dice < 0.5 && replica) {
      world.tell(`${replica.process.name} is told to end`);
      replica.process.isLeaving = true;
      replica.process.reach(() => void replica.fleet.stop().then(() => replica.process.die()));
      return { lastsMs: this.#between(0, 10_000), end: () => void world.startReplica() };
    }
    if (dice < 0.6) {
      await world.changeApp(`state = 'paused'`);
      return { lastsMs: this.#between(100, 15_000), end: () => world.changeApp(`state = 'active'`) };
    }
    if (dice < 0.65 && replica) {
      replica.process.wallAheadMs += this.#between(-30_000, 30_000);
      world.tell(`${replica.process.name}'s clock is set to ${replica.process.wallAheadMs} ms`);
      return undefined;
    }
    world.setTargetFaults([this.#drawFault(), this.#drawFault()]);
    return { lastsMs: this.#between(2_000, 30_000), end: () => world.setTargetFaults([]) };
  }

  #drawFault(): FaultRule {
    const effects: [FaultEffect, phase?: 'before' | 'after'][] = [
      [{ kind: 'destroy' }, 'before'],
      [{ kind: 'destroy' }, 'after'],
      [{ kind: 'destroy' }, 'after'],
      [{ kind: 'status', status: 500 }, 'before'],
      [{ kind: 'status', status: 500 }, 'after'],
      [{ kind: 'status', status: 503, retryAfter: 3 }, 'before'],
      [{ kind: 'status', status: 429, retryAfter: this.#pick([2, { dateInMs: 5_000 }, 'negative', 'garbage']) ?? 2 }],
      [{ kind: 'hang', ms: this.#between(1_000, 90_000) }, this.#pick(['before', 'after'])],
      [{ kind: 'delay', ms: this.#between(500, 70_000) }, this.#pick(['before', 'after'])],
      [{ kind: 'html' }, 'before'],
      [{ kind: 'html' }, 'after'],
      [{ kind: 'cut-body' }],
      [{ kind: 'truncated-json' }],
      [{ kind: 'empty-body' }, 'after'],
      [{ kind: 'status', status: 401 }, 'before'],
    ];
    const [effect, phase] = this.#pick(effects) ?? [{ kind: 'destroy' } as FaultEffect, 'after' as const];
    const probability = this.#pick([0.1, 0.3, 0.7, 1]) ?? 1;
    const method = this.#pick([['POST'], ['PATCH'], ['PATCH'], ['GET'], ['POST', 'PATCH', 'GET']]) ?? ['PATCH'];
    this.#world.tell(`target: ${effect.kind} ${phase ?? ''} on ${method} with ${probability}`);
    this.#number += 1;
    return {
      id: `fault ${this.#number}`,
      match: { method, probability },
      ...(phase ? { phase } : {}),
      effect,
      minFires: 0,
      maxFires: Number.MAX_SAFE_INTEGER,
    };
  }
}
