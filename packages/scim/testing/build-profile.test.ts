import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ENTERPRISE_URN, GROUP_URN, PATCH_URN, USER_URN } from './attribute-definitions.ts';
import { buildProfile, PROFILE_NAMES, type ProfileName } from './build-profile.ts';
import { buildCore } from './fault-target.ts';
import type { JsonObject } from './json.ts';
import type { TargetProfile } from './target-profile.ts';

function start(profile: ProfileName | Partial<TargetProfile>) {
  const core = buildCore({ profile });
  const call = async (method: string, path: string, body?: JsonObject) => {
    const headers = { 'content-type': core.options.profile.requestTypes[0], 'user-agent': 'test' };
    const { answer } = await core.serve({
      method,
      url: `${core.basePath}${path}`,
      headers,
      body: body === undefined ? '' : JSON.stringify(body),
    });
    const value = answer.body.startsWith('{') ? (JSON.parse(answer.body) as JsonObject) : {};
    return { ...answer, value, records: (value['Resources'] ?? []) as JsonObject[] };
  };
  const create = async (userName: string, more: JsonObject = {}) => {
    const reply = await call('POST', '/Users', { schemas: [USER_URN], userName, active: true, ...more });
    return `/Users/${encodeURIComponent(String(reply.value['id']))}`;
  };
  const patch = (path: string, ...Operations: JsonObject[]) =>
    call('PATCH', path, { schemas: [PATCH_URN], Operations });
  return { core, call, create, patch };
}

const off: JsonObject = { op: 'replace', path: 'active', value: false };

test('every named profile serves a create, a read and a deprovisioning of its own', async () => {
  for (const name of PROFILE_NAMES) {
    const { core, call } = start(name);
    const schema = core.state.schemas.User.coreUrn;
    const made = await call('POST', '/Users', { schemas: [schema], userName: 'ann', externalId: 'x-1', active: true });
    assert.equal(made.status, 201, name);
    assert.equal((await call('GET', `/Users/${encodeURIComponent(String(made.value['id']))}`)).status, 200, name);
  }
});

test('a profile or switch that does not exist is refused', () => {
  assert.throws(() => buildProfile('nope' as ProfileName), /no target profile "nope"/);
  assert.throws(() => buildProfile({ pathch: false } as Partial<TargetProfile>), /no switch "pathch"/);
});

