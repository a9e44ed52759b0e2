import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Engine } from './engine-harness.ts';

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
