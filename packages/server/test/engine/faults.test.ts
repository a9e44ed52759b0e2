import assert from 'node:assert/strict';
import { afterEach, describe, test } from 'node:test';
import type { FaultRule } from '@usher/scim/testing';
import { CONFIGURATION, Engine } from './engine-harness.ts';

describe('a target that fails', () => {
  let engine: Engine;
  afterEach(() => engine.stop());

  const person = [{ username: 'ada@example.com', fields: { FirstName: 'Ada', LastName: 'Lovelace' } }];
  const onCreate = (effect: FaultRule['effect'], more: Partial<FaultRule> = {}): FaultRule => ({
    id: 'fault',
    match: { method: 'POST' },
    phase: 'before',
    effect,
    ...more,
  });

  test('a create whose answer is lost is found again, not repeated', async () => {
    engine = await Engine.start({ rules: [onCreate({ kind: 'destroy' }, { phase: 'after' })] });
    const [id = ''] = await engine.addUsers(person);
    await engine.quiet();
    engine.target.verifyRequired();
    assert.equal(engine.accountsOf(id).length, 1);
    assert.equal(engine.writes().filter((write) => write.startsWith('POST')).length, 1);
    assert.deepEqual(await engine.log(id), ['create: retry: outcome_unknown', 'link: applied']);
  });

  test('where the target enforces no uniqueness, a lost create that no search finds parks', async () => {
    engine = await Engine.start({
      configuration: { correlation: { ...CONFIGURATION.correlation, targetEnforcesUniqueness: false } },
      rules: [onCreate({ kind: 'destroy' }, { phase: 'before' })],
    });
    const [id = ''] = await engine.addUsers(person);
    await engine.quiet();
    assert.deepEqual(await engine.log(id), ['create: retry: outcome_unknown', 'create: parked: outcome_unknown']);
    assert.equal((await engine.why(id)).state, 'parked');
  });

  test('a lost create that never arrived is repeated once where the target enforces uniqueness', async () => {
    engine = await Engine.start({ rules: [onCreate({ kind: 'destroy' }, { phase: 'before' })] });
    const [id = ''] = await engine.addUsers(person);
    await engine.quiet();
    assert.equal(engine.accountsOf(id).length, 1);
    assert.deepEqual(await engine.log(id), ['create: retry: outcome_unknown', 'create: applied']);
  });

  test('500 is tried again, and nobody else waits for it', async () => {
    engine = await Engine.start({
      rules: [onCreate({ kind: 'status', status: 500 }, { match: { method: 'POST', user: 'ada@example.com' } })],
    });
    const [ada = '', bob = ''] = await engine.addUsers([...person, { username: 'bob@example.com' }]);
    await engine.until(() => engine.account(bob) !== undefined);
    assert.equal(engine.account(ada), undefined);
    await engine.quiet();
    assert.equal(engine.accountsOf(ada).length, 1);
  });

  test('400 parks one user with what the target said, and retrying after the cure works', async () => {
    engine = await Engine.start({
      rules: [onCreate({ kind: 'status', status: 400, scimType: 'invalidValue', detail: 'title too grand' })],
    });
    const [id = ''] = await engine.addUsers(person);
    await engine.quiet();
    const why = await engine.why(id);
    assert.equal(why.state, 'parked');
    assert.equal(why.reason?.code, 'refused_by_target');
    assert.match(why.reason?.detail ?? '', /title too grand/);
    await engine.change([id], `fields = fields || '{"Title": "Ms"}'`);
    await engine.quiet();
    assert.equal(engine.accountsOf(id).length, 1);
    const states = await engine.rows<{ state: string }>('select state from provisioning_request order by created_at');
    assert.deepEqual(
      states.map(({ state }) => state),
      ['Retried', 'Completed'],
    );
  });

  for (const [name, retryAfter] of [
    ['seconds', 1],
    ['a date', { dateInMs: 1_000 }],
    ['a negative number', 'negative'],
    ['nothing', undefined],
  ] as const) {
    test(`429 with ${name} stops the app until then and loses nothing`, async () => {
      const effect = { kind: 'status' as const, status: 429, ...(retryAfter === undefined ? {} : { retryAfter }) };
      engine = await Engine.start({ rules: [onCreate(effect)] });
      const ids = await engine.addUsers([...person, { username: 'bob@example.com' }, { username: 'cy@example.com' }]);
      await engine.quiet();
      for (const id of ids) assert.equal(engine.accountsOf(id).length, 1);
      // Whatever was on its way when the answer came goes on; the create that was refused shows when work began again.
      const creates = engine.target.exchanges().filter(({ method }) => method === 'POST');
      const limited = creates.find(({ status }) => status === 429);
      const next = creates.find(
        ({ sequence, requestBody }) => sequence > (limited?.sequence ?? 0) && requestBody === limited?.requestBody,
      );
      if (retryAfter === 1) assert.ok((next?.arrivedAtMs ?? 0) - (limited?.endedAtMs ?? 0) > 900);
    });
  }

  for (const [name, status, retryAfter] of [
    ['429 with ten years in seconds', 429, 'ten-years'],
    ['429 with a date in ten years', 429, 'ten-years-date'],
    ['503 with ten years in seconds', 503, 'ten-years'],
  ] as const) {
    test(`${name} is believed for an hour`, async () => {
      const effect = { kind: 'status' as const, status, retryAfter };
      engine = await Engine.start({ rules: [onCreate(effect)] });
      await engine.addUsers(person);
      const findStop = async () =>
        (await engine.rows<{ until: Date | null }>('select stopped_until as until from connected_app'))[0]?.until;
      await engine.until(async () => Boolean(await findStop()));
      const leftMs = Number(await findStop()) - Date.now();
      assert.ok(leftMs > 3_500_000 && leftMs <= 3_600_000, `${leftMs} ms`);
    });
  }

  test('a target that says 503 after each pause that it asks for is quarantined in the end', async () => {
    const effect = { kind: 'status', status: 503, retryAfter: 1 } as const;
    engine = await Engine.start({ rules: [onCreate(effect, { maxFires: 5, minFires: 5 })] });
    const [id = ''] = await engine.addUsers(person);
    await engine.until(() => (engine.target.fired()['fault'] ?? 0) >= 5, 20_000);
    await engine.until(() =>
      engine.ground.log.entries.some(({ msg, cause }) => /^Quarantined/.test(String(msg)) && cause === 'target'),
    );
    await engine.until(() => engine.accountsOf(id).length === 1);
  });

  test('a linked account that vanished is created anew once, and parks the second time', async () => {
    engine = await Engine.start();
    const [id = ''] = await engine.addUsers(person);
    await engine.quiet();
    const vanish = () => engine.target.deleteAccount(String(engine.account(id)?.['id']));
    vanish();
    await engine.change([id], `fields = fields || '{"Title": "Again"}'`);
    await engine.quiet();
    assert.equal(engine.accountsOf(id).length, 1);
    assert.equal(engine.account(id)?.['title'], 'Again');
    vanish();
    await engine.change([id], `fields = fields || '{"Title": "Once more"}'`);
    await engine.quiet();
    assert.equal(engine.accountsOf(id).length, 0);
    assert.equal((await engine.why(id)).reason?.code, 'vanished_twice');
  });

  test('a leaver whose account is gone from the target is done', async () => {
    engine = await Engine.start();
    const [id = ''] = await engine.addUsers(person);
    await engine.quiet();
    engine.target.deleteAccount(String(engine.account(id)?.['id']));
    await engine.change([id], 'is_active = false');
    await engine.quiet();
    assert.deepEqual(await engine.log(id), ['create: applied', 'deactivate: already as desired']);
  });

  test('a page of HTML with 200 after a create is an unknown outcome, read before anything is repeated', async () => {
    engine = await Engine.start({ rules: [onCreate({ kind: 'html' }, { phase: 'after' })] });
    const [id = ''] = await engine.addUsers(person);
    await engine.quiet();
    assert.equal(engine.accountsOf(id).length, 1);
    assert.equal(engine.writes().filter((write) => write.startsWith('POST')).length, 1);
  });

  test('a credential refused quarantines the app, nothing is lost, and it returns by itself', async () => {
    engine = await Engine.start({
      rules: [{ id: 'refuse', phase: 'before', effect: { kind: 'status', status: 401 }, maxFires: 4 }],
    });
    const ids = await engine.addUsers([...person, { username: 'bob@example.com' }]);
    await engine.until(async () => (await engine.why(ids[0] ?? '')).state === 'app quarantined');
    await engine.quiet(20_000);
    for (const id of ids) assert.equal(engine.accountsOf(id).length, 1);
    const audit = await engine.rows<{ action: string }>(
      `select action from audit_event where action like 'app.quar%' order by id`,
    );
    assert.equal(audit[0]?.action, 'app.quarantined');
    assert.equal(audit.at(-1)?.action, 'app.quarantine_ended');
  });

  test('a probe that is refused keeps the quarantine, and asks less and less often', async () => {
    engine = await Engine.start({
      rules: [
        { id: 'refuse', phase: 'before', effect: { kind: 'status', status: 401 }, minFires: 2, maxFires: 10_000 },
      ],
    });
    await engine.addUsers(person);
    await engine.until(
      async () => (await engine.rows('select 1 from connected_app where probe_attempts >= 1')).length > 0,
      15_000,
    );
    const ended = await engine.rows(`select 1 from audit_event where action = 'app.quarantine_ended'`);
    assert.equal(ended.length, 0);
  });

  test('a dead target quarantines the app after a few calls, not after all of them', async () => {
    engine = await Engine.start({
      rules: [{ id: 'dead', phase: 'before', effect: { kind: 'status', status: 503 }, minFires: 5, maxFires: 40 }],
    });
    await engine.addUsers(Array.from({ length: 60 }, (_, n) => ({ username: `user${n}@example.com` })));
    await engine.until(
      async () => (await engine.rows('select 1 from connected_app where quarantined_at is not null')).length > 0,
    );
    const refused = engine.target.exchanges().filter((exchange) => exchange.status === 503).length;
    assert.ok(refused < 30, `${refused} calls went to a dead target`);
  });
});
