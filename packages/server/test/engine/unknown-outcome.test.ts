import assert from 'node:assert/strict';
import { afterEach, describe, test } from 'node:test';
import type { FaultRule } from '@usher/scim/testing';
import { decideHoldsOfApp, retryRequest } from '../../src/provisioning/index.ts';
import { acquireLease, releaseLease } from '../../src/provisioning/sql/lease.ts';
import { writeIntents } from '../../src/provisioning/sql/write-intents.ts';
import { CONFIGURATION, Engine } from './engine-harness.ts';

describe('that the outcome of a write is unknown', () => {
  let engine: Engine;
  afterEach(() => engine.stop());

  const people = (count: number) => Array.from({ length: count }, (_, n) => ({ username: `user${n}@example.com` }));
  const lost: FaultRule = { id: 'lost', match: { method: 'POST' }, phase: 'after', effect: { kind: 'destroy' } };
  const active = (id: string) => engine.account(id)?.['active'];
  const readFirst = async (id: string) =>
    (await engine.rows<{ read_first: boolean }>('select read_first from link_schedule where user_id = $1', [id]))[0]
      ?.read_first;
  const asked = (id: string): string[] => {
    const remoteId = String(engine.account(id)?.['id']);
    const about = engine.target.exchanges().filter(({ url }) => url.endsWith(`/${remoteId}`));
    return about.map(({ method }) => method);
  };

  /** What a replica leaves behind that was killed after its create had arrived. */
  async function dieAfterCreating(userId: string, username: string): Promise<void> {
    const { pool } = engine.database;
    const lease = await acquireLease(pool, engine.appId, 'the one that died', 60_000);
    assert.ok(lease);
    const now = new Date();
    const request = {
      requestId: crypto.randomUUID(),
      createdAt: now,
      cause: 'directory change',
      version: 1,
      attempt: 1,
    };
    const marks = { budgets: [], released: false, releasedHoldId: null, staleHoldId: null, parent: null };
    const intent = { ...request, ...marks, userId, operation: 'create' as const };
    await writeIntents(pool, { appId: lease.appId, epoch: lease.epoch, now }, [intent], []);
    engine.target.createAccount({ externalId: userId, userName: username, active: true, name: { familyName: 'Last' } });
    // Its call may be under way no longer.
    await engine.rows('update open_intent set deadline = $1', [now]);
    await releaseLease(pool, lease);
  }

  test('is remembered while a hold keeps the change back', async () => {
    engine = await Engine.start({ app: 'deactivation_limit_count = 0, deactivation_limit_percent = 0' });
    const [id = ''] = await engine.addUsers(people(4));
    await engine.quiet();
    await engine.change([id], 'is_active = false');
    await engine.quiet();
    assert.equal((await engine.rows(`select 1 from hold where state = 'open'`)).length, 1);
    await engine.rows('update link_schedule set read_first = true where user_id = $1', [id]);
    await engine.change([id], `fields = fields || '{"Title": "Whatever"}'`);
    await engine.quiet();
    assert.equal(await readFirst(id), true);
    const actor = { kind: 'person', name: 'Ada' } as const;
    await decideHoldsOfApp(engine.ground, actor, engine.appId, undefined, { state: 'released', note: 'yes' });
    await engine.quiet();
    assert.deepEqual(asked(id), ['GET', 'PATCH']);
    assert.deepEqual([active(id), await readFirst(id)], [false, false]);
  });

  test('leaves nothing behind that the create wrote and is not wanted any more', async () => {
    engine = await Engine.start({ rules: [lost] });
    const [id = ''] = await engine.addUsers([{ username: 'ada@example.com', fields: { Title: 'Gone' } }]);
    await engine.until(async () => (await engine.log(id)).length === 1);
    await engine.change([id], `fields = fields - 'Title'`);
    await engine.quiet();
    assert.equal(engine.account(id)?.['title'], undefined);
  });

  test('is remembered of somebody who had been looked for when they left before', async () => {
    engine = await Engine.start();
    const [id = ''] = await engine.addUsers([{ username: 'ada@example.com', isActive: false }]);
    await engine.addUsers(people(3));
    await engine.quiet();
    assert.equal((await engine.why(id)).reason?.code, 'user_inactive');
    await engine.halt();
    await dieAfterCreating(id, 'ada@example.com');
    await engine.change([id], 'is_active = false');
    await engine.run();
    await engine.quiet();
    assert.equal(active(id), false);
  });

  test('is remembered of a leaver whose account had been deleted before', async () => {
    const deprovisioning = { ...CONFIGURATION.deprovisioning, 'user deactivated': { action: 'delete' as const } };
    engine = await Engine.start({ configuration: { deprovisioning } });
    const [id = ''] = await engine.addUsers([{ username: 'ada@example.com' }, ...people(3)]);
    await engine.quiet();
    await engine.change([id], 'is_active = false');
    await engine.quiet();
    assert.equal(engine.account(id), undefined);
    await engine.halt();
    await dieAfterCreating(id, 'ada@example.com');
    await engine.run();
    await engine.until(() => engine.account(id) === undefined);
  });

  test('is remembered of a leaver of whom nothing but the id can be computed any more', async () => {
    engine = await Engine.start({ rules: [lost] });
    const [id = ''] = await engine.addUsers([{ username: 'ada@example.com' }]);
    await engine.until(async () => (await engine.log(id)).length === 1);
    await engine.change([id], `is_active = false, fields = fields - 'LastName'`);
    await engine.quiet();
    assert.equal(active(id), false);
  });

  test('is remembered while the create trigger is off', async () => {
    const correlation = { ...CONFIGURATION.correlation, findBeforeCreate: false };
    engine = await Engine.start({ configuration: { correlation }, rules: [lost] });
    const [id = ''] = await engine.addUsers([{ username: 'ada@example.com' }]);
    await engine.until(async () => (await engine.log(id)).length === 1);
    await engine.changeApp('create_enabled = false');
    await engine.quiet();
    assert.equal((await engine.why(id)).reason?.code, 'create_off');
    await engine.changeApp('create_enabled = true');
    await engine.quiet();
    assert.deepEqual(engine.writes(), ['POST /Users']);
    assert.equal((await engine.why(id)).state, 'has account');
  });

  test('is remembered when the account was found by no search, where a second one would be made', async () => {
    const correlation = { ...CONFIGURATION.correlation, findBeforeCreate: false, targetEnforcesUniqueness: false };
    engine = await Engine.start({
      configuration: { correlation },
      rules: [{ ...lost, phase: 'before' }],
    });
    const [id = ''] = await engine.addUsers([{ username: 'ada@example.com' }]);
    await engine.quiet();
    assert.equal((await engine.why(id)).reason?.code, 'outcome_unknown');
    await engine.change([id], `fields = fields || '{"Title": "Changed"}'`);
    await engine.quiet();
    assert.equal((await engine.why(id)).reason?.code, 'outcome_unknown', 'a change is nobody’s decision');
    const [request] = await engine.rows<{ id: string }>(
      `select id from provisioning_request where state = 'Failed' order by created_at desc limit 1`,
    );
    await retryRequest(engine.ground, { kind: 'person', name: 'desk' }, request?.id ?? '');
    await engine.quiet();
    assert.equal(engine.accountsOf(id).length, 1);
  });
});

