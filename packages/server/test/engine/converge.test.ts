import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Engine, MAPPING } from './engine-harness.ts';

describe('an account follows its user', () => {
  let engine: Engine;
  before(async () => {
    engine = await Engine.start();
  });
  after(() => engine.stop());

  test('is created with what the mapping says', async () => {
    const [id = ''] = await engine.addUsers([
      {
        username: 'ada@example.com',
        fields: { FirstName: 'Ada', LastName: 'Lovelace', Email: 'ada@example.com', Department: 'Engines' },
      },
    ]);
    await engine.quiet();
    const account = engine.account(id);
    assert.equal(account?.['userName'], 'ada@example.com');
    assert.deepEqual(account?.['name'], { givenName: 'Ada', familyName: 'Lovelace' });
    assert.equal(account?.['active'], true);
    assert.equal((await engine.why(id)).state, 'has account');
  });

  test('is updated with what changed and nothing else', async () => {
    const [id = ''] = await engine.addUsers([
      { username: 'grace@example.com', fields: { FirstName: 'Grace', LastName: 'Hopper', Title: 'Admiral' } },
    ]);
    await engine.quiet();
    await engine.change([id], `fields = fields || '{"Title": "Rear Admiral"}'`);
    await engine.quiet();
    assert.equal(engine.account(id)?.['title'], 'Rear Admiral');
    const patch = engine.target
      .exchanges()
      .filter((exchange) => exchange.method === 'PATCH')
      .at(-1);
    assert.deepEqual(JSON.parse(String(patch?.requestBody)).Operations, [
      { op: 'replace', path: 'title', value: 'Rear Admiral' },
    ]);
  });

  test('loses a value that became blank', async () => {
    const [id = ''] = await engine.addUsers([{ username: 'blank@example.com', fields: { Title: 'Temp' } }]);
    await engine.quiet();
    await engine.change([id], `fields = fields - 'Title'`);
    await engine.quiet();
    assert.equal(engine.account(id)?.['title'], undefined);
  });

  test('is deactivated when the user leaves, and reactivated with everything on return', async () => {
    const [id = ''] = await engine.addUsers([{ username: 'leaver@example.com', fields: { Title: 'One' } }]);
    await engine.quiet();
    await engine.change([id], 'is_active = false');
    await engine.quiet();
    assert.equal(engine.account(id)?.['active'], false);
    assert.equal((await engine.why(id)).state, 'account deactivated');
    await engine.change([id], `is_active = true, fields = fields || '{"Title": "Two"}'`);
    await engine.quiet();
    assert.equal(engine.account(id)?.['active'], true);
    assert.equal(engine.account(id)?.['title'], 'Two');
  });

  test('is deactivated when the grant is lost', async () => {
    const [id = ''] = await engine.addUsers([{ username: 'moved@example.com' }]);
    await engine.quiet();
    await engine.unassign([id]);
    await engine.quiet();
    assert.equal(engine.account(id)?.['active'], false);
    assert.equal((await engine.why(id)).reason?.code, 'not_assigned');
  });

  test('is sent nothing by a second run over everything', async () => {
    const writes = () => engine.target.exchanges().filter((exchange) => exchange.method !== 'GET').length;
    const before = writes();
    await engine.changeApp('label = label');
    await engine.quiet();
    assert.equal(writes(), before);
  });

  test('breaks no rule of the protocol', () => {
    assert.deepEqual(engine.target.violations(), []);
  });
});

describe('a manager is named by the id of their account', () => {
  const MANAGER = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager';
  let engine: Engine;
  before(async () => {
    const rule = {
      target: MANAGER,
      formula: 'Manager.RemoteId',
      required: false,
      apply: 'always',
      blank: 'clear',
    } as const;
    engine = await Engine.start({ configuration: { mapping: [...MAPPING, rule] } });
  });
  after(() => engine.stop());

  const managerOf = (id: string) => {
    const enterprise = engine.account(id)?.['urn:ietf:params:scim:schemas:extension:enterprise:2.0:User'];
    return (enterprise as { manager?: { value?: string } } | undefined)?.manager?.value;
  };

  test('also when that account comes later than the report’s, or is made anew', async () => {
    const [boss = '', report = ''] = await engine.addUsers([
      { username: 'boss@example.com', assigned: false },
      { username: 'report@example.com' },
    ]);
    await engine.change([report], `manager_id = '${boss}'`);
    await engine.quiet();
    assert.equal(managerOf(report), undefined);
    await engine.assign([boss]);
    await engine.until(() => managerOf(report) !== undefined);
    assert.equal(managerOf(report), engine.account(boss)?.['id']);
    await engine.quiet();
    engine.target.deleteAccount(String(engine.account(boss)?.['id']));
    await engine.change([boss], `fields = fields || '{"Title": "Boss"}'`);
    await engine.until(() => engine.account(boss) !== undefined && managerOf(report) === engine.account(boss)?.['id']);
  });

  test('and two who manage each other get there', async () => {
    const [a = '', b = ''] = await engine.addUsers([{ username: 'a@example.com' }, { username: 'b@example.com' }]);
    await engine.change([a], `manager_id = '${b}'`);
    await engine.change([b], `manager_id = '${a}'`);
    await engine.until(() => managerOf(a) !== undefined && managerOf(b) !== undefined);
    assert.equal(managerOf(a), engine.account(b)?.['id']);
    assert.equal(managerOf(b), engine.account(a)?.['id']);
  });
});
