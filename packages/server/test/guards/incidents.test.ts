import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { assignmentRoutes } from '../../src/http/assignment-routes.ts';
import { directoryRoutes } from '../../src/http/directory-routes.ts';
import { guardRoutes } from '../../src/http/guard-routes.ts';
import { holdRoutes } from '../../src/http/hold-routes.ts';
import { type Json, MAPPING, World } from '../mapping/world.ts';
import { ask, inactive, openHolds, writes } from './guard-world.ts';

/*
 * Incidents that really happened to others, replayed. Each says what was sent before the stop, which is the bound, what the
 * administrator sees, and how they get back.
 */

const PEOPLE = 120;
const email = (n: number) => `p${n}@example.com`;

function csv(columns: string[], rows: Record<string, string>[]): string {
  const lines = rows.map((row) => columns.map((column) => row[column] ?? '').join(','));
  return `${[columns.join(','), ...lines].join('\n')}\n`;
}

const COLUMNS = ['Username', 'LastName', 'Email', 'Title', 'Department'];
const row = (n: number, more: Record<string, string> = {}) => ({
  ...{ Username: email(n), LastName: `Person ${n}`, Email: email(n), Title: `Title ${n}`, Department: 'Sales' },
  ...more,
});

async function startIncident(configuration: object = {}): Promise<World> {
  const world = await World.start(undefined, {
    moreRoutes: (ground) => [
      directoryRoutes(ground),
      assignmentRoutes(ground),
      holdRoutes(ground),
      guardRoutes(ground),
    ],
  });
  try {
    await world.addApp('Target', MAPPING, { more: configuration });
    await world.addUsers(
      Array.from({ length: PEOPLE }, (_, n) => {
        const { Username: username, ...fields } = row(n);
        return { username, fields };
      }),
    );
    await world.quiet();
    assert.equal(world.target.accounts().size, PEOPLE);
    return world;
  } catch (error) {
    await world.stop();
    throw error;
  }
}

const upload = (world: World, text: string, query = '') =>
  world.api.inject({
    method: 'POST',
    url: `/api/v1/users/import${query}`,
    headers: { host: 'localhost:4780', authorization: world.authorization, 'content-type': 'text/csv' },
    payload: text,
  });
const titled = (world: World): number =>
  [...world.target.accounts().values()].filter(({ attributes }) => (attributes as Json)['title']).length;

describe('a wrong filter that would deactivate everyone', () => {
  let world: World;
  let before_: number;
  before(async () => {
    world = await startIncident({ scopingFilter: 'Department = "Sales"' });
    before_ = writes(world);
  });
  after(() => world.stop());

  test('is seen before it is saved: who leaves, and that the guard would hold it', async () => {
    const plan = await world.plan('Target', { scopingFilter: 'Department = "sales "' });
    assert.deepEqual([plan.enters, plan.leaves, plan.guard.wouldHold], [0, PEOPLE, true]);
    assert.equal(writes(world), before_);
  });

  test('sends not one deactivation, and is shown as one cause of 120 holds', async () => {
    await world.save('Target', { mapping: MAPPING, scopingFilter: 'Department = "sales "' });
    await world.quiet();
    assert.equal(writes(world), before_, 'the bound: nothing is sent, for the wave is held whole');
    const { items } = await ask(world, 'GET', '/holds/causes?app=Target');
    assert.deepEqual(
      items.map(({ cause, holds }: Json) => [cause, holds]),
      [['deactivation threshold: assignment lost', PEOPLE]],
    );
    assert.match(items[0].reason, /would make 120 within an hour, and this app allows 10/);
  });

  test('is over when the filter is right again: the holds close themselves', async () => {
    await world.save('Target', { mapping: MAPPING, scopingFilter: 'Department = "Sales"' });
    await world.quiet();
    assert.deepEqual([(await openHolds(world)).length, inactive(world), writes(world)], [0, 0, before_]);
  });
});

