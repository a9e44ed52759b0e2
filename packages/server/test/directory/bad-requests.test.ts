import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createDirectoryFixture, type DirectoryFixture } from './directory-fixture.ts';

let dir: DirectoryFixture;
let taken: string;
let assignment: string;

before(async () => {
  dir = await createDirectoryFixture();
  await dir.ok('POST', '/profiles', { Name: 'Sales' });
  await dir.ok('POST', '/permission-sets', { Name: 'Crm' });
  await dir.ok('POST', '/permission-set-groups', { Name: 'Office', PermissionSets: ['Crm'] });
  await dir.ok('POST', '/custom-fields', { Name: 'Grade__c', Type: 'number' });
  await dir.ok('POST', '/custom-fields', { Name: 'Team__c', Type: 'picklist', PicklistValues: ['Red', 'Blue'] });
  await dir.ok('POST', '/custom-fields', { Name: 'Start__c', Type: 'date' });
  const user = await dir.createUser('taken@example.com', {
    FederationIdentifier: 'idp|1',
    PermissionSets: ['Crm'],
    Team__c: 'Red',
    Profile: 'Sales',
  });
  taken = user.Id;
  assignment = (await dir.ok('GET', `/users/${taken}/assignments`)).items[0].Id;
  await dir.createUser('other@example.com');
});
after(() => dir.close());

const NOBODY = '0198c5a2-7d3e-7000-8000-000000000000';
const good = { Username: 'new@example.com', LastName: 'New', Email: 'new@example.com' };

/** method, path, body, status, field of the problem, text of the problem or the fix; the If-Match is `*` unless given. */
type Case = [string, string, unknown, number, string | undefined, RegExp, (string | null)?];

const user = (more: Record<string, unknown>, status: number, field: string, text: RegExp): Case => [
  'POST',
  '/users',
  { ...good, ...more },
  status,
  field,
  text,
];

