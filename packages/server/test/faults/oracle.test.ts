import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { World } from './world.ts';

describe('the oracle of these tests sees a planted violation', () => {
  let world: World;
  let ids: string[];
  beforeEach(async () => {
    world = await World.open();
    await world.start();
    ids = await world.addUsers(3);
    await world.check();
  });
  afterEach(() => world.close());

  const sql = (text: string) => world.records.pool.query(text);
  const accountOf = (id: string) =>
    [...world.target.accounts()].find(([, account]) => account.externalId === id)?.[0] ?? '';
  const patch = (remoteId: string, value: object) =>
    fetch(`${world.target.url}/Users/${remoteId}`, {
      method: 'PATCH',
      headers: { 'content-type': 'application/scim+json' },
      body: JSON.stringify({
        schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
        Operations: [{ op: 'replace', value }],
      }),
    });

  test('a write without an intent, and a change that was lost', async () => {
    await patch(accountOf(ids[0] ?? ''), { title: 'Nobody said so' });
    await assert.rejects(world.check(), /came without an intent/);
    await sql(`update directory_user set fields = fields || '{"Title": "Lost"}'`);
    await assert.rejects(world.check(), /title is "New", not "Lost"/);
  });

  test('a stranger touched', async () => {
    const stranger = [...world.target.accounts()].find(([, account]) => account.isStranger)?.[0] ?? '';
    await patch(stranger, { title: 'Mine' });
    await assert.rejects(world.check(), /stranger/);
  });

  test('a line of the log that is there twice, one that is missing, a link to another account', async () => {
    const columns = 'at, app_id, user_id, request_id, attempt, operation, outcome, message';
    await sql(`insert into provisioning_log (${columns}) select ${columns} from provisioning_log limit 1`);
    await assert.rejects(world.check(), /the log says 2 times/);
    await sql('delete from open_intent; delete from provisioning_log');
    await assert.rejects(world.check(), /no line tells of/);
    await sql(`update account_link set remote_id = 'elsewhere' where user_id = '${ids[1]}'`);
    await assert.rejects(world.check(), /the link of .* is not to/);
  });

  test('a second run that writes, and one that never comes to rest', async () => {
    await sql(`update account_link set applied = '{}'`);
    await assert.rejects(world.check(), /A second run wrote/);
    for (const replica of world.replicas) await replica.signal('SIGKILL');
    await world.addUsers(1, 'forgotten');
    await assert.rejects(world.quiet(500), /quiet: not within/);
  });
});
