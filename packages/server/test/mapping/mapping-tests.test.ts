import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type Json, MAPPING, World } from './world.ts';

const TESTS = [
  {
    name: 'Ada by name',
    user: 'ada@example.com',
    expect: { title: 'Dr', USERNAME: 'ada@example.com', nickName: null },
  },
  {
    name: 'somebody in Sales',
    user: { Username: 'x@example.com', fields: { LastName: 'X', Department: 'Sales' }, PermissionSets: ['B', 'A'] },
    expect: { userType: 'Seller', roles: [{ value: 'B' }, { value: 'A' }] },
  },
  { name: 'nobody without a department', user: { Username: 'y@example.com' }, expectParked: 'userType' },
];
const CONFIGURATION = {
  mapping: [
    ...MAPPING,
    { target: 'userType', formula: 'LOOKUP(Department, "Kinds")', required: true },
    { target: 'roles', formula: 'PermissionSets' },
  ],
  tables: { Kinds: { Sales: 'Seller' } },
  mappingTests: TESTS,
};

describe('tests that are kept with a mapping', () => {
  let world: World;
  before(async () => {
    world = await World.start();
    await world.addApp('Target');
    await world.addUsers([
      { username: 'ada@example.com', fields: { Title: 'Dr', Department: 'Sales' } },
      { username: 'bob@example.com' },
    ]);
    await world.quiet();
  });
  after(() => world.stop());

  const save = (configuration: object, query = '') =>
    world.send('POST', `/apps/Target/configurations${query}`, { ...configuration, withoutRollout: 'a test' });

  test('run at the save and by themselves', async () => {
    const saved = await save(CONFIGURATION);
    assert.equal(saved.status, 201, saved.text);
    const { json } = await world.send('POST', '/apps/Target/mapping/test');
    assert.deepEqual([json.version, json.ok, json.results.length], [2, true, 3]);
  });

  test('refuse the save when one fails, unless a reason is given, which is kept', async () => {
    const tables = { Kinds: { Sales: 'Vendor' } };
    const refused = await save({ ...CONFIGURATION, tables });
    assert.equal(refused.status, 422);
    assert.deepEqual(
      refused.json.errors.map(({ field, problem }: Json) => [field, problem]),
      [['mappingTests[1]', 'the test "somebody in Sales" fails: userType is "Vendor", and "Seller" was expected']],
    );
    const forced = await save({ ...CONFIGURATION, tables, force: 'The test is next', note: 'New words' });
    assert.equal(forced.status, 201, forced.text);
    assert.match(forced.json.warnings.at(-1).problem, /somebody in Sales/);
    const { json: versions } = await world.send('GET', '/apps/Target/configurations');
    assert.equal(versions.items[0].note, 'New words (Saved although 1 mapping test fails: The test is next)');
    const { json } = await world.send('POST', '/apps/Target/mapping/test');
    assert.equal(json.ok, false);
    const { json: before } = await world.send('POST', '/apps/Target/mapping/test?version=2');
    assert.equal(before.ok, true);
  });

  test('are compared, restored and shown like the rest of a configuration', async () => {
    const { json: diff } = await world.send('GET', '/apps/Target/configurations/1/diff/3');
    assert.deepEqual(
      diff.changes.map(({ path }: Json) => path),
      [
        'mapping[userType]',
        'mapping[roles]',
        'tables.Kinds.Sales',
        ...TESTS.map(({ name }) => `mappingTests[${name}]`),
      ],
    );
    const { json: back } = await world.send('POST', '/apps/Target/configurations/2/restore', {
      note: 'as it was',
      withoutRollout: 'a test',
    });
    assert.equal(back.version, 4);
    const { json: between } = await world.send('GET', '/apps/Target/configurations/3/diff/4');
    assert.deepEqual(between.changes, [{ path: 'tables.Kinds.Sales', before: 'Vendor', after: 'Seller' }]);
  });

  test('a test of nobody fails, and one of nothing is refused', async () => {
    const missing = await save({ ...CONFIGURATION, mappingTests: [{ ...TESTS[0], user: 'gone@example.com' }] });
    assert.match(missing.json.detail, /there is no user "gone@example.com" in the directory/);
    const nothing = await save({ ...CONFIGURATION, mappingTests: [{ name: 'n', user: 'ada@example.com' }] });
    assert.equal(nothing.json.errors[0].field, 'mappingTests[0].expect');
  });

  test('a dry run tells how many would change, by a plan of everybody', async () => {
    await world.quiet();
    const mapping = CONFIGURATION.mapping.map((rule) =>
      rule.target === 'title' ? { ...rule, formula: 'UPPER(Title)' } : rule,
    );
    const { json } = await save({ ...CONFIGURATION, mapping, mappingTests: [] }, '?dryRun=true');
    assert.equal(json.saved, false);
    assert.deepEqual(json.problems, []);
    assert.equal(json.effect.headline, '2 people: 1 update, 1 parked');
    assert.deepEqual([json.effect.isExact, json.effect.changed], [true, { count: 1, low: 1, high: 1 }]);
    const { json: failing } = await save({ ...CONFIGURATION, mapping }, '?dryRun=true');
    assert.match(failing.problems[0].problem, /Ada by name/);
    assert.deepEqual(
      failing.tests.map(({ ok }: Json) => ok),
      [false, true, true],
    );
  });

  test('a matching attribute that finds nobody, or everybody, is refused', async () => {
    const mapping = [...MAPPING, { target: 'nickName', formula: '"same"' }];
    const same = await save({ mapping, correlation: { matchingAttributes: ['nickName'] } });
    assert.match(same.json.errors[0].problem, /nickName is the same for everybody/);
    const list = await save({
      mapping: [...MAPPING, { target: 'roles', formula: 'PermissionSets' }],
      correlation: { matchingAttributes: ['roles'] },
    });
    assert.match(list.json.errors[0].problem, /roles is not one text/);
  });

  test('what an administrator describes is an attribute of the target', async () => {
    const mapping = [...MAPPING, { target: 'shoeSize', formula: 'Title' }];
    const unknown = await save({ mapping }, '?dryRun=true');
    assert.match(JSON.stringify(unknown.json), /shoeSize is not/);
    const described = await save({ mapping, targetAttributes: [{ path: 'shoeSize', type: 'number' }] }, '?dryRun=true');
    assert.match(described.json.problems[0].problem, /The target takes number/);
  });
});
