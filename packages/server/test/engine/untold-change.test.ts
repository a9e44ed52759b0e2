import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { World } from '../mapping/world.ts';

let world: World;
before(async () => {
  world = await World.start();
});
after(() => world.stop());

it('an app whose credential was mended without its pump being told goes on by itself', async () => {
  const id = await world.addApp('Target');
  await world.addUsers([{ username: 'ada@example.com' }]);
  await world.quiet();
  const { pool } = world.ground;
  const { rows: good } = await pool.query('select sealed, origins from app_credential where app_id = $1', [id]);
  const wrong = { kind: 'bearer', token: 'another-one' };
  const { status, text } = await world.send('PUT', '/apps/Target/credential', wrong, { 'if-match': '*' });
  assert.equal(status, 200, text);
  await world.addUsers([{ username: 'grace@example.com' }]);
  const quarantine = async () => (await world.send('GET', '/apps/Target')).json.quarantine;
  await world.until(async () => (await quarantine()) !== null);
  assert.equal(world.target.accounts().size, 1);
  // As another replica's change whose notification was lost.
  await pool.query('update app_credential set sealed = $2, origins = $3 where app_id = $1', [
    id,
    good[0].sealed,
    good[0].origins,
  ]);
  await pool.query('update connected_app set revision = revision + 1 where id = $1', [id]);
  await world.until(async () => (await quarantine()) === null);
  await world.quiet();
  assert.equal(world.target.accounts().size, 2);
});
