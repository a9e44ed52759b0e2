import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { FaultTargetOptions } from '@usher/scim/testing';
import { ENTERPRISE, type Json, MAPPING, World } from '../mapping/world.ts';

const DELETES = { deprovisioning: { 'user deleted': { action: 'delete' } } };

/** A world with a draft app and a test user who is nobody. */
async function worldWith(
  profile?: FaultTargetOptions['profile'],
  more: object = {},
  mapping: object[] = MAPPING,
): Promise<{ world: World; user: string }> {
  const world = await World.start(profile);
  await world.addApp('Target', mapping, { active: false, more });
  const [user = ''] = await world.addUsers([{ username: 'drill@example.com', fields: { Title: 'Tester' } }]);
  const marked = await world.send('PUT', `/users/${user}/test-user`, { isTest: true });
  assert.equal(marked.status, 200, marked.text);
  return { world, user };
}

async function drill(world: World, user: string): Promise<Json> {
  const asked = await world.send('POST', '/apps/Target/drills', { user });
  assert.equal(asked.status, 202, asked.text);
  return settled(world, asked.json.id);
}

async function settled(world: World, id: string): Promise<Json> {
  let found: Json;
  await world.until(async () => {
    world.drills.wake();
    found = (await world.send('GET', `/apps/Target/drills/${id}`)).json;
    return ['passed', 'failed', 'cancelled'].includes(found.state);
  }, 30_000);
  return found;
}

const told = ({ steps }: Json): string[] => steps.map(({ step, state }: Json) => `${step}: ${state}`);
const writes = (world: World): string[] =>
  world.target
    .exchanges()
    .filter(({ method }) => method !== 'GET')
    .map(({ method, requestBody }) => `${method} ${/"value":(true|false)/.exec(requestBody)?.[1] ?? ''}`.trim());

