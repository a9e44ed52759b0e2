import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type FaultTarget, type ProfileName, startFaultTarget } from '../testing/index.ts';
import {
  buildDialect,
  createScimClient,
  type Dialect,
  type DialectOverrides,
  dialects,
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
  { profile: 'figma', dialect: 'figma', deactivationDeletes: true },
  { profile: 'bitwarden', dialect: 'bitwarden' },
  { profile: 'jfrog', dialect: 'jfrog' },
  { profile: 'pulumi', dialect: 'pulumi' },
  { profile: 'passbolt', dialect: 'passbolt' },
  { profile: 'fleet', dialect: 'fleet', deactivationDeletes: true },
  { profile: 'wso2', dialect: 'wso2' },
  { profile: 'webex', dialect: 'webex' },
  { profile: 'keycloak', dialect: 'keycloak' },
  { profile: '1password', dialect: '1password' },
  { profile: 'servicenow', dialect: 'servicenow' },
  { profile: 'peakon', dialect: 'peakon' },
  { profile: 'google-cloud-identity', dialect: 'google-cloud-identity' },
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

describe('the quirks that no life of an account shows', () => {
  const dialectOf = (id: string) => findDialect(id) ?? standardDialect;
  const person = { userName: 'ada@example.com', externalId: '005A' };

  it('every dialect has a simulated target, or a reason in this test', () => {
    const simulated = new Set(cases.map(({ dialect }) => dialect));
    const elsewhere = ['logfire', 'deel', 'instaclustr', 'egnyte', 'workplace', 'zscaler'];
    const missing = dialects.filter(({ id }) => !simulated.has(id) && !elsewhere.includes(id)).map(({ id }) => id);
    assert.deepEqual(missing, []);
  });

  it('JFrog: a name that cannot be changed is not sent', async () => {
    await using target = await startFaultTarget({ profile: 'jfrog' });
    const users = connect(target, dialectOf('jfrog'));
    const { id } = await users.create(person);
    const before = target.exchanges().length;
    await assert.rejects(
      users.update({ id, changes: [set('userName', 'eve@example.com')] }),
      isKind('invalid_request'),
    );
    assert.equal(target.exchanges().length, before);
  });

  it('Logfire: what it does not offer is refused before it is sent', async () => {
    await using target = await startFaultTarget({ profile: 'logfire' });
    const users = connect(target, dialectOf('logfire'));
    await assert.rejects(users.create(person), isKind('unsupported'));
    await assert.rejects(users.delete('1'), isKind('unsupported'));
    assert.deepEqual(target.exchanges(), []);
  });

  it('Passbolt: groups that fail are never asked for', async () => {
    const { groups } = createScimClient({
      transport: { request: () => assert.fail('nothing is sent') },
      now: () => new Date(),
      dialect: dialectOf('passbolt'),
    });
    await assert.rejects(groups.create({ displayName: 'x' }), isKind('unsupported'));
    await assert.rejects(
      groups.changeMembers('1', { add: [{ id: '2' }], remove: [] }).then(({ failure }) => Promise.reject(failure)),
      isKind('unsupported'),
    );
  });

  it('Pulumi: an address of an unmanaged account is a conflict', async () => {
    await using target = await startFaultTarget({ profile: 'pulumi' });
    target.createAccount({ userName: 'other', emails: [{ value: 'ada@example.com', type: 'work' }] });
    const users = connect(target, dialectOf('pulumi'));
    await assert.rejects(users.create({ ...person, [work]: 'ada@example.com' }), isKind('already_exists'));
  });

  it('Deel: its published limit is in the dialect, and what is above it is asked to wait', async () => {
    await using target = await startFaultTarget({ profile: 'deel' });
    const users = connect(target, dialectOf('deel'));
    assert.deepEqual(dialectOf('deel').rateLimits, [{ counts: 'requests', requests: 5, perSeconds: 1 }]);
    const attempts = await Promise.allSettled(Array.from({ length: 20 }, () => users.get('1')));
    const limited = attempts.filter((one) => one.status === 'rejected' && isKind('rate_limited')(one.reason));
    assert.ok(limited.length > 0);
  });

  it('Peakon, Instaclustr: the published limits are in the dialects', () => {
    assert.deepEqual(dialectOf('peakon').rateLimits, [{ counts: 'operations', requests: 25_000, perSeconds: 3600 }]);
    assert.deepEqual(dialectOf('instaclustr').rateLimits, [{ counts: 'requests', requests: 750, perSeconds: 60 }]);
  });

  it('Workplace: extension attributes are named with a dot', async () => {
    await using target = await startFaultTarget({ profile: 'workplace' });
    const users = connect(target, dialectOf('workplace'));
    const { id } = await users.create(person);
    await users.update({ id, changes: [set(department, 'Engines')] }).catch(() => {});
    const sent = target.exchanges().at(-1)?.requestBody ?? '';
    assert.match(String(sent), /enterprise:2\.0:User\.department/);
  });

  it('Egnyte: searches carry no attributes=, and PATCH values neither schemas nor meta', async () => {
    await using target = await startFaultTarget();
    const users = connect(target, dialectOf('egnyte'));
    const { id } = await users.create(person);
    await users.find('userName', 'ada@example.com');
    await users.update({ id, changes: [set('title', 'x'), set(work, 'y@example.com')] });
    for (const { method, url, requestBody } of target.exchanges()) {
      assert.doesNotMatch(url, /[?&]attributes=/);
      if (method === 'PATCH') assert.doesNotMatch(String(requestBody), /"meta"|"value":\{[^}]*"schemas"/);
    }
  });

  it('ServiceNow: an extension of its own beside the enterprise one', async () => {
    await using target = await startFaultTarget({ profile: 'servicenow' });
    const users = connect(target, dialectOf('servicenow'));
    const building = 'urn:ietf:params:scim:schemas:extension:servicenow:2.0:User:building';
    const { id } = await users.create({ ...person, [department]: 'Engines', [building]: 'North' });
    await users.update({ id, changes: [set(building, 'South')] });
    const found = await users.get(id);
    assert.equal(found && users.read(found.representation, building), 'South');
    assert.equal(found && users.read(found.representation, department), 'Engines');
  });
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
