import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type AppFixture, addPeople, CONFIGURATION, createAppFixture, TOKEN } from './app-fixture.ts';

let fixture: AppFixture;
before(async () => {
  fixture = await createAppFixture();
  await addPeople(fixture.ground, 'Sales', 1);
  await fixture.makeApp('Ready', { configured: true });
  await fixture.makeApp('Empty', { credential: false });
  await fixture.makeApp('Working', { configured: true });
  await fixture.send('POST', '/api/v1/apps/Working/assignments', { body: { kind: 'profile', name: 'Sales' } });
  await fixture.send('POST', '/api/v1/apps/Working/activate', { body: { withoutRollout: 'a test' } });
});
after(() => fixture.close());

interface Wrong {
  name: string;
  method: string;
  /** Below /api/v1. */
  url: string;
  body?: unknown;
  /** Leave out If-Match, or send this. */
  ifMatch?: string | null;
  status: number;
  code: string;
  /** The fields that are named. */
  fields?: string[];
  /** What the answer says. */
  says: RegExp;
}

const rule = { target: 'userName', formula: 'Username' };
const configure = (name: string, body: object, fields: string[], says: RegExp, status = 422): Wrong => ({
  name: `configuration: ${name}`,
  method: 'POST',
  url: '/apps/Ready/configurations',
  body,
  status,
  code: status === 400 ? 'invalid_request' : 'invalid_value',
  fields,
  says,
});