describe('a deactivation drill', () => {
  let world: World;
  let user = '';
  before(async () => {
    ({ world, user } = await worldWith());
  });
  after(() => world.stop());

  test('takes an account away and gives it back, reads it after each write, and keeps every exchange', async () => {
    const done = await drill(world, 'drill@example.com');
    assert.equal(done.state, 'passed', JSON.stringify(done, null, 1));
    assert.deepEqual(told(done), [
      'look: passed',
      'create: passed',
      'verify created: passed',
      'deactivate: passed',
      'verify deactivated: passed',
      'reactivate: passed',
      'verify reactivated: passed',
      'clean up: passed',
      'verify cleaned up: passed',
    ]);
    assert.deepEqual(writes(world), ['POST', 'PATCH false', 'PATCH true', 'PATCH false']);
    const [, create] = done.steps;
    assert.equal(create.exchanges.at(-1).status, 201);
    assert.equal(create.exchanges.at(-1).requestHeaders.authorization, '[redacted]');
    assert.match(create.exchanges.at(-1).requestBody, /drill@example\.com/);
    assert.match(done.steps[2].message, /with every value as it was sent/);
    assert.equal(done.holds, true);
    assert.equal(world.account(user).active, false);
    assert.deepEqual(world.target.violations(), []);
    const { rows } = await world.ground.pool.query('select count(*)::int as n from account_link');
    assert.equal(rows[0].n, 0, 'the engine has no link of it');
  });

  test('uses the account of the drill before again', async () => {
    const done = await drill(world, user);
    assert.equal(done.state, 'passed', done.problem);
    assert.match(done.steps[0].message, /left from an earlier drill/);
    assert.equal(world.target.accounts().size, 1);
  });

  test('deletes it where the policy deletes', async () => {
    await world.save('Target', { mapping: MAPPING, ...DELETES });
    const done = await drill(world, user);
    assert.equal(done.state, 'passed', done.problem);
    assert.deepEqual(told(done).slice(-2), ['clean up: passed', 'verify cleaned up: passed']);
    assert.match(done.steps.at(-2).message, /Deleted the account/);
    assert.equal(done.remoteId, null);
    assert.equal(world.target.accounts().size, 0);
  });

  test('touches nobody else’s account', async () => {
    const stranger = world.target.createAccount({
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
      userName: 'drill@example.com',
      active: true,
    });
    const before = writes(world).length;
    const done = await drill(world, user);
    assert.equal(done.state, 'failed');
    assert.match(done.problem, /matches the test user and was made by no drill/);
    assert.match(done.nextStep, /whom nobody at the target resembles/);
    assert.equal(writes(world).length, before);
    world.target.deleteAccount(stranger.id);
  });

  test('takes test users only, who have no account', async () => {
    const [real = '', linked = ''] = await world.addUsers([
      { username: 'real@example.com' },
      { username: 'linked@example.com' },
    ]);
    const refused = await world.send('POST', '/apps/Target/drills', { user: real });
    assert.equal(refused.status, 409);
    assert.match(refused.json.errors[0].problem, /not marked as a test user/);
    await world.ground.pool.query(
      `insert into account_link (app_id, user_id, remote_id, account_state, updated_at) values (1, $1, 'x', 'active', now())`,
      [linked],
    );
    const marked = await world.send('PUT', `/users/${linked}/test-user`, { isTest: true });
    assert.equal(marked.status, 409);
    assert.match(marked.json.detail, /has an account at Target/);
    const listed = await world.send('GET', '/test-users');
    assert.deepEqual(
      listed.json.items.map(({ username }: Json) => username),
      ['drill@example.com'],
    );
  });

  test('cleans up after a server that stopped in the middle', async () => {
    const { id } = world.target.createAccount({
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
      userName: 'drill@example.com',
      externalId: user,
      active: true,
    });
    const drillId = world.ground.clock.uuid();
    await world.ground.pool.query(
      `insert into drill (id, app_id, user_id, username, version, fingerprint, connector, base_url, state, created_at, created_by, started_at)
       select $1, 1, $2, 'drill@example.com', 2, '', connector, base_url, 'running', now(), 'test', now() from connected_app where id = 1`,
      [drillId, user],
    );
    const done = await settled(world, drillId);
    assert.equal(done.state, 'failed');
    assert.match(done.problem, /stopped in the middle/);
    assert.equal(world.target.accounts().has(id), false);
  });

  test('is refused with what is red before it', async () => {
    await world.ground.pool.query('update connected_app set deactivate_enabled = false where id = 1');
    const refused = await world.send('POST', '/apps/Target/drills', { user });
    assert.equal(refused.status, 409);
    assert.deepEqual(refused.json.errors, [
      { field: 'triggers', problem: 'Off: leavers keep access', fix: 'Turn the deactivate trigger on.' },
    ]);
    await world.ground.pool.query('update connected_app set deactivate_enabled = true where id = 1');
  });
});

describe('a drill at a target with ways of its own', () => {
  const targets: [
    name: string,
    profile: FaultTargetOptions['profile'],
    more: object,
    state: string,
    problem: RegExp | null,
  ][] = [
    [
      'that takes a deactivation and does not do it',
      { base: 'strict', ignoredAttributes: ['active'] },
      {},
      'failed',
      /verify deactivated: The account can be used, although the target took the request/,
    ],
    ['that deletes what is deactivated', { base: 'strict', onDeactivate: 'delete' }, {}, 'passed', null],
    [
      'that keeps deactivated accounts from sight',
      { base: 'strict', inactiveNotFound: true },
      {},
      'failed',
      /reactivate: /,
    ],
    ['that does not delete', { base: 'strict', onDelete: 'refuse' }, DELETES, 'failed', /clean up: /],
    ['that only knows PUT', { base: 'strict', patch: false }, {}, 'passed', null],
  ];
  for (const [name, profile, more, state, problem] of targets) {
    test(name, async () => {
      const { world, user } = await worldWith(profile, more);
      try {
        const done = await drill(world, user);
        assert.equal(done.state, state, JSON.stringify([done.problem, told(done)]));
        if (problem) assert.match(done.problem, problem);
        if (name.includes('does not delete')) assert.equal(world.account(user).active, false, 'it ends deactivated');
      } finally {
        await world.stop();
      }
    });
  }
});

