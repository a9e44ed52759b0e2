import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { MAPPING, World } from '../mapping/world.ts';

let world: World;
before(async () => {
  world = await World.start();
});
after(() => world.stop());

const why = 'the pump starts over when two outcomes of one batch adopt the same account (account_link_remote_id_key)';

test('two users who match one account at the same moment are settled, and stop nobody else', {
  todo: why,
}, async () => {
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
});
