import assert from 'node:assert/strict';
import { afterEach, describe, test } from 'node:test';
import { linkAccount } from '../../src/provisioning/index.ts';
import { CONFIGURATION, Engine } from './engine-harness.ts';

const CORE = 'urn:ietf:params:scim:schemas:core:2.0:User';
const stranger = (userName: string, more: Record<string, unknown> = {}) =>
  ({ schemas: [CORE], userName, active: true, ...more }) as never;

describe('an account that exists already', () => {
  let engine: Engine;
  afterEach(() => engine.stop());

  test('is linked and updated, whatever the case of its userName', async () => {
    engine = await Engine.start();
    engine.target.createAccount(stranger('Ada@Example.com', { title: 'Old' }));
    const [id = ''] = await engine.addUsers([{ username: 'ada@example.com', fields: { Title: 'New' } }]);
    await engine.quiet();
    assert.equal(engine.account(id)?.['title'], 'New');
    assert.equal(engine.target.accounts().size, 1);
    assert.deepEqual(await engine.log(id), ['link: applied']);
  });

  test('keeps its values where the policy is to link only', async () => {
    engine = await Engine.start({
      configuration: { correlation: { ...CONFIGURATION.correlation, adoption: 'link only' } },
    });
    engine.target.createAccount(stranger('ada@example.com', { title: 'Old' }));
    await engine.addUsers([{ username: 'ada@example.com', fields: { Title: 'New' } }]);
    await engine.until(
      async () => (await engine.rows('select 1 from account_link where remote_id is not null')).length === 1,
    );
    assert.equal([...engine.target.accounts().values()][0]?.attributes['title'], 'Old');
  });

  test('parks where the policy says so', async () => {
    engine = await Engine.start({ configuration: { correlation: { ...CONFIGURATION.correlation, adoption: 'park' } } });
    engine.target.createAccount(stranger('ada@example.com'));
    const [id = ''] = await engine.addUsers([{ username: 'ada@example.com' }]);
    await engine.quiet();
    assert.equal((await engine.why(id)).reason?.code, 'match_not_adopted');
    assert.deepEqual(engine.writes(), []);
  });

  test('of another active user parks, and says whose it is', async () => {
    engine = await Engine.start();
    const [bob = ''] = await engine.addUsers([{ username: 'bob@example.com' }]);
    await engine.quiet();
    await engine.rows(`update directory_user set username = 'robert@example.com' where id = $1`, [bob]);
    const [newBob = ''] = await engine.addUsers([{ username: 'bob@example.com' }]);
    await engine.quiet();
    const why = await engine.why(newBob);
    assert.equal(why.reason?.code, 'owned_by_active_user');
    assert.match(why.reason?.message ?? '', /robert@example\.com/);
  });

  test('of a departed user parks for a person to transfer', async () => {
    engine = await Engine.start();
    const [old = ''] = await engine.addUsers([{ username: 'bob@example.com' }]);
    await engine.quiet();
    await engine.change([old], `is_active = false, deleted_at = now()`);
    await engine.quiet();
    const [again = ''] = await engine.addUsers([{ username: 'bob@example.com' }]);
    await engine.quiet();
    assert.equal((await engine.why(again)).reason?.code, 'owned_by_departed_user');
  });

  test('found by a conflict is matched again and linked', async () => {
    engine = await Engine.start({
      configuration: { correlation: { ...CONFIGURATION.correlation, findBeforeCreate: false } },
    });
    engine.target.createAccount(stranger('ada@example.com'));
    const [id = ''] = await engine.addUsers([{ username: 'ada@example.com' }]);
    await engine.quiet();
    assert.deepEqual(await engine.log(id), ['link: applied']);
    assert.equal(engine.target.accounts().size, 1);
  });

  test('that the target hides behind a conflict parks with what it said', async () => {
    engine = await Engine.start({
      rules: [
        {
          id: 'hidden',
          match: { method: 'POST' },
          phase: 'before',
          effect: { kind: 'status', status: 409, detail: 'taken' },
        },
      ],
    });
    const [id = ''] = await engine.addUsers([{ username: 'ada@example.com' }]);
    await engine.quiet();
    assert.equal((await engine.why(id)).reason?.code, 'hidden_conflict');
  });

  test('of a leaver who was never linked is held, never silent, and released it is deactivated', async () => {
    engine = await Engine.start({ app: 'create_enabled = false' });
    engine.target.createAccount(stranger('ada@example.com'));
    const [id = ''] = await engine.addUsers([{ username: 'ada@example.com' }]);
    await engine.quiet();
    assert.equal((await engine.why(id)).reason?.code, 'create_off');
    await engine.change([id], 'is_active = false');
    await engine.quiet();
    assert.equal((await engine.why(id)).reason?.code, 'unlinked_account_active');
    assert.deepEqual(engine.writes(), []);
    await engine.rows(`update hold set state = 'released'`);
    await engine.change([id], 'is_active = false');
    await engine.quiet();
    assert.equal([...engine.target.accounts().values()][0]?.active, false);
    assert.equal((await engine.rows<{ state: string }>('select state from hold'))[0]?.state, 'closed');
  });

  test('a name that another account is about to give up is taken as soon as it is free', async () => {
    engine = await Engine.start();
    const [ada = '', bob = ''] = await engine.addUsers([
      { username: 'ada@example.com' },
      { username: 'bob@example.com' },
    ]);
    await engine.quiet();
    await engine.rows(`update directory_user set username = 'x@example.com' where id = $1`, [bob]);
    await engine.change([ada], `username = 'bob@example.com'`);
    await engine.quiet();
    const why = await engine.why(ada);
    assert.equal(why.reason?.code, 'name_taken');
    assert.match(why.reason?.message ?? '', /x@example\.com goes first/);
    await engine.change([bob], 'revision = revision + 1');
    await engine.until(() => engine.account(ada)?.['userName'] === 'bob@example.com');
    assert.equal(engine.account(bob)?.['userName'], 'x@example.com');
  });

  test('two users who swap names park, each naming the other', async () => {
    engine = await Engine.start();
    const [ada = '', bob = ''] = await engine.addUsers([
      { username: 'ada@example.com' },
      { username: 'bob@example.com' },
    ]);
    await engine.quiet();
    await engine.rows(`update directory_user set username = 'tmp@example.com' where id = $1`, [ada]);
    await engine.rows(`update directory_user set username = 'ada@example.com' where id = $1`, [bob]);
    await engine.rows(`update directory_user set username = 'bob@example.com' where id = $1`, [ada]);
    await engine.change([ada, bob], 'revision = revision + 1');
    await engine.quiet();
    assert.match((await engine.why(ada)).reason?.message ?? '', /ada@example\.com goes first/);
    assert.match((await engine.why(bob)).reason?.message ?? '', /bob@example\.com goes first/);
  });

  test('of a departed user is transferred by hand to the re-hire', async () => {
    engine = await Engine.start();
    const [old = ''] = await engine.addUsers([{ username: 'bob@example.com' }]);
    await engine.quiet();
    const remoteId = String(engine.account(old)?.['id']);
    await engine.change([old], `is_active = false, deleted_at = now()`);
    await engine.quiet();
    const [again = ''] = await engine.addUsers([{ username: 'bob@example.com', fields: { Title: 'Back' } }]);
    await engine.quiet();
    const runtime = await engine.openApp(engine.appId);
    assert.ok(runtime);
    await linkAccount(engine.ground, { kind: 'person', name: 'Ada' }, runtime, again, remoteId, 'the same person');
    await engine.quiet();
    await runtime.close();
    assert.equal(engine.account(again)?.['id'], remoteId);
    assert.equal(engine.account(again)?.['title'], 'Back');
    assert.equal(engine.account(again)?.['active'], true);
    assert.equal(engine.target.accounts().size, 1);
  });

  test('strangers are never touched', async () => {
    engine = await Engine.start();
    engine.target.createAccount(stranger('stranger@example.com', { title: 'Mine' }));
    const before = [...engine.target.accounts().values()][0]?.text;
    const ids = await engine.addUsers([{ username: 'a@example.com' }, { username: 'b@example.com' }]);
    await engine.quiet();
    await engine.change(ids, 'is_active = false');
    await engine.quiet();
    assert.equal([...engine.target.accounts().values()].find((account) => account.isStranger)?.text, before);
  });
});