describe('readiness', () => {
  let world: World;
  let user = '';
  before(async () => {
    ({ world, user } = await worldWith());
  });
  after(() => world.stop());

  const readiness = async (): Promise<Json> => {
    const { json, status, text } = await world.send('GET', '/apps/Target/readiness');
    assert.equal(status, 200, text);
    return json;
  };
  const red = (found: Json): string[] =>
    found.pieces.flatMap(({ piece, checks }: Json) =>
      checks.filter(({ ok }: Json) => !ok).map(({ check }: Json) => `${piece}.${check}`),
    );
  const open = ({ levels }: Json): string[] => Object.keys(levels).filter((level) => levels[level].open);

  test('looks at the six pieces in their order', async () => {
    const found = await readiness();
    assert.deepEqual(
      found.pieces.map(({ piece }: Json) => piece),
      ['app', 'protocol', 'credential', 'mapping', 'triggers', 'trial'],
    );
    assert.deepEqual(red(found), ['trial.drill', 'trial.pilot']);
    assert.deepEqual(open(found), ['drill']);
    const places = found.levels.pilot.blockers.map(({ place }: Json) => place);
    assert.deepEqual(places, ['drill', 'pilot'], 'the console mends them there, and has words of its own');
    assert.ok(found.pieces.every(({ checks }: Json) => checks.every(({ ok, fix }: Json) => ok || fix.length > 0)));
  });

  test('is red where the target refuses the credential', async () => {
    world.target.setSchedule([
      { id: 'dead', match: { predicate: () => true }, effect: { kind: 'status', status: 401 }, maxFires: 1000 },
    ]);
    const found = await readiness();
    world.target.setSchedule([]);
    assert.ok(red(found).includes('credential.credential'), JSON.stringify(red(found)));
    assert.ok(red(found).includes('credential.read'));
    assert.deepEqual(open(found), []);
    assert.match(found.levels.drill.blockers[0].problem, /credential|401/i);
  });

  test('is red where the target began to demand what no rule gives', async () => {
    await world.ground.pool.query(
      `update app_configuration set document = jsonb_set(document, '{targetAttributes}', '[{"path": "floor", "type": "text",
         "multiValued": false, "required": true, "mutability": "readWrite", "uniqueness": "none", "caseExact": false}]')`,
    );
    const found = await readiness();
    assert.deepEqual(
      red(found).filter((one) => one.startsWith('mapping')),
      ['mapping.rules'],
    );
    assert.match(JSON.stringify(found.levels.drill.blockers), /the target requires floor, and no rule gives it/);
    await world.ground.pool.query(`update app_configuration set document = document - 'targetAttributes'`);
  });

  test('a drill opens the way, and expires with what it proved', async () => {
    assert.equal((await drill(world, user)).state, 'passed');
    assert.deepEqual(red(await readiness()), ['trial.pilot']);
    assert.deepEqual(open(await readiness()), ['drill', 'promotion']);
    await world.save('Target', {
      mapping: [...MAPPING, { target: `${ENTERPRISE}:department`, formula: 'Department' }],
    });
    assert.deepEqual(red(await readiness()), ['trial.pilot'], 'another rule changes nothing of it');
    await world.save('Target', { mapping: [...MAPPING, { target: 'active', formula: 'NOT(ISBLANK(LastName))' }] });
    const expired = await readiness();
    assert.deepEqual(red(expired), ['trial.drill', 'trial.pilot']);
    assert.match(JSON.stringify(expired.pieces[5]), /changed since the last drill that passed/);
    await world.save('Target', { mapping: MAPPING, connectorOptions: { pageSize: 50 } });
    assert.ok(red(await readiness()).includes('trial.drill'));
    await world.save('Target', { mapping: MAPPING });
    assert.deepEqual(red(await readiness()), ['trial.pilot'], 'what was proved holds again');
  });

  test('an app that works for everybody counts as rolled out', async () => {
    await world.ground.pool.query(`update connected_app set state = 'active' where id = 1`);
    assert.deepEqual(open(await readiness()), ['drill', 'pilot', 'promotion']);
    await world.ground.pool.query(`update connected_app set state = 'draft' where id = 1`);
  });
});
