import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { ENTERPRISE, type Json, MAPPING, World } from './world.ts';

const RICH = [
  ...MAPPING,
  { target: 'emails[type eq "work"].value', formula: 'Email' },
  { target: 'emails[type eq "work"].primary', formula: 'TRUE' },
  { target: 'roles', formula: 'PermissionSets' },
  { target: 'nickName', formula: 'LOOKUP(Department, "nick names")', blank: 'default', default: 'Nobody' },
  { target: 'userType', formula: '"Employee"', apply: 'on create' },
  { target: `${ENTERPRISE}:department`, formula: 'Department', blank: 'leave' },
  { target: `${ENTERPRISE}:manager.value`, formula: 'Manager.RemoteId' },
];
const TABLES = { 'Nick Names': { Sales: 'Seller “ä”' } };

describe('a preview', () => {
  let world: World;
  let ada = '';
  before(async () => {
    world = await World.start();
    await world.addApp('Target', RICH, { active: false, more: { tables: TABLES } });
    [ada = ''] = await world.addUsers([
      {
        username: 'ada@example.com',
        fields: { FirstName: 'Ada', LastName: 'Løvelace', Email: 'ada@example.com', Department: 'Sales', Title: 'Dr' },
      },
    ]);
  });
  after(() => world.stop());

  const preview = async (operation?: string): Promise<Json> => {
    const { json, status, text } = await world.send('POST', '/apps/Target/preview', {
      user: ada,
      ...(operation ? { operation } : {}),
    });
    assert.equal(status, 200, text);
    return json;
  };
  const attribute = (shown: Json, target: string): Json =>
    shown.attributes.find((found: { target: string }) => found.target === target);

  /** What the target got last, against what was shown before it. */
  const assertSent = (shown: Json) => {
    const sent = world.lastWrite();
    assert.ok(sent && shown.request);
    assert.equal(sent.method, shown.request.method);
    assert.equal(`http://${sent.headers['host']}${sent.url}`, shown.request.url);
    assert.equal(sent.requestBody, shown.request.body ?? '');
    const { authorization, ...headers } = shown.request.headers;
    assert.equal(authorization, '[redacted]');
    for (const [name, value] of Object.entries(headers)) assert.equal(sent.headers[name.toLowerCase()], value, name);
  };

  test('shows byte for byte what the target then gets: create', async () => {
    const draft = await preview('create');
    assert.deepEqual(draft.obstacles, ['Target is a draft: nothing is sent before it is activated']);
    assert.equal(world.lastWrite(), undefined);
    const shown = await preview();
    assert.equal(shown.operation, 'create');
    assert.deepEqual(
      shown.matches.map(({ attribute: name, remoteIds }: Json) => [name, remoteIds]),
      [
        ['externalId', []],
        ['userName', []],
      ],
    );
    await world.send('POST', '/apps/Target/activate', { withoutRollout: 'a test' });
    await world.quiet();
    assertSent(shown);
  });

  test('shows byte for byte what the target then gets: update', async () => {
    await world.send('POST', '/apps/Target/pause', {});
    await world.change(
      [ada],
      `fields = fields || '{"Title": "Prof", "Email": "a.l@example.com"}'::jsonb - 'FirstName'`,
    );
    const shown = await preview();
    assert.equal(shown.operation, 'update');
    assert.equal(attribute(shown, 'title').applied, 'Dr');
    assert.equal(attribute(shown, 'title').atTarget.value, 'Dr');
    assert.equal(attribute(shown, 'title').value, 'Prof');
    await world.send('POST', '/apps/Target/resume');
    await world.quiet();
    assertSent(shown);
  });

  test('shows byte for byte what the target then gets: deactivate and reactivate', async () => {
    for (const [active, operation] of [
      ['false', 'deactivate'],
      ['true', 'reactivate'],
    ] as const) {
      await world.send('POST', '/apps/Target/pause', {});
      await world.change([ada], `is_active = ${active}`);
      const shown = await preview();
      assert.equal(shown.operation, operation);
      await world.send('POST', '/apps/Target/resume');
      await world.quiet();
      assertSent(shown);
    }
  });

  test('tells apart what is empty, missing, blank and not sent', async () => {
    await world.change([ada], `fields = fields - 'Title' - 'Department'`);
    await world.quiet();
    const before = world.target.exchanges().length;
    const shown = await preview();
    assert.equal(shown.plan, 'settled');
    const fates = Object.fromEntries(shown.attributes.map(({ target, fate }: Json) => [target, fate]));
    assert.deepEqual(fates, {
      externalId: 'unchanged',
      userName: 'unchanged',
      'name.familyName': 'unchanged',
      displayName: 'unchanged',
      title: 'nothing to clear',
      'emails[type eq "work"].value': 'unchanged',
      'emails[type eq "work"].primary': 'unchanged',
      roles: 'unchanged',
      nickName: 'unchanged',
      userType: 'first value only',
      [`${ENTERPRISE}:department`]: 'left alone',
      [`${ENTERPRISE}:manager.value`]: 'nothing to clear',
    });
    const states = Object.fromEntries(
      shown.attributes.flatMap(({ sources }: Json) => sources.map(({ field, state }: Json) => [field, state])),
    );
    assert.equal(states['Title'], 'missing');
    assert.equal(states['PermissionSets'], 'value');
    assert.equal(states['Manager.RemoteId'], 'no manager');
    assert.deepEqual(shown.grants, [{ kind: 'permission set', name: 'Access', through: null, expiresAt: null }]);
    const reads = world.target.exchanges().slice(before);
    assert.deepEqual([...new Set(reads.map(({ method }) => method))], ['GET']);
  });

  test('shows an operation that does not come next, also of someone who has left', async () => {
    const update = await preview('update');
    assert.match(update.notes.join(), /has these values already/);
    assert.ok(JSON.parse(update.request.body).Operations.length > 0);
    await world.change([ada], 'is_active = false');
    await world.quiet();
    const gone = await preview();
    assert.equal(gone.plan, 'waiting');
    assert.equal(gone.reason.code, 'user_inactive');
    assert.equal(attribute(gone, 'userName').fate, 'not in this operation');
    const back = await preview('reactivate');
    assert.equal(back.operation, 'reactivate');
    assert.match(back.notes.join(), /As if reactivate came next: really, nothing does: The user is not active/);
    assert.equal(back.rollout, null);
  });

  test('looks for nobody whom the app never concerned', async () => {
    const [stranger] = await world.addUsers([{ username: 'zed@example.com' }], { isGranted: false });
    const { json } = await world.send('POST', '/apps/Target/preview', { user: stranger });
    assert.deepEqual([json.plan, json.reason.code, json.matches], ['waiting', 'not_assigned', []]);
  });

  test('shows byte for byte what the target then gets: delete', async () => {
    const shown = await preview('delete');
    assert.equal(shown.operation, 'delete');
    assert.match(shown.notes.join(), /As if delete came next/);
    const deprovisioning = { 'user deleted': { action: 'delete' } };
    await world.save('Target', { mapping: RICH, tables: TABLES, deprovisioning });
    await world.change([ada], 'deleted_at = now()');
    await world.quiet();
    assertSent(shown);
    assert.equal((await preview()).reason.code, 'user_deleted');
  });
});
