import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { MAPPING, World } from '../mapping/world.ts';
import type { TestLog } from '../support/test-log.ts';

let world: World;
before(async () => {
  world = await World.start();
});
after(() => world.stop());

const STARTS_OVER = /starts over|Could not start a pump/;

test('two users who match one account at the same moment are settled, and stop nobody else', async () => {
  const mapping = [...MAPPING, { target: 'emails[type eq "work"].value', formula: 'Email' }];
  await world.addApp('Target', mapping, {
    more: { correlation: { matchingAttributes: ['externalId', 'userName', 'emails[type eq "work"].value'] } },
  });
  world.target.createAccount({
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
    userName: 'shared',
    emails: [{ type: 'work', value: 'shared@mail.example.com' }],
    active: true,
  });
  const shared = { Email: 'shared@mail.example.com' };
  const users = await world.addUsers([
    { username: 'ivy@example.com', fields: shared },
    { username: 'jan@example.com', fields: shared },
    { username: 'eve@example.com', fields: { Email: 'eve@mail.example.com' } },
  ]);
  await world.until(async () => {
    const { rows } = await world.ground.pool.query(
      `select count(*)::int as n from account_link where standing in ('settled', 'parked') and (remote_id is not null or reason is not null)`,
    );
    return rows[0].n === 3;
  }, 5_000);
  const { rows } = await world.ground.pool.query(
    `select count(*) filter (where remote_id is not null)::int as linked, count(*) filter (where standing = 'parked')::int as parked
     from account_link where user_id = any ($1)`,
    [users],
  );
  assert.deepEqual(rows, [{ linked: 2, parked: 1 }]);
  const parked = await world.ground.pool.query(
    `select u.username, l.reason ->> 'code' as code, l.reason ->> 'message' as message
     from account_link l join directory_user u on u.id = l.user_id where l.standing = 'parked'`,
  );
  const [{ username, code, message }] = parked.rows;
  const other = username === 'ivy@example.com' ? 'jan@example.com' : 'ivy@example.com';
  assert.equal(code, 'owned_by_active_user');
  assert.match(message, new RegExp(`belongs to ${other}`));
  // Who came second has written nothing to the account.
  const writes = world.target.exchanges().filter(({ method }) => method === 'PATCH' || method === 'PUT');
  assert.equal(writes.length, 1);
  assert.equal(world.account(users[username === 'ivy@example.com' ? 1 : 0] ?? '').userName, other);
  assert.deepEqual(messages(STARTS_OVER), []);
});

test('a target that gives an id a second time parks who got it, naming both, and stops nobody else', async () => {
  const { rows: apps } = await world.ground.pool.query('select name from connected_app');
  assert.equal(apps.length, 1);
  const effect = { kind: 'reuse-id' } as const;
  world.target.setSchedule([{ id: 'again', match: { method: 'POST', user: 'una@example.com' }, effect, minFires: 1 }]);
  const users = await world.addUsers(
    ['una', 'uwe', 'udo'].map((name) => ({
      username: `${name}@example.com`,
      fields: { Email: `${name}@mail.example.com` },
    })),
  );
  await world.quiet();
  world.target.verifyRequired();
  const { rows } = await world.ground.pool.query(
    `select u.username, l.standing, l.remote_id is not null as linked, l.reason ->> 'message' as message, r.state
     from account_link l join directory_user u on u.id = l.user_id join provisioning_request r on r.user_id = u.id
     where u.id = any ($1) order by 1`,
    [users],
  );
  const [udo, una, uwe] = rows;
  assert.deepEqual([udo.standing, udo.linked, uwe.standing, uwe.linked], ['settled', true, 'settled', true]);
  assert.deepEqual([una.standing, una.linked, una.state], ['parked', false, 'Failed']);
  assert.match(una.message, /^The account \S+ belongs to \S+@example\.com, who is active$/);
  assert.deepEqual(messages(STARTS_OVER), []);
});

function messages(pattern: RegExp): string[] {
  return (world.ground.log as TestLog).entries
    .map((entry) => String(entry['msg']))
    .filter((text) => pattern.test(text));
}