const WRONG: Wrong[] = [
  // create
  {
    name: 'no name',
    method: 'POST',
    url: '/apps',
    body: { baseUrl: 'https://a.example' },
    status: 400,
    code: 'invalid_request',
    fields: ['name'],
    says: /name is missing/,
  },
  {
    name: 'a name with a blank',
    method: 'POST',
    url: '/apps',
    body: { name: 'My App', baseUrl: 'https://a.example' },
    status: 400,
    code: 'invalid_request',
    fields: ['name'],
    says: /My App/,
  },
  {
    name: 'a name like an id',
    method: 'POST',
    url: '/apps',
    body: { name: '12', baseUrl: 'https://a.example' },
    status: 400,
    code: 'invalid_request',
    fields: ['name'],
    says: /12/,
  },
  {
    name: 'a name that is taken in another case',
    method: 'POST',
    url: '/apps',
    body: { name: 'READY', baseUrl: 'https://a.example' },
    status: 409,
    code: 'already_exists',
    fields: ['name'],
    says: /already/,
  },
  {
    name: 'an unknown member',
    method: 'POST',
    url: '/apps',
    body: { name: 'A', baseUrl: 'https://a.example', tenant: 1 },
    status: 400,
    code: 'invalid_request',
    fields: ['tenant'],
    says: /tenant is not known/,
  },
  {
    name: 'no URL',
    method: 'POST',
    url: '/apps',
    body: { name: 'A', baseUrl: 'example' },
    status: 422,
    code: 'invalid_value',
    fields: ['baseUrl'],
    says: /not a URL/,
  },
  {
    name: 'an ftp URL',
    method: 'POST',
    url: '/apps',
    body: { name: 'A', baseUrl: 'ftp://a.example' },
    status: 422,
    code: 'invalid_value',
    fields: ['baseUrl'],
    says: /https only/,
  },
  {
    name: 'a URL with a password',
    method: 'POST',
    url: '/apps',
    body: { name: 'A', baseUrl: 'https://u:p@a.example' },
    status: 422,
    code: 'invalid_value',
    fields: ['baseUrl'],
    says: /password/,
  },
  {
    name: 'the metadata address',
    method: 'POST',
    url: '/apps',
    body: { name: 'A', baseUrl: 'http://169.254.169.254/' },
    status: 422,
    code: 'invalid_value',
    fields: ['baseUrl'],
    says: /never sends there/,
  },
  {
    name: 'a private address',
    method: 'POST',
    url: '/apps',
    body: { name: 'A', baseUrl: 'https://10.1.2.3/' },
    status: 422,
    code: 'invalid_value',
    fields: ['baseUrl'],
    says: /may not send to it/,
  },
  {
    name: 'an unknown connector',
    method: 'POST',
    url: '/apps',
    body: { name: 'A', baseUrl: 'https://a.example', connector: 'fax' },
    status: 422,
    code: 'invalid_value',
    fields: ['connector'],
    says: /Give one of|"fax" is not a connector/,
  },
  {
    name: 'a rate of nothing',
    method: 'POST',
    url: '/apps',
    body: { name: 'A', baseUrl: 'https://a.example', maxPerSecond: 0 },
    status: 400,
    code: 'invalid_request',
    fields: ['maxPerSecond'],
    says: /maxPerSecond/,
  },
  {
    name: 'too many at once',
    method: 'POST',
    url: '/apps',
    body: { name: 'A', baseUrl: 'https://a.example', maxConcurrency: 1000 },
    status: 400,
    code: 'invalid_request',
    fields: ['maxConcurrency'],
    says: /too large/,
  },
  // read
  {
    name: 'an unknown app',
    method: 'GET',
    url: '/apps/Nothing',
    status: 404,
    code: 'not_found',
    fields: ['app'],
    says: /no app "Nothing"/,
  },
  {
    name: 'an unknown app by id',
    method: 'GET',
    url: '/apps/4711',
    status: 404,
    code: 'not_found',
    fields: ['app'],
    says: /4711/,
  },
  {
    name: 'an unknown version',
    method: 'GET',
    url: '/apps/Ready/configurations/7',
    status: 404,
    code: 'not_found',
    fields: ['path.version'],
    says: /no configuration version 7/,
  },
  {
    name: 'a version that is no number',
    method: 'GET',
    url: '/apps/Ready/configurations/last',
    status: 400,
    code: 'invalid_request',
    fields: ['path.version'],
    says: /path.version/,
  },
  {
    name: 'a difference to nothing',
    method: 'GET',
    url: '/apps/Ready/configurations/1/diff/2',
    status: 404,
    code: 'not_found',
    says: /version 2/,
  },
  {
    name: 'an unknown query member',
    method: 'GET',
    url: '/apps/Ready/mapping/proposal?rolls=true',
    status: 400,
    code: 'invalid_request',
    fields: ['query.rolls'],
    says: /rolls is not known/,
  },
  {
    name: 'the schema of a target that refuses',
    method: 'GET',
    url: '/apps/Empty/schema',
    status: 409,
    code: 'conflict',
    says: /401|credential/,
  },
  // change
  {
    name: 'a change without If-Match',
    method: 'PATCH',
    url: '/apps/Ready',
    body: { label: 'L' },
    ifMatch: null,
    status: 428,
    code: 'precondition_required',
    fields: ['header.if-match'],
    says: /If-Match/,
  },
  {
    name: 'a change of an older revision',
    method: 'PATCH',
    url: '/apps/Ready',
    body: { label: 'L' },
    ifMatch: '"1"',
    status: 412,
    code: 'precondition_failed',
    says: /changed meanwhile/,
  },
  {
    name: 'a blank label',
    method: 'PATCH',
    url: '/apps/Ready',
    body: { label: ' ' },
    status: 400,
    code: 'invalid_request',
    fields: ['label'],
    says: /label/,
  },
  {
    name: 'another name',
    method: 'PATCH',
    url: '/apps/Ready',
    body: { name: 'Other' },
    status: 400,
    code: 'invalid_request',
    fields: ['name'],
    says: /name is not known/,
  },
  {
    name: 'another state',
    method: 'PATCH',
    url: '/apps/Ready',
    body: { state: 'active' },
    status: 400,
    code: 'invalid_request',
    fields: ['state'],
    says: /state is not known/,
  },
  {
    name: 'a limit over everybody',
    method: 'PATCH',
    url: '/apps/Ready',
    body: { deactivationLimit: { percent: 101 } },
    status: 400,
    code: 'invalid_request',
    fields: ['deactivationLimit.percent'],
    says: /too large/,
  },
  {
    name: 'a limit below nobody',
    method: 'PATCH',
    url: '/apps/Ready',
    body: { deactivationLimit: { count: -1 } },
    status: 400,
    code: 'invalid_request',
    fields: ['deactivationLimit.count'],
    says: /too small/,
  },
  {
    name: 'a forbidden address',
    method: 'PATCH',
    url: '/apps/Ready',
    body: { baseUrl: 'https://192.168.0.1' },
    status: 422,
    code: 'invalid_value',
    fields: ['baseUrl'],
    says: /may not send/,
  },
  {
    name: 'a trigger that is a text',
    method: 'PUT',
    url: '/apps/Ready/triggers',
    body: { create: 'no' },
    status: 400,
    code: 'invalid_request',
    fields: ['create'],
    says: /not a boolean/,
  },
  {
    name: 'an unknown trigger',
    method: 'PUT',
    url: '/apps/Ready/triggers',
    body: { delete: true },
    status: 400,
    code: 'invalid_request',
    fields: ['delete'],
    says: /delete is not known/,
  },
  // credential
  {
    name: 'a credential of no kind',
    method: 'PUT',
    url: '/apps/Ready/credential',
    body: { token: 'x' },
    status: 422,
    code: 'invalid_value',
    fields: ['kind'],
    says: /must be one of bearer, basic, header/,
  },
  {
    name: 'a blank token',
    method: 'PUT',
    url: '/apps/Ready/credential',
    body: { kind: 'bearer', token: '' },
    status: 422,
    code: 'invalid_value',
    fields: ['token'],
    says: /token is missing/,
  },
  {
    name: 'a token with its scheme',
    method: 'PUT',
    url: '/apps/Ready/credential',
    body: { kind: 'bearer', token: `Bearer ${TOKEN}` },
    status: 422,
    code: 'invalid_value',
    fields: ['token'],
    says: /begins with "Bearer"/,
  },
  {
    name: 'a member of another kind',
    method: 'PUT',
    url: '/apps/Ready/credential',
    body: { kind: 'bearer', token: 'x', password: 'secret-in-the-wrong-place' },
    status: 422,
    code: 'invalid_value',
    fields: ['password'],
    says: /has no "password"/,
  },
  {
    name: 'a header of ours',
    method: 'PUT',
    url: '/apps/Ready/credential',
    body: { kind: 'header', name: 'Host', value: 'x' },
    status: 422,
    code: 'invalid_value',
    fields: ['name'],
    says: /Host is not for credentials/,
  },
  {
    name: 'a list as credential',
    method: 'PUT',
    url: '/apps/Ready/credential',
    body: [],
    status: 400,
    code: 'invalid_request',
    says: /list/,
  },
  {
    name: 'forgetting what is not there',
    method: 'DELETE',
    url: '/apps/Empty/credential',
    status: 404,
    code: 'not_found',
    says: /no credential/,
  },
  // configuration
  configure('no mapping', {}, ['mapping'], /mapping is missing/, 400),
  configure('an empty mapping', { mapping: [] }, ['mapping'], /too few/, 400),
  configure('an unknown member', { mapping: [rule], filter: 'x' }, ['filter'], /filter is not known/, 400),
  configure(
    'an unknown member of a rule',
    { mapping: [{ ...rule, mandatory: true }] },
    ['mapping[0].mandatory'],
    /mandatory/,
    400,
  ),
  configure('an unknown blank policy', { mapping: [{ ...rule, blank: 'skip' }] }, ['mapping[0].blank'], /"skip"/, 400),
  configure(
    'a default without its policy',
    { mapping: [{ ...rule, default: 'x' }] },
    ['mapping[0].default'],
    /not used with blank "clear"/,
  ),
  configure(
    'a policy without its default',
    { mapping: [{ ...rule, blank: 'default' }] },
    ['mapping[0].default'],
    /is blank/,
  ),
  configure('an unknown field', { mapping: [{ ...rule, formula: 'Usrname' }] }, ['mapping[0].formula'], /Usrname/),
  configure(
    'a formula that does not end',
    { mapping: [{ ...rule, formula: 'UPPER(Username' }] },
    ['mapping[0].formula'],
    /mapping\[0\].formula/,
  ),
  configure(
    'two rules for one attribute',
    { mapping: [rule, { ...rule, target: 'username' }] },
    ['mapping[1].target'],
    /has a rule already/,
  ),
  configure(
    'an attribute that the target has not',
    { mapping: [rule, { target: 'shoeSize', formula: '42' }] },
    ['mapping[1].target'],
    /shoeSize is not an attribute/,
  ),
  configure(
    'a read-only attribute',
    { mapping: [rule, { target: 'groups', formula: 'PermissionSetGroups' }] },
    ['mapping[1].target'],
    /read-only/,
  ),
  configure(
    'a list for a single value',
    { mapping: [rule, { target: 'title', formula: 'PermissionSets' }] },
    ['mapping[1].formula'],
    /takes one/,
  ),
  configure(
    'a text for a boolean',
    { mapping: [rule, { target: 'active', formula: '"yes"' }] },
    ['mapping[1].formula'],
    /takes true\/false/,
  ),
  configure(
    'a value for what is made of parts',
    { mapping: [rule, { target: 'name', formula: 'Name' }] },
    ['mapping[1].target'],
    /made of parts/,
  ),
  configure(
    'no rule for what the target requires',
    { mapping: [{ target: 'externalId', formula: 'Id' }] },
    ['mapping'],
    /requires userName/,
  ),
  configure(
    'an unknown option',
    { mapping: [rule], connectorOptions: { tenant: 'x' } },
    ['connectorOptions.tenant'],
    /not an option/,
  ),
  configure(
    'an option that is too large',
    { mapping: [rule], connectorOptions: { pageSize: 100_000 } },
    ['connectorOptions.pageSize'],
    /too large/,
  ),
  configure(
    'an option of another type',
    { mapping: [rule], connectorOptions: { etag: 'yes' } },
    ['connectorOptions.etag'],
    /not boolean/,
  ),
  configure(
    'an option out of its list',
    { mapping: [rule], connectorOptions: { update: 'post' } },
    ['connectorOptions.update'],
    /"patch", "put"|not allowed/,
  ),
  configure(
    'a path that leads out',
    { mapping: [rule], connectorOptions: { usersPath: '../admin' } },
    ['connectorOptions.usersPath'],
    /right form/,
  ),
  configure(
    'matching by what is not mapped',
    { mapping: [rule], correlation: { matchingAttributes: ['title'] } },
    ['correlation.matchingAttributes[0]'],
    /title has no mapping rule/,
  ),
  configure(
    'matching twice by one',
    { mapping: [rule], correlation: { matchingAttributes: ['userName', 'USERNAME'] } },
    ['correlation.matchingAttributes[1]'],
    /named twice/,
  ),
  configure(
    'nothing to match by',
    { mapping: [{ target: 'title', formula: 'Title' }] },
    ['correlation.matchingAttributes'],
    /no existing account would ever be found/,
  ),
  configure(
    'an unknown adoption',
    { mapping: [rule], correlation: { adoption: 'take' } },
    ['correlation.adoption'],
    /"take"/,
    400,
  ),
  configure(
    'an unknown cause',
    { mapping: [rule], deprovisioning: { vacation: { action: 'leave' } } },
    ['deprovisioning.vacation'],
    /vacation/,
    400,
  ),
  configure(
    'an unknown action',
    { mapping: [rule], deprovisioning: { 'user deleted': { action: 'disable' } } },
    ['deprovisioning.user deleted.action'],
    /"disable"/,
    400,
  ),
  configure(
    'days without a deactivation',
    { mapping: [rule], deprovisioning: { 'user deleted': { action: 'delete', deleteAfterDays: 3 } } },
    ['deprovisioning.user deleted.deleteAfterDays'],
    /does not go with "delete"/,
  ),
  configure('a certificate that is none', { mapping: [rule], privateCa: 'abc' }, ['privateCa'], /PEM/),
  {
    name: 'restoring what is not there',
    method: 'POST',
    url: '/apps/Ready/configurations/9/restore',
    status: 404,
    code: 'not_found',
    says: /version 9/,
  },
  // assignment
  {
    name: 'assigning nobody known',
    method: 'POST',
    url: '/apps/Ready/assignments',
    body: { kind: 'profile', name: 'Nobody' },
    status: 422,
    code: 'invalid_value',
    fields: ['name'],
    says: /no profile called "Nobody"/,
  },
  {
    name: 'assigning by an unknown kind',
    method: 'POST',
    url: '/apps/Ready/assignments',
    body: { kind: 'role', name: 'Sales' },
    status: 400,
    code: 'invalid_request',
    fields: ['kind'],
    says: /"role"/,
  },
  {
    name: 'assigning twice',
    method: 'POST',
    url: '/apps/Working/assignments',
    body: { kind: 'profile', name: 'Sales' },
    status: 409,
    code: 'already_exists',
    fields: ['name'],
    says: /already/,
  },
  {
    name: 'taking what was not given',
    method: 'DELETE',
    url: '/apps/Ready/assignments?kind=profile&name=Sales',
    status: 404,
    code: 'not_found',
    says: /does not grant Ready/,
  },
  {
    name: 'taking without a name',
    method: 'DELETE',
    url: '/apps/Ready/assignments?kind=profile',
    status: 400,
    code: 'invalid_request',
    fields: ['query.name'],
    says: /name is missing/,
  },
  // state
  {
    name: 'activating without a configuration',
    method: 'POST',
    url: '/apps/Empty/activate',
    status: 409,
    code: 'conflict',
    fields: [
      'configuration',
      'readiness.app',
      'readiness.protocol',
      'readiness.credential',
      'readiness.credential',
      'readiness.mapping',
      'readiness.trial',
      'readiness.trial',
    ],
    says: /no configuration yet/,
  },
  {
    name: 'resuming a draft',
    method: 'POST',
    url: '/apps/Ready/resume',
    status: 409,
    code: 'conflict',
    says: /is a draft. Activate it/,
  },
  {
    name: 'pausing a draft',
    method: 'POST',
    url: '/apps/Ready/pause',
    status: 409,
    code: 'conflict',
    says: /sends nothing as it is/,
  },
  {
    name: 'pausing with an unknown member',
    method: 'POST',
    url: '/apps/Working/pause',
    body: { why: 'x' },
    status: 400,
    code: 'invalid_request',
    fields: ['why'],
    says: /why is not known/,
  },
  {
    name: 'activating for everyone without a reason',
    method: 'POST',
    url: '/apps/Ready/activate',
    status: 409,
    code: 'conflict',
    fields: ['withoutRollout', 'readiness.trial', 'readiness.trial'],
    says: /reaches everyone who is granted the app at once/,
  },
  {
    name: 'probing what works',
    method: 'POST',
    url: '/apps/Working/quarantine/probe',
    status: 409,
    code: 'conflict',
    says: /not quarantined/,
  },
  {
    name: 'deleting what works',
    method: 'DELETE',
    url: '/apps/Working',
    status: 409,
    code: 'conflict',
    says: /Pause it/,
  },
  {
    name: 'deleting with another word',
    method: 'DELETE',
    url: '/apps/Ready?accounts=delete',
    status: 400,
    code: 'invalid_request',
    fields: ['query.accounts'],
    says: /"delete"/,
  },
  {
    name: 'testing an unknown app',
    method: 'POST',
    url: '/apps/Nothing/test',
    status: 404,
    code: 'not_found',
    says: /Nothing/,
  },
];

