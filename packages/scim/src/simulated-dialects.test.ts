import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type FaultTarget, type ProfileName, startFaultTarget } from '../testing/index.ts';
import {
  buildDialect,
  createScimClient,
  type Dialect,
  type DialectOverrides,
  enterpriseUserUrn,
  findDialect,
  ScimError,
  type ScimTransport,
  standardDialect,
} from './index.ts';

// One life of an account against the fault target, which shares no code with the library, obeys a profile's quirks,
// and judges every request.

const department = `${enterpriseUserUrn}:department`;
const manager = `${enterpriseUserUrn}:manager.value`;
const work = 'emails[type eq "work"].value';
const home = 'emails[type eq "home"].value';

/** How a target of this profile is addressed, and which steps it is documented to refuse. */
interface Case {
  profile: ProfileName;
  dialect: string;
  refuses?: 'updates';
  oneEmail?: boolean;
  deactivationDeletes?: boolean;
  deletes?: 'deactivates' | 'refused';
  /** What the judge says of a shape that this kind of target wants against the RFC. */
  deliberate?: RegExp;
}

const cases: Case[] = [
  { profile: 'strict', dialect: 'standard' },
  { profile: 'plain', dialect: 'standard' },
  { profile: 'scim-1.1', dialect: 'standard-1.1' },
  { profile: 'plain-1.1', dialect: 'standard-1.1' },
  { profile: 'aws-identity-center', dialect: 'aws-iam-identity-center', oneEmail: true },
  { profile: 'slack-2.0', dialect: 'slack', deletes: 'deactivates' },
  { profile: 'slack-1.1', dialect: 'slack-1.1', deletes: 'deactivates' },
  { profile: 'github-organization', dialect: 'github-organization', deactivationDeletes: true },
  { profile: 'github-emu', dialect: 'github-emu' },
  { profile: 'atlassian', dialect: 'atlassian', deletes: 'deactivates' },
  { profile: 'zoom', dialect: 'zoom' },
  { profile: 'salesforce', dialect: 'salesforce', deletes: 'refused' },
  { profile: 'databricks', dialect: 'databricks' },
  { profile: 'snowflake', dialect: 'snowflake' },
  { profile: 'sentry', dialect: 'sentry', refuses: 'updates', deactivationDeletes: true },
  { profile: 'gitlab', dialect: 'gitlab' },
  { profile: 'zscaler', dialect: 'zscaler' },
  { profile: 'infisical', dialect: 'infisical' },
  { profile: 'ibm-verify-access', dialect: 'ibm-verify-access' },
  { profile: 'vcenter', dialect: 'vcenter' },
  { profile: 'scimmy-express5', dialect: 'scimmy' },
  { profile: 'better-auth', dialect: 'better-auth' },
  { profile: 'polis', dialect: 'polis', deliberate: / is null; / },
  { profile: 'entra-shaped', dialect: 'entra-shaped', deliberate: /op must be|Remove needs|is null|must be a boolean/ },
  { profile: 'okta-shaped', dialect: 'okta-shaped', deliberate: / is null; / },
  { profile: 'fusionauth', dialect: 'fusionauth' },
  { profile: 'miro', dialect: 'miro' },
];

function connect(target: FaultTarget, dialect: Dialect) {
  const transport: ScimTransport = {
    async request({ method, path, headers = {}, body }) {
      const response = await fetch(`${target.url}/${path}`, {
        method,
        headers: { ...headers, 'user-agent': 'test' },
        ...(body === undefined ? {} : { body }),
        signal: AbortSignal.timeout(5000),
      });
      return { status: response.status, headers: Object.fromEntries(response.headers), body: await response.text() };
    },
  };
  return createScimClient({ transport, now: () => new Date(), dialect }).users;
}

const isKind = (kind: string) => (error: unknown) => error instanceof ScimError && error.kind === kind;
const set = (path: string, value: string | boolean) => ({ path, operation: 'set', value }) as const;
const clear = (path: string) => ({ path, operation: 'clear' }) as const;