describe('an answer that says less than it seems to', () => {
  let engine: Engine;
  afterEach(() => engine.stop());

  const hidden: FaultRule[] = [
    { id: 'hide', match: { method: 'POST' }, effect: { kind: 'hide', ms: 2_500 } },
    { id: 'lost', match: { method: 'POST' }, phase: 'after', effect: { kind: 'destroy' } },
  ];
  const correlation = { ...CONFIGURATION.correlation, visibilityDelayMs: 3_000 };

  test('a leaver’s account that is not shown yet is waited for', async () => {
    engine = await Engine.start({ configuration: { correlation }, rules: hidden });
    const [id = ''] = await engine.addUsers([{ username: 'ada@example.com' }]);
    await engine.until(async () => (await engine.log(id)).length === 1);
    await engine.change([id], 'is_active = false');
    await engine.quiet();
    assert.equal(engine.account(id)?.['active'], false);
  });

  test('an account that is not shown yet is not created a second time', async () => {
    engine = await Engine.start({ configuration: { correlation }, rules: hidden });
    const [id = ''] = await engine.addUsers([{ username: 'ada@example.com' }]);
    await engine.until(async () => (await engine.log(id)).length === 1);
    await engine.change([id], `fields = fields || '{"Title": "Sooner"}'`);
    await engine.quiet();
    assert.deepEqual(engine.writes(), ['POST /Users', `PATCH /Users/${engine.account(id)?.['id']}`]);
    assert.equal(engine.account(id)?.['title'], 'Sooner');
  });

  test('an account that was created a moment ago and is not shown yet is not taken for gone', async () => {
    engine = await Engine.start({ configuration: { correlation }, rules: hidden.slice(0, 1) });
    const [id = ''] = await engine.addUsers([{ username: 'ada@example.com' }]);
    await engine.until(async () => (await engine.log(id)).length === 1);
    await engine.change([id], 'is_active = false');
    await engine.quiet();
    assert.equal(engine.account(id)?.['active'], false);
  });

  test('a leaver’s account that is there under another id is found', async () => {
    engine = await Engine.start();
    const [id = ''] = await engine.addUsers([{ username: 'ada@example.com' }, { username: 'bob@example.com' }]);
    await engine.quiet();
    engine.target.deleteAccount(String(engine.account(id)?.['id']));
    engine.target.createAccount({ externalId: id, userName: 'ada@example.com', active: true });
    await engine.change([id], 'is_active = false');
    await engine.quiet();
    assert.equal(engine.account(id)?.['active'], false);
  });

  test('who returned while their deactivation waited for its turn keeps the account', async () => {
    engine = await Engine.start({ app: 'max_per_second = 1, max_concurrency = 4' });
    const [first = '', second = '', third = ''] = await engine.addUsers(
      ['ada', 'bob', 'eve', 'kim', 'lea', 'max', 'ned'].map((name) => ({ username: `${name}@example.com` })),
    );
    await engine.quiet(40_000);
    const before = engine.writes().length;
    await engine.change([first, second, third], 'is_active = false');
    await engine.until(() => engine.writes().length > before);
    await engine.change([first, second, third], 'is_active = true');
    await engine.quiet(40_000);
    const late = engine.writes().slice(before + 1);
    assert.ok(late.length <= 2, `the others were left alone: ${late.join(', ')}`);
    for (const id of [first, second, third]) assert.equal(engine.account(id)?.['active'], true);
  });
});