describe('an import that blanks a column', () => {
  let world: World;
  before(async () => {
    world = await startIncident();
  });
  after(() => world.stop());
  const all = (more: Record<string, string>) => Array.from({ length: PEOPLE }, (_, n) => row(n, more));

  test('takes no value away at the target beyond the limit', async () => {
    const before = writes(world);
    const done = await upload(world, csv(COLUMNS, all({ Title: '' })));
    assert.equal(done.statusCode, 200, done.body);
    await world.quiet();
    // 20 or 5 % of the accounts, whichever is more, may lose a value in an hour; a wave is held whole.
    assert.equal(writes(world), before, 'the bound: 20, and here nothing');
    assert.equal(titled(world), PEOPLE);
  });

  test('is shown by the attribute that would be lost, with before and after', async () => {
    const { items } = await ask(world, 'GET', '/holds/causes?app=Target');
    assert.deepEqual([items.length, items[0].cause, items[0].holds], [1, 'cleared values: title', PEOPLE]);
    const [hold] = await openHolds(world);
    assert.deepEqual(hold.changes[0].after, null);
    assert.match(hold.changes[0].before, /^Title \d+$/);
  });

  test('lets leavers and other changes of other people go on meanwhile', async () => {
    const [newcomer = ''] = await world.addUsers([{ username: 'newcomer@example.com', fields: { Title: 'New' } }]);
    await world.quiet();
    assert.equal(world.account(newcomer)?.['title'], 'New');
    const { rows } = await world.ground.pool.query(`select id from directory_user where username = $1`, [email(0)]);
    await world.change([rows[0].id], 'is_active = false');
    await world.quiet();
    assert.equal(world.account(rows[0].id)?.['active'], false);
  });

  test('is over when the column is back: the holds close themselves', async () => {
    const done = await upload(world, csv(COLUMNS, all({})));
    assert.equal(done.statusCode, 200, done.body);
    await world.quiet();
    assert.deepEqual([(await openHolds(world)).length, titled(world)], [0, PEOPLE + 1]);
  });
});

describe('a permission set renamed', () => {
  let world: World;
  before(async () => {
    world = await startIncident({ scopingFilter: 'INCLUDES(PermissionSets, "Access")' });
  });
  after(() => world.stop());
  const rename = (from: string, to: string) =>
    world.send('PATCH', `/permission-sets/${from}`, { Name: to }, { 'if-match': '*' });

  test('takes the app from nobody: it is granted by the set, not by its name', async () => {
    assert.equal((await rename('Access', 'Board_Access')).status, 200);
    await world.quiet();
    const granted = await ask(world, 'GET', '/apps/Target/assignments');
    assert.equal(granted.items[0].name, 'Board_Access');
    assert.equal(inactive(world), 0);
  });

  test('where a filter reads the name, everybody would leave, and nobody is deactivated', async () => {
    const holds = await openHolds(world);
    assert.deepEqual([holds.length, inactive(world)], [PEOPLE, 0], 'the bound: nothing is sent');
    assert.equal(holds[0].cause, 'deactivation threshold: assignment lost');
    const why = await ask(world, 'GET', `/apps/Target/users/${holds[0].userId}/why`);
    assert.deepEqual([why.state, why.reason.code], ['held', 'over_deactivation_limit']);
  });

  test('is over when the old name is back', async () => {
    assert.equal((await rename('Board_Access', 'Access')).status, 200);
    await world.quiet();
    assert.deepEqual([(await openHolds(world)).length, inactive(world)], [0, 0]);
  });
});