async function live(target: FaultTarget, { dialect: id, ...quirks }: Case): Promise<void> {
  const users = connect(target, findDialect(id) ?? standardDialect);
  const attributes = {
    userName: 'ada@example.com',
    externalId: '005A',
    active: true,
    'name.givenName': 'Ada',
    'name.familyName': "O'Lovelace",
    title: 'Countess',
    [work]: 'ada@example.com',
    [department]: 'Engines',
    [manager]: '77',
  };
  assert.deepEqual(await users.find('userName', 'ada@example.com'), []);
  const created = await users.create(attributes);
  const remoteId = created.id;
  const read = async (path: string) => {
    const found = await users.get(remoteId);
    return found === undefined ? 'gone' : users.read(found.representation, path);
  };
  for (const [path, value] of Object.entries(attributes)) {
    if (path !== 'userName') assert.equal(await read(path), value, `created ${path}`);
  }
  const matched = await users.find('externalId', '005A');
  assert.deepEqual(
    matched.map((user) => user.id),
    [remoteId],
    'found by externalId',
  );
  await assert.rejects(users.create(attributes), isKind('already_exists'), 'a second creation');

  const changes = [
    set('name.givenName', 'Augusta'),
    clear('title'),
    set(work, 'augusta@example.com'),
    ...(quirks.oneEmail ? [] : [set(home, 'a@home.example')]),
    set(department, 'Computing'),
    clear(manager),
  ];
  if (quirks.refuses === 'updates') {
    await assert.rejects(users.update({ id: remoteId, changes }), isKind('invalid_request'));
  } else {
    await users.update({ id: remoteId, changes, desired: attributes });
    assert.equal(await read('name.givenName'), 'Augusta');
    assert.equal(await read('name.familyName'), "O'Lovelace");
    assert.equal(await read('title'), undefined, 'cleared title');
    assert.equal(await read(work), 'augusta@example.com');
    if (!quirks.oneEmail) assert.equal(await read(home), 'a@home.example');
    assert.equal(await read(department), 'Computing', 'department');
    assert.equal(await read(manager), undefined, 'cleared manager');
    if (!quirks.oneEmail) {
      await users.update({ id: remoteId, changes: [clear(home)] });
      assert.equal(await read(home), undefined, 'cleared home address');
      assert.equal(await read(work), 'augusta@example.com');
    }
  }

  await users.update({ id: remoteId, changes: [set('active', false)] });
  if (quirks.deactivationDeletes) return assert.equal(await read('active'), 'gone');
  if (target.profile.inactiveNotFound) return;
  assert.equal(await read('active'), false);
  await users.update({ id: remoteId, changes: [set('active', true)] });
  assert.equal(await read('active'), true);
  if (quirks.deletes === 'refused') return assert.rejects(users.delete(remoteId), isKind('unsupported'));
  await users.delete(remoteId);
  if (quirks.deletes !== 'deactivates') await assert.rejects(users.delete(remoteId), isKind('not_found'));
}

describe('the life of an account', () => {
  for (const one of cases) {
    it(`on a target like ${one.profile}`, async () => {
      await using target = await startFaultTarget({ profile: one.profile });
      await live(target, one);
      const violations = target.violations().filter((violation) => !one.deliberate?.test(violation));
      assert.deepEqual(violations, []);
    });
  }
});

describe('the list of 45 accounts', () => {
  const quirks: [string, Parameters<typeof startFaultTarget>[0] & object, DialectOverrides, number | 'reported'][] = [
    ['by index', {}, {}, 45],
    ['from a target that gives fewer than were asked for', { profile: { maxPageSize: 7 } }, {}, 45],
    ['by cursor', { profile: { cursor: 'offered' } }, { paging: { method: 'cursor', pageSize: 10 } }, 45],
    ['from a target that pages by cursor whatever was asked', { profile: { cursor: 'forced' } }, {}, 45],
    ['from a target whose total is the page size', { profile: { totalIsPageSize: true } }, {}, 45],
    ['from a target that gives items past the end', { profile: { pastTheEndRepeats: true } }, {}, 45],
    ['from a target that lists everybody twice', { profile: 'infisical' }, {}, 45],
    ['from a target that ignores startIndex', { profile: { ignoresStartIndex: true } }, {}, 'reported'],
    ['by SCIM 1.1', { profile: 'scim-1.1' }, { scimVersion: '1.1' }, 45],
  ];
  for (const [name, options, overrides, expected] of quirks) {
    it(`is read ${name}`, async () => {
      await using target = await startFaultTarget(options);
      for (let index = 0; index < 45; index++) target.createAccount({ userName: `user${index}@example.com` });
      const users = connect(target, buildDialect(standardDialect, { paging: { pageSize: 10 }, ...overrides }));
      const ids: string[] = [];
      const reading = (async () => {
        for await (const { id } of users.iterate()) ids.push(id);
      })();
      if (expected === 'reported') return await assert.rejects(reading, isKind('unsupported'));
      await reading;
      assert.equal(new Set(ids).size, ids.length);
      assert.equal(ids.length, expected);
      assert.deepEqual(target.violations(), []);
    });
  }
});