const STATE = `select json_build_object(
  'apps', (select json_agg(a order by id) from connected_app a),
  'versions', (select json_agg(c order by app_id, version) from app_configuration c),
  'credentials', (select json_agg(c order by app_id) from app_credential c),
  'assignments', (select json_agg(a order by id) from app_assignment a),
  'links', (select json_agg(s order by user_id) from link_schedule s),
  'audit', (select count(*) from audit_event))::text as state`;

describe('a wrong request to the routes of connected apps', () => {
  for (const wrong of WRONG) {
    it(`${wrong.name} is refused with its own words, and changes nothing`, async () => {
      const { method, url, body, ifMatch = '*' } = wrong;
      const stateBefore = (await fixture.ground.pool.query(STATE)).rows[0].state;
      const headers: Record<string, string> = ifMatch === null ? {} : { 'if-match': ifMatch };
      const answer = await fixture.send(method, `/api/v1${url}`, { headers, ...(body === undefined ? {} : { body }) });
      assert.equal(answer.status, wrong.status, answer.text);
      assert.equal(answer.json.code, wrong.code);
      const said = [
        answer.json.detail,
        ...answer.json.errors.map((e: { problem: string; fix: string }) => `${e.problem} ${e.fix}`),
      ];
      assert.match(said.join('\n'), wrong.says);
      if (wrong.fields) {
        assert.deepEqual(
          answer.json.errors.map(({ field }: { field: string }) => field),
          wrong.fields,
        );
      }
      for (const { fix } of answer.json.errors) assert.notEqual(fix, '');
      for (const secret of [TOKEN, 'secret-in-the-wrong-place']) assert.ok(!answer.text.includes(secret));
      assert.equal((await fixture.ground.pool.query(STATE)).rows[0].state, stateBefore);
    });
  }

  it('is refused when the key may only read', async () => {
    const { key } = await fixture.makeKey(['apps:read']);
    for (const [method, url, body] of [
      ['POST', '/apps', { name: 'B', baseUrl: 'https://a.example' }],
      ['PATCH', '/apps/Ready', { label: 'L' }],
      ['DELETE', '/apps/Ready', undefined],
      ['PUT', '/apps/Ready/credential', { kind: 'bearer', token: 'x' }],
      ['DELETE', '/apps/Ready/credential', undefined],
      ['PUT', '/apps/Ready/triggers', { create: false }],
      ['POST', '/apps/Ready/configurations', CONFIGURATION],
      ['POST', '/apps/Ready/configurations/1/restore', undefined],
      ['POST', '/apps/Ready/activate', undefined],
      ['POST', '/apps/Working/pause', undefined],
      ['POST', '/apps/Working/resume', undefined],
      ['POST', '/apps/Working/test', undefined],
      ['POST', '/apps/Working/quarantine/probe', undefined],
      ['POST', '/apps/Ready/assignments', { kind: 'profile', name: 'Sales' }],
      ['DELETE', '/apps/Working/assignments?kind=profile&name=Sales', undefined],
    ] as const) {
      const options = { key, headers: { 'if-match': '*' }, ...(body === undefined ? {} : { body }) };
      const answer = await fixture.send(method, `/api/v1${url}`, options);
      assert.equal(answer.status, 403, `${method} ${url}: ${answer.text}`);
    }
    assert.equal((await fixture.send('GET', '/api/v1/apps', { key })).status, 200);
  });
});

describe('a target that cannot be asked', () => {
  it('has no proposal, which says why and what to do', async () => {
    const { send } = fixture;
    const base = { connector: 'ldap', baseUrl: 'ldap://127.0.0.1:9' };
    const made = await send('POST', '/api/v1/apps', { body: { name: 'Unread', ...base } });
    assert.equal(made.status, 201, made.text);
    const { status, json } = await send('GET', '/api/v1/apps/Unread/mapping/proposal');
    assert.equal(status, 200);
    assert.deepEqual(json.mapping, []);
    assert.match(json.notes[0], /^The target could not be asked for its attributes: ./);
    assert.match(json.notes[1], /^Nothing is proposed, .*Ask again once it answers, or write the rules yourself\.$/);
  });
});