describe('quirks', () => {
  test('GitHub organisation and Sentry: deactivating deletes the account', async () => {
    for (const profile of ['github-organization', 'sentry'] as const) {
      const { core, create, patch } = start(profile);
      const path = await create('ann');
      assert.equal((await patch(path, off)).status, 204);
      assert.equal(core.state.store.records.User.size, 0);
      assert.deepEqual([core.counts.deactivations, core.counts.deletes], [1, 1]);
    }
  });

  test('Slack and Salesforce: DELETE deactivates', async () => {
    const { core, call, create } = start('slack-2.0');
    const path = await create('ann');
    assert.equal((await call('DELETE', path)).status, 204);
    assert.equal((await call('GET', path)).value['active'], false);
    assert.equal(core.counts.deactivations, 1);
  });

  test('AWS: 100 members a PATCH, no replacing, members never returned but found by filter', async () => {
    const { core, call, patch } = start('aws-identity-center');
    const ids = Array.from({ length: 101 }, (_, index) => core.createStranger('User', { userName: `u${index}` }).id);
    const group = await call('POST', '/Groups', { schemas: [GROUP_URN], displayName: 'G' });
    const path = `/Groups/${String(group.value['id'])}`;
    const add = (members: string[]) =>
      patch(path, { op: 'add', path: 'members', value: members.map((value) => ({ value })) });
    assert.equal((await add(ids)).status, 400);
    assert.equal((await add(ids.slice(0, 100))).status, 200);
    assert.match(
      (await patch(path, { op: 'replace', path: 'members', value: [] })).body,
      /Replacing group memberships/,
    );
    assert.deepEqual((await call('GET', path)).value['members'], []);
    const found = await call('GET', `/Groups?filter=${encodeURIComponent(`members.value eq "${ids[5]}"`)}`);
    assert.equal(found.records.length, 1);
    assert.equal((await patch('/Users/x', off)).status, 404);
  });

  test('filters: ignored, off, single eq, empty instead of an error, exact case, lower case only', async () => {
    const list = async (profile: Partial<TargetProfile>, filter: string) => {
      const { create, call } = start(profile);
      await create('ann');
      await create('bob');
      const reply = await call('GET', `/Users?filter=${encodeURIComponent(filter)}`);
      return reply.status === 200 ? reply.records.length : reply.status;
    };
    assert.equal(await list({ filter: 'ignored' }, 'userName eq "ann"'), 2);
    assert.equal(await list({ filter: 'off' }, 'userName eq "ann"'), 400);
    assert.equal(await list({ filter: 'eq' }, 'userName eq "ann" and active eq true'), 400);
    assert.equal(await list({ filter: 'eq', unsupportedFilter: 'empty' }, 'userName sw "a"'), 0);
    assert.equal(await list({ filterAttributes: ['userName'] }, 'title eq "x"'), 400);
    assert.equal(await list({ caseSensitiveFilters: true }, 'userName eq "ANN"'), 0);
    assert.equal(await list({}, 'userName eq "ANN"'), 1);
    assert.equal(await list({ lowerCaseOperatorsOnly: true }, 'userName Eq "ann"'), 500);
  });

  test('lists: startIndex ignored, records twice, a synthetic user, a total that is the page', async () => {
    const list = async (profile: Partial<TargetProfile>, query: string) => {
      const { create, call } = start(profile);
      for (const name of ['a', 'b', 'c']) await create(name);
      const { records, value } = await call('GET', `/Users?${query}`);
      return [records.map(({ userName }) => userName).join(''), value['totalResults']];
    };
    assert.deepEqual(await list({ ignoresStartIndex: true }, 'startIndex=3&count=2'), ['ab', 3]);
    assert.deepEqual(await list({ listsTwice: true }, 'count=2'), ['abab', 3]);
    assert.deepEqual(await list({ syntheticUser: true }, 'count=1'), ['asynthesis_user', 3]);
    assert.deepEqual(await list({ totalIsPageSize: true, maxPageSize: 2 }, 'count=9'), ['ab', 2]);
    assert.deepEqual(await list({ pastTheEndRepeats: true }, 'startIndex=9&count=2'), ['bc', 3]);
  });

  test('409 without scimType, and one that hides the account', async () => {
    const { call, create } = start({ conflictScimType: false, conflictHidesAccount: true });
    await create('ann');
    const reply = await call('POST', '/Users', { schemas: [USER_URN], userName: 'ANN' });
    assert.deepEqual([reply.status, reply.value['scimType']], [409, undefined]);
    assert.equal((await call('GET', '/Users')).records.length, 0);
  });

  test('PATCH shapes: none, path required, single attribute, no value path, without path only', async () => {
    const attempt = async (profile: Partial<TargetProfile>, operation: JsonObject) => {
      const { create, patch } = start(profile);
      return (await patch(await create('ann', { emails: [{ type: 'work', value: 'a' }] }), operation)).status;
    };
    assert.equal(await attempt({ patch: false }, off), 501);
    assert.equal(await attempt({ pathRequired: true }, { op: 'replace', value: { active: false } }), 400);
    assert.equal(
      await attempt({ pathlessSingleAttribute: true }, { op: 'replace', value: { active: false, title: 'x' } }),
      400,
    );
    assert.equal(await attempt({ pathlessSingleAttribute: true }, { op: 'replace', value: { active: false } }), 200);
    assert.equal(
      await attempt({ valuePath: false }, { op: 'replace', path: 'emails[type eq "work"].value', value: 'b' }),
      400,
    );
    assert.equal(await attempt({ pathlessOnly: true }, off), 400);
    assert.equal(await attempt({ patchAnswer: 'no-content' }, off), 204);
  });

  test('Polis ignores the path of an extension and replaces the whole of it without path', async () => {
    const { call, create, patch } = start('polis');
    const path = await create('ann', { [ENTERPRISE_URN]: { department: 'Tax', employeeNumber: '7' } });
    await patch(path, { op: 'replace', path: `${ENTERPRISE_URN}:department`, value: 'Law' });
    assert.deepEqual((await call('GET', path)).value[ENTERPRISE_URN], { department: 'Tax', employeeNumber: '7' });
    await patch(path, { op: 'replace', value: { [ENTERPRISE_URN]: { department: 'Law' } } });
    assert.deepEqual((await call('GET', path)).value[ENTERPRISE_URN], { department: 'Law' });
  });

  test('answers: names normalised, text for booleans, flat names, ids that need encoding, ids used again', async () => {
    const github = start('github-emu');
    assert.equal((await github.call('GET', await github.create('Ann.Lee@x.example'))).value['userName'], 'ann-lee');
    const zscaler = start('zscaler');
    assert.equal((await zscaler.call('GET', await zscaler.create('ann'))).value['active'], 'true');
    const gitlab = start('gitlab');
    const flat = await gitlab.call(
      'GET',
      await gitlab.create('ann', { externalId: 'x-1', name: { formatted: 'Ann' } }),
    );
    assert.deepEqual([flat.value['id'], flat.value['name.formatted']], ['x-1', 'Ann']);
    const zoom = start('zoom');
    const path = await zoom.create('ann');
    assert.match(path, /k%26Kd%2F1%3F/);
    assert.equal((await zoom.call('GET', path)).status, 200);
    const reusing = start({ reusesIds: true });
    const old = await reusing.create('ann');
    await reusing.call('DELETE', old);
    assert.equal(await reusing.create('bob'), old);
  });

  test('the rate limit is kept by the clock', async () => {
    let now = 0;
    const core = buildCore({ profile: { rateLimit: { perSecond: 2, burst: 2, retryAfter: true } }, now: () => now });
    const get = () => core.serve({ method: 'GET', url: '/scim/v2/Users', headers: {}, body: '' });
    const statuses = [await get(), await get(), await get()].map(({ answer }) => answer.status);
    assert.deepEqual(statuses, [200, 200, 429]);
    now = 500;
    assert.equal((await get()).answer.status, 200);
  });

  test('without discovery there is 404, without groups too; a name once deleted may be reserved', async () => {
    const { call } = start({ discovery: false, groups: false });
    assert.equal((await call('GET', '/ServiceProviderConfig')).status, 404);
    assert.equal((await call('GET', '/Groups')).status, 404);
    const reserved = start({ deletedNamesReserved: true });
    await reserved.call('DELETE', await reserved.create('ann'));
    assert.equal((await reserved.call('POST', '/Users', { schemas: [USER_URN], userName: 'ann' })).status, 409);
  });
});