const cases = (): Case[] => [
  ['POST', '/users', {}, 422, 'Username', /missing/],
  ['POST', '/users', [], 400, 'body', /list/],
  ['POST', '/users', '{"Username":', 400, undefined, /JSON/],
  user({ Usernam: 'x' }, 422, 'Usernam', /Did you mean Username/),
  user({ cost: 1 }, 422, 'cost', /custom field/),
  user({ Id: NOBODY }, 422, 'Id', /set by Usher/),
  user({ Name: 'x' }, 422, 'Name', /FirstName and LastName/),
  user({ Username: 'no at sign' }, 422, 'Username', /form of an email/),
  user({ Username: ' a@b.example' }, 422, 'Username', /space/),
  user({ Username: 'a@b..example' }, 422, 'Username', /form of an email/),
  user({ Username: `${'a'.repeat(70)}@example.com` }, 422, 'Username', /82 characters/),
  user({ Username: 'TAKEN@example.com' }, 409, 'Username', /another user/),
  user({ FederationIdentifier: 'idp|1' }, 409, 'FederationIdentifier', /another user/),
  user({ Email: null }, 422, 'Email', /blank/),
  user({ Email: 'x' }, 422, 'Email', /form of an email/),
  user({ LastName: '   ' }, 422, 'LastName', /blank/),
  user({ LastName: 'x'.repeat(81) }, 422, 'LastName', /at most 80/),
  user({ LastName: 7 }, 422, 'LastName', /number, not a text/),
  user({ LastName: 'a\u0000b' }, 422, 'LastName', /U\+0000/),
  user({ LastName: 'a\nb' }, 422, 'LastName', /line break/),
  user({ LastName: '\ud800' }, 422, 'LastName', /surrogate/),
  user({ IsActive: 'true' }, 422, 'IsActive', /true or false/),
  user({ IsActive: null }, 422, 'IsActive', /blank/),
  user({ Profile: 'Slaes' }, 422, 'Profile', /Did you mean "Sales"/),
  user({ ProfileId: '999' }, 422, 'ProfileId', /not the id of a profile/),
  user({ ProfileId: '1', Profile: 'Sales' }, 422, 'ProfileId', /together/),
  user({ Manager: 'nobody@example.com' }, 422, 'Manager', /not the Username/),
  user({ Manager: 'NEW@example.com' }, 422, 'Manager', /themselves/),
  user({ ManagerId: NOBODY }, 422, 'ManagerId', /not the Id/),
  user({ ManagerId: 'x' }, 422, 'ManagerId', /not the id of a user/),
  user({ DelegatedApproverId: NOBODY }, 422, 'DelegatedApproverId', /not the Id/),
  user({ PermissionSets: ['Crn'] }, 422, 'PermissionSets', /Did you mean "Crm"/),
  user({ PermissionSets: [1] }, 422, 'PermissionSets', /number/),
  user({ PermissionSets: { a: 1 } }, 422, 'PermissionSets', /object, not a list/),
  user({ PermissionSetGroups: 'Nothing' }, 422, 'PermissionSetGroups', /not a permission set group/),
  user({ TimeZoneSidKey: 'Mars/Olympus' }, 422, 'TimeZoneSidKey', /time zone/),
  user({ LocaleSidKey: 'en-US' }, 422, 'LocaleSidKey', /en_US/),
  user({ EmailEncodingKey: 'UTF-9' }, 422, 'EmailEncodingKey', /UTF-8/),
  user({ DigestFrequency: 'X' }, 422, 'DigestFrequency', /D, W, N/),
  user({ DefaultCurrencyIsoCode: 'EURO' }, 422, 'DefaultCurrencyIsoCode', /at most 3/),
  user({ Grade__c: '7' }, 422, 'Grade__c', /text, not a number/),
  user({ Grade__c: 1e300 }, 422, 'Grade__c', /15 digits/),
  user({ Team__c: 'Rde' }, 422, 'Team__c', /Did you mean "Red"/),
  user({ Start__c: '2023-02-29' }, 422, 'Start__c', /does not exist/),
  user({ Start__c: '29.02.2024' }, 422, 'Start__c', /2026-11-23/),
  ['PATCH', `/users/${taken}`, { Title: 'x' }, 428, 'header.if-match', /missing/, null],
  ['PATCH', `/users/${taken}`, { Title: 'x' }, 412, 'header.if-match', /does not name/, '"999"'],
  ['PATCH', `/users/${taken}`, { Title: 'x' }, 412, 'header.if-match', /not an ETag/, 'abc'],
  ['PATCH', `/users/${taken}`, { ManagerId: taken }, 422, 'Manager', /themselves/],
  ['PATCH', `/users/${taken}`, { Username: 'other@example.com' }, 409, 'Username', /another user/],
  ['PATCH', `/users/${NOBODY}`, { Title: 'x' }, 404, 'path.user', /neither/],
  ['DELETE', `/users/${taken}`, undefined, 428, 'header.if-match', /missing/, null],
  ['DELETE', '/users/nobody@example.com', undefined, 404, 'path.user', /neither/],
  ['GET', '/users?filter[Depatment]=x', undefined, 400, 'query.filter[Depatment]', /Did you mean Department/],
  ['GET', '/users?Department=x', undefined, 400, 'query.Department', /filter\[Department\]/],
  ['GET', '/users?filter[CreatedDate]=x', undefined, 400, 'query.filter[CreatedDate]', /cannot be filtered/],
  ['GET', '/users?cursor=abc', undefined, 400, 'query.cursor', /cursor/],
  ['GET', '/users?limit=0', undefined, 400, 'query.limit', /small/],
  ['GET', '/users?profile=None', undefined, 400, 'query.profile', /not a profile/],
  ['GET', '/users?isActive=yes', undefined, 400, 'query.isActive', /"true", "false"/],
  ['POST', '/profiles', { Name: 'SALES' }, 409, 'Name', /another profile/],
  ['POST', '/profiles', { Name: ' ' }, 422, 'Name', /blank/],
  ['POST', '/profiles', { Name: '12' }, 422, 'Name', /number/],
  ['POST', '/profiles', { Name: 'x', Label: 'y' }, 400, 'Label', /not known/],
  ['POST', '/profiles', { Name: 'x'.repeat(256) }, 422, 'Name', /255/],
  ['DELETE', '/profiles/Sales', undefined, 409, undefined, /profile of 1 user\b/],
  ['POST', '/permission-sets', { Name: 'Two words' }, 422, 'Name', /API name/],
  ['POST', '/permission-sets', { Name: 'A__b' }, 422, 'Name', /API name/],
  ['POST', '/permission-sets', { Name: 'crm' }, 409, 'Name', /another permission set/],
  ['POST', '/permission-set-groups', { Name: 'G', PermissionSets: ['Crn'] }, 422, 'PermissionSets', /"Crm"/],
  ['POST', '/permission-set-groups/Office/components', { add: ['No'] }, 422, 'PermissionSets', /not a permission/],
  ['POST', '/permission-set-groups/Office/components', { add: ['Crm'] }, 428, 'header.if-match', /missing/, null],
  ['PATCH', '/permission-sets/Nothing', { Label: 'x' }, 404, undefined, /no permission set/],
  ['DELETE', '/permission-sets/Crm', undefined, 428, 'header.if-match', /missing/, null],
  ['POST', `/users/${taken}/assignments`, {}, 400, 'PermissionSet', /missing/],
  ['POST', `/users/${taken}/assignments`, { PermissionSet: 'Crm' }, 409, 'PermissionSet', /already/],
  ['POST', `/users/${taken}/assignments`, { PermissionSet: 'Crn' }, 422, 'PermissionSet', /Did you mean "Crm"/],
  [
    'POST',
    `/users/${taken}/assignments`,
    { PermissionSetGroup: 'Office', ExpirationDate: '2020-01-01T00:00:00Z' },
    422,
    'ExpirationDate',
    /past/,
  ],
  ['POST', `/users/${taken}/assignments`, { PermissionSetGroup: 'Office' }, 428, 'header.if-match', /missing/, null],
  ['PATCH', `/users/${taken}/assignments/${assignment}`, { ExpirationDate: 'soon' }, 400, 'ExpirationDate', /date/],
  ['DELETE', `/users/${taken}/assignments/999999`, undefined, 404, undefined, /no assignment/],
  ['POST', '/custom-fields', { Name: 'Cost', Type: 'text' }, 422, 'Name', /__c/],
  ['POST', '/custom-fields', { Name: 'Title__c', Type: 'text' }, 422, 'Name', /standard field/],
  ['POST', '/custom-fields', { Name: 'grade__c', Type: 'text' }, 409, 'Name', /exists/],
  ['POST', '/custom-fields', { Name: 'X__c', Type: 'money' }, 400, 'Type', /"text"/],
  ['POST', '/custom-fields', { Name: 'X__c', Type: 'picklist' }, 422, 'PicklistValues', /missing/],
  ['POST', '/custom-fields', { Name: 'X__c', Type: 'number', Length: 5 }, 422, 'Length', /no meaning/],
  ['POST', '/custom-fields', { Name: 'X__c', Type: 'text', Length: 0 }, 422, 'Length', /from 1/],
  ['PATCH', '/custom-fields/Grade__c', { Type: 'text' }, 409, 'Type', /cannot be changed/],
  ['DELETE', '/custom-fields/Team__c', undefined, 409, 'query.deleteValues', /1 user has/],
  ['DELETE', '/custom-fields/None__c', undefined, 404, undefined, /no custom field/],
  ['PATCH', '/organization', { TimeZoneSidKey: 'x' }, 422, 'TimeZoneSidKey', /time zone/],
  ['PATCH', '/organization', { LocaleSidKey: 'de_DE' }, 428, 'header.if-match', /missing/, null],
  ['PATCH', '/organization', { Zone: 'x' }, 400, 'Zone', /not known/],
];

test('Every wrong request gets an error of its own that names the field and the fix, and nothing changes', async (t) => {
  const before = await dir.snapshot();
  for (const [method, path, body, status, field, text, ifMatch = '*'] of cases()) {
    const shown = JSON.stringify(body ?? '').slice(0, 90);
    await t.test(`${method} ${path} ${shown} ${ifMatch ?? 'without If-Match'}: ${status}`, async () => {
      const answer = await dir.send(method, `/api/v1${path}`, {
        body,
        headers: ifMatch === null || method === 'GET' ? {} : { 'if-match': ifMatch },
      });
      assert.equal(answer.status, status, answer.text);
      if (field !== undefined) {
        const found = answer.json.errors.find((error: { field: string }) => error.field === field);
        assert.ok(found, `no problem of ${field}: ${answer.text}`);
        assert.match(`${found.problem}. ${found.fix}`, text);
        assert.ok(found.fix.length > 3);
      } else assert.match(answer.json.detail, text);
    });
  }
  assert.equal(await dir.snapshot(), before);
});
