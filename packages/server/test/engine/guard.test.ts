import assert from 'node:assert/strict';
import { afterEach, describe, test } from 'node:test';
import { decideHoldsOfApp } from '../../src/provisioning/index.ts';
import { Engine } from './engine-harness.ts';

const ACTOR = { kind: 'person', name: 'Ada' } as const;
const people = (count: number) => Array.from({ length: count }, (_, n) => ({ username: `user${n}@example.com` }));

describe('the deactivation threshold', () => {
  let engine: Engine;
  afterEach(() => engine.stop());

  const inactive = () => [...engine.target.accounts().values()].filter((account) => !account.active).length;
  const openHolds = async () => (await engine.rows('select 1 from hold where state = $1', ['open'])).length;

  test('lets ordinary leavers go', async () => {
    engine = await Engine.start();
    const ids = await engine.addUsers(people(40));
    await engine.quiet();
    await engine.change(ids.slice(0, 10), 'is_active = false');
    await engine.quiet();
    assert.equal(inactive(), 10);
    assert.equal(await openHolds(), 0);
  });

  test('holds a wave whole, and sends it after a person released it', async () => {
    engine = await Engine.start();
    const ids = await engine.addUsers(people(40));
    await engine.quiet();
    await engine.change(ids.slice(0, 11), 'is_active = false');
    await engine.quiet();
    assert.equal(inactive(), 0);
    assert.equal(await openHolds(), 11);
    const why = await engine.why(ids[0] ?? '');
    assert.equal(why.state, 'held');
    assert.deepEqual(
      await decideHoldsOfApp(engine.ground, ACTOR, engine.appId, undefined, { state: 'released', note: 'yes' }),
      { decided: 11, refused: [] },
    );
    await engine.quiet();
    assert.equal(inactive(), 11);
    const holds = await engine.rows<{ state: string }>('select distinct state from hold');
    assert.deepEqual(holds, [{ state: 'closed' }]);
  });

  test('holds a wave whole that is larger than one claim, also while more of it is still being claimed', async () => {
    engine = await Engine.start({ app: 'max_concurrency = 32' });
    const ids = await engine.addUsers(people(1_300));
    await engine.quiet(60_000);
    await engine.change(ids, 'is_active = false');
    await engine.quiet(60_000);
    assert.equal(inactive(), 0);
    assert.equal(await openHolds(), 1_300);
  });

  test('holds the tail of a wave with the wave', async () => {
    engine = await Engine.start({ app: 'max_concurrency = 32' });
    const ids = await engine.addUsers(people(600));
    await engine.quiet(60_000);
    await engine.change(ids.slice(0, 515), 'is_active = false');
    await engine.quiet(60_000);
    assert.equal(inactive(), 0);
    assert.equal(await openHolds(), 515);
  });

  test('never lets half of a small population go', async () => {
    engine = await Engine.start();
    const ids = await engine.addUsers(people(6));
    await engine.quiet();
    await engine.change(ids.slice(0, 4), 'is_active = false');
    await engine.quiet();
    assert.equal(inactive(), 0);
    assert.equal(await openHolds(), 4);
  });

  test('counts over an hour, so that a slow bleed is held too', async () => {
    engine = await Engine.start();
    const ids = await engine.addUsers(people(40));
    await engine.quiet();
    for (const id of ids.slice(0, 14)) {
      await engine.change([id], 'is_active = false');
      await engine.quiet();
    }
    assert.equal(inactive(), 10);
    assert.equal(await openHolds(), 4);
  });

  test('forgets what is more than an hour old', async () => {
    engine = await Engine.start();
    const ids = await engine.addUsers(people(40));
    await engine.quiet();
    await engine.change(ids.slice(0, 10), 'is_active = false');
    await engine.quiet();
    await engine.rows(`update deactivation_ledger set at = at - interval '61 minutes'`);
    await engine.change(ids.slice(10, 12), 'is_active = false');
    await engine.quiet();
    assert.equal(inactive(), 12);
  });

  test('a rejected hold stays unsent, and closes when the user returns', async () => {
    engine = await Engine.start();
    const ids = await engine.addUsers(people(6));
    await engine.quiet();
    await engine.change(ids.slice(0, 4), 'is_active = false');
    await engine.quiet();
    await decideHoldsOfApp(engine.ground, ACTOR, engine.appId, undefined, {
      state: 'rejected',
      note: 'a wrong filter',
    });
    await engine.quiet();
    assert.equal(inactive(), 0);
    await engine.change(ids.slice(0, 4), 'is_active = true');
    await engine.quiet();
    assert.deepEqual(await engine.rows('select distinct state from hold'), [{ state: 'closed' }]);
    assert.equal((await engine.why(ids[0] ?? '')).state, 'has account');
  });

  test('a hold that has lost its cause ends in the commit that settles its link', async () => {
    engine = await Engine.start();
    const ids = await engine.addUsers(people(6));
    await engine.quiet();
    await engine.change(ids.slice(0, 4), 'is_active = false');
    await engine.quiet();
    await engine.rows(
      `create function refuse() returns trigger language plpgsql as 'begin raise exception ''not now''; end'`,
    );
    await engine.rows('create trigger refuse before update on hold for each row execute function refuse()');
    await engine.change(ids.slice(0, 4), 'is_active = true');
    await engine.until(() => engine.ground.log.entries.some(({ msg }) => String(msg).includes('starts over')));
    await engine.rows('drop trigger refuse on hold');
    await engine.quiet();
    assert.deepEqual(await engine.rows('select distinct state from hold'), [{ state: 'closed' }]);
  });

  test('counts a formula that turns active off as what it is', async () => {
    engine = await Engine.start({
      configuration: {
        mapping: [
          { target: 'userName', formula: 'Username', required: true, apply: 'always', blank: 'leave' },
          { target: 'externalId', formula: 'Id', required: true, apply: 'always', blank: 'leave' },
          { target: 'active', formula: 'Department <> "Gone"', required: true, apply: 'always', blank: 'leave' },
        ],
      },
    });
    const ids = await engine.addUsers(people(30));
    await engine.quiet();
    await engine.change(ids.slice(0, 20), `fields = fields || '{"Department": "Gone"}'`);
    await engine.quiet();
    assert.equal(inactive(), 0);
    assert.equal(await openHolds(), 20);
  });
});