describe('a target that answers every GET with an empty list', () => {
  let world: World;
  const empty = JSON.stringify({
    schemas: ['urn:ietf:params:scim:api:messages:2.0:ListResponse'],
    ...{ totalResults: 0, startIndex: 1, itemsPerPage: 0, Resources: [] },
  });
  before(async () => {
    world = await startIncident();
    world.target.setSchedule([
      {
        id: 'empty',
        match: { method: 'GET' },
        phase: 'before',
        effect: { kind: 'body', status: 200, contentType: 'application/scim+json', body: empty },
        ...{ maxFires: 1_000_000, minFires: 0 },
      },
    ]);
  });
  after(() => world.stop());
  const countOf = (method: string) => world.target.exchanges().filter((exchange) => exchange.method === method).length;

  test('loses no account: nothing is deactivated, deleted or made twice on the strength of a list', async () => {
    const [deletes, posts] = [countOf('DELETE'), countOf('POST')];
    // After a restore nothing is taken as known, and everybody is read.
    await world.ground.pool.query('update account_link set unverified = true');
    const { rows } = await world.ground.pool.query('select user_id from account_link');
    await world.change(
      rows.map(({ user_id }) => user_id),
      'updated_at = now()',
    );
    await world.until(async () => (await ask(world, 'GET', '/apps/Target')).quarantine !== null);
    assert.equal(world.target.accounts().size, PEOPLE);
    assert.equal(inactive(world), 0);
    assert.deepEqual([countOf('DELETE'), countOf('POST')], [deletes, posts], 'the bound: nothing is written');
  });

  test('is quarantined after a few such answers, in words that say what they were', async () => {
    const { quarantine } = await ask(world, 'GET', '/apps/Target');
    assert.equal(quarantine.cause, 'target');
    assert.match(quarantine.message, /answered with something that is not an account/);
    const asked = world.target.exchanges().filter(({ url }) => url.includes('/Users/')).length;
    assert.ok(asked < 40, `${asked} accounts were asked for before the stop`);
  });

  test('makes nobody twice who is new and there already', async () => {
    // Somebody whose account is there already, which the search hides.
    world.target.createAccount({
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
      ...{ userName: 'there@example.com', active: true },
    });
    const [there = ''] = await world.addUsers([{ username: 'there@example.com' }]);
    await world.until(async () => {
      const { rows } = await world.ground.pool.query(
        `select 1 from link_schedule s where s.user_id = $1 and s.done_rev < s.wanted_rev`,
        [there],
      );
      return rows.length > 0 && (await ask(world, 'GET', '/apps/Target')).quarantine !== null;
    });
    const named = [...world.target.accounts().values()].filter(
      ({ attributes }) => (attributes as Json).userName === 'there@example.com',
    );
    assert.equal(named.length, 1);
  });

  test('is over when the target answers again', async () => {
    world.target.setSchedule([]);
    await ask(world, 'POST', '/apps/Target/pause', {});
    await ask(world, 'POST', '/apps/Target/resume');
    const { rows } = await world.ground.pool.query('select user_id from account_link');
    await world.change(
      rows.map(({ user_id }) => user_id),
      'updated_at = now()',
    );
    await world.until(async () => {
      const { rows: left } = await world.ground.pool.query(
        `select 1 from account_link where standing <> 'settled' limit 1`,
      );
      return left.length === 0;
    }, 30_000);
    assert.deepEqual([inactive(world), world.target.accounts().size], [0, PEOPLE + 1]);
  });
});

describe('an HR snapshot cut in half', () => {
  let world: World;
  before(async () => {
    world = await startIncident();
  });
  after(() => world.stop());
  const half = csv(
    COLUMNS,
    Array.from({ length: PEOPLE / 2 }, (_, n) => row(n)),
  );

  test('is refused: nobody leaves because a file ends', async () => {
    const before = writes(world);
    const dry = await upload(world, half, '?snapshot=true&dryRun=true');
    assert.equal(dry.statusCode, 200, dry.body);
    const { leavers } = dry.json();
    assert.deepEqual([leavers.count, leavers.limit], [PEOPLE / 2, 10]);
    const blind = await upload(world, half, '?snapshot=true');
    assert.equal(blind.statusCode, 400, 'who leaves must be looked at first');
    const refused = await upload(world, half, `?snapshot=true&snapshotToken=${leavers.snapshotToken}`);
    assert.equal(refused.statusCode, 409, refused.body);
    assert.match(refused.json().errors[0].problem, /60 of 120 active users would leave; 10 may/);
    await world.quiet();
    assert.deepEqual([writes(world), inactive(world)], [before, 0], 'the bound: nothing is sent');
  });

  test('that somebody forces through is held by the guard, whole', async () => {
    const dry = await upload(world, half, '?snapshot=true&dryRun=true');
    const token = dry.json().leavers.snapshotToken;
    const forced = await upload(world, half, `?snapshot=true&snapshotToken=${token}&allowLeavers=60`);
    assert.equal(forced.statusCode, 200, forced.body);
    await world.quiet();
    const { items } = await ask(world, 'GET', '/holds/causes?app=Target');
    assert.deepEqual([items[0].cause, items[0].holds], ['deactivation threshold: user deactivated', PEOPLE / 2]);
    assert.equal(inactive(world), 0);
  });

  test('is over with the whole file: everybody is back, and nobody noticed', async () => {
    const whole = csv(
      [...COLUMNS, 'IsActive'],
      Array.from({ length: PEOPLE }, (_, n) => row(n, { IsActive: 'yes' })),
    );
    const done = await upload(world, whole);
    assert.equal(done.statusCode, 200, done.body);
    await world.quiet();
    assert.deepEqual([(await openHolds(world)).length, inactive(world)], [0, 0]);
  });
});
