import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { deleteCustomField } from '../../src/directory/index.ts';
import { ENTERPRISE, type Json, MAPPING, World } from './world.ts';

describe('what an editor of mappings asks', () => {
  let world: World;
  let ada = '';
  before(async () => {
    world = await World.start();
    await world.addApp('Target', MAPPING, { more: { tables: { Sites: { Sales: 'Berlin' } } } });
    [ada = ''] = await world.addUsers([
      { username: 'ada@example.com', fields: { FirstName: 'Ada', Department: 'Sales', Title: 'Dr' } },
    ]);
    await world.quiet();
  });
  after(() => world.stop());

  const check = async (body: object): Promise<Json> => {
    const { status, json, text } = await world.send('POST', '/apps/Target/mapping/check', body);
    assert.equal(status, 200, text);
    return json;
  };

  test('completion: functions with signatures, fields, tables and the target’s attributes', async () => {
    const { status, json, text } = await world.send('GET', '/apps/Target/mapping/completion');
    assert.equal(status, 200, text);
    const left = json.functions.find(({ name }: Json) => name === 'LEFT');
    assert.equal(left.signature, 'LEFT(text, count)');
    assert.match(left.doc, /first characters/);
    assert.ok(json.fields.some(({ path, type }: Json) => path === 'PermissionSetGroups' && type === 'textList'));
    assert.ok(json.fields.some(({ path }: Json) => path === 'Manager.Email'));
    assert.deepEqual(json.tables, ['Sites']);
    assert.ok(json.targets.some(({ path, required }: Json) => path === 'userName' && required));
    assert.ok(!json.targets.some(({ path }: Json) => path === 'id'));
  });

  test('a check tells the place of an error and the nearest name', async () => {
    const wrong = await check({ formula: 'LEFT(FirstNam, 1)' });
    assert.equal(wrong.ok, false);
    assert.equal(wrong.evaluation, null);
    const [error] = wrong.errors;
    assert.deepEqual([error.code, error.start, error.end, error.suggestion], ['unknown_field', 5, 13, 'FirstName']);
  });

  test('a check evaluates for a user, and says what it read', async () => {
    const tried = await check({
      formula: 'LOOKUP(Department, "Sites") & LEFT(MobilePhone, 1)',
      user: 'ada@example.com',
    });
    assert.equal(tried.ok, true);
    assert.equal(tried.type, 'text');
    assert.deepEqual(tried.fields, ['Department', 'MobilePhone']);
    assert.equal(tried.evaluation.value, 'Berlin');
    assert.deepEqual(tried.evaluation.sources, [
      { field: 'Department', value: 'Sales' },
      { field: 'MobilePhone', value: null },
    ]);
    const failed = await check({ formula: 'VALUE(Title)', user: ada });
    assert.equal(failed.ok, true);
    assert.deepEqual([failed.evaluation.error.code, failed.evaluation.error.start], ['not_a_number', 0]);
    const roles = await check({ formula: 'PermissionSets', target: 'roles', user: ada });
    assert.deepEqual(roles.evaluation.value, [{ value: 'Access' }]);
  });

  test('a check knows what the target takes', async () => {
    const list = await check({ formula: 'PermissionSets', target: 'title' });
    assert.equal(list.ok, false);
    assert.match(list.errors[0].message, /gives several values, and title takes one/);
    const unknown = await check({ formula: 'Title', target: 'titel' });
    assert.match(unknown.errors[0].message, /titel is not an attribute of the target/);
    const condition = await check({ formula: 'Department', isCondition: true });
    assert.equal(condition.errors[0].code, 'result_type');
    assert.equal((await check({ formula: 'Department = "Sales"', isCondition: true })).ok, true);
  });

  test('a user is previewed under a configuration that is not saved, by the code that sends', async () => {
    const configuration = {
      mapping: MAPPING.map((rule) => (rule.target === 'title' ? { ...rule, formula: 'UPPER(Title)' } : rule)),
    };
    const path = '/apps/Target/configurations/preview';
    const { status, json, text } = await world.send('POST', path, { user: ada, configuration });
    assert.equal(status, 200, text);
    assert.equal(json.operation, 'update');
    assert.equal(json.version, null);
    assert.match(json.request.body, /"DR"/);
    assert.match(world.account(ada).title, /^Dr$/);
    const { rows } = await world.ground.pool.query('select count(*)::int as n from app_configuration');
    assert.equal(rows[0].n, 1);

    await world.save('Target', configuration);
    await world.quiet();
    assert.equal(world.lastWrite()?.requestBody, json.request.body);
    const old = await world.send('POST', path, { user: ada, version: 1 });
    assert.equal(old.json.version, 1);
    assert.match(old.json.request.body, /"Dr"/);

    const broken = await world.send('POST', path, {
      user: ada,
      configuration: { mapping: [{ target: 'userName', formula: 'Nme' }] },
    });
    assert.equal(broken.status, 422);
    assert.ok(broken.json.errors.some(({ field }: Json) => field === 'mapping[0].formula'));
    const both = await world.send('POST', path, { user: ada });
    assert.equal(both.status, 400);
  });

  test('what the target says of its attributes is compared with what it said at the save', async () => {
    const same = await world.send('GET', '/apps/Target/schema');
    assert.deepEqual([same.json.comparedWith, same.json.changes], [2, []]);
    // As if the save had met a target that did not demand userName, and had one attribute more.
    await world.ground.pool.query(
      `update app_configuration set document = jsonb_set(document, '{accountSchema,attributes}', (
         select jsonb_agg(case when a ->> 'path' = 'userName' then a || '{"required": false}' else a end)
           || '[{"path": "floor", "type": "text", "multiValued": false, "required": false, "mutability": "readWrite",
                "uniqueness": "none", "caseExact": false}]'
         from jsonb_array_elements(document -> 'accountSchema' -> 'attributes') a)) where version = 2`,
    );
    const { json } = await world.send('GET', '/apps/Target/schema');
    assert.deepEqual(json.changes, [
      { path: 'floor', change: 'is no longer an attribute of the target', breaks: true },
      { path: 'userName', change: 'is required now', breaks: true },
    ]);
  });

  test('a custom field that a mapping reads cannot be deleted, and the places are told', async () => {
    const { pool } = world.ground;
    await pool.query(
      `insert into custom_field (name, label, type, required, created_at, updated_at)
       values ('Level__c', 'Level', 'number', false, now(), now())`,
    );
    await world.save('Target', {
      mapping: [...MAPPING, { target: `${ENTERPRISE}:costCenter`, formula: 'TEXT(Level__c)' }],
    });
    const actor = { kind: 'system', name: 'test' } as const;
    await assert.rejects(
      deleteCustomField(world.ground, actor, { name: 'Level__c', expected: 'any', deleteValues: true }),
      (error: Json) => {
        assert.match(error.message, /used by the configuration of Target/);
        assert.deepEqual(
          error.problems.map(({ field }: Json) => field),
          [`apps.Target.mapping[${ENTERPRISE}:costCenter].formula`],
        );
        return true;
      },
    );
  });
});
