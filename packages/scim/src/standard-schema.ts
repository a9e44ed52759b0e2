import type { JsonObject } from './json.ts';
import { flattenSchema, type ScimAttribute } from './schema-attributes.ts';
import { enterpriseUrn1, enterpriseUserUrn } from './schema-urns.ts';

const text = (name: string, more: JsonObject = {}): JsonObject => ({ name, type: 'string', ...more });
const element = (name: string, types: string[], subs: JsonObject[]): JsonObject => ({
  name,
  type: 'complex',
  multiValued: true,
  subAttributes: [...subs, text('type', { canonicalValues: types }), { name: 'primary', type: 'boolean' }],
});
const addressParts = ['formatted', 'streetAddress', 'locality', 'region', 'postalCode', 'country'];
const nameParts = ['formatted', 'familyName', 'givenName', 'middleName', 'honorificPrefix', 'honorificSuffix'];

/** RFC 7643 §4.1, in the words of its own schema definitions (§8.7.1), without descriptions. */
const coreUser: JsonObject = {
  attributes: [
    text('userName', { required: true, uniqueness: 'server' }),
    text('externalId', { caseExact: true }),
    { name: 'active', type: 'boolean' },
    { name: 'name', type: 'complex', subAttributes: nameParts.map((part) => text(part)) },
    ...['displayName', 'nickName'].map((name) => text(name)),
    { name: 'profileUrl', type: 'reference' },
    ...['title', 'userType', 'preferredLanguage', 'locale', 'timezone'].map((name) => text(name)),
    text('password', { mutability: 'writeOnly', returned: 'never' }),
    element('emails', ['work', 'home', 'other'], [text('value')]),
    element('phoneNumbers', ['work', 'home', 'mobile', 'fax', 'pager', 'other'], [text('value')]),
    element('ims', ['aim', 'gtalk', 'icq', 'xmpp', 'msn', 'skype', 'qq', 'yahoo'], [text('value')]),
    element('photos', ['photo', 'thumbnail'], [{ name: 'value', type: 'reference' }]),
    element(
      'addresses',
      ['work', 'home', 'other'],
      addressParts.map((part) => text(part)),
    ),
    ...['entitlements', 'roles'].map((name) => element(name, [], [text('value'), text('display')])),
    element('x509Certificates', [], [{ name: 'value', type: 'binary' }]),
    { ...element('groups', [], [text('value')]), mutability: 'readOnly' },
  ],
};

const organisation = ['employeeNumber', 'costCenter', 'organization', 'division', 'department'];

/** RFC 7643 §4.3. */
const enterpriseUser: JsonObject = {
  attributes: [
    ...organisation.map((name) => text(name)),
    {
      name: 'manager',
      type: 'complex',
      subAttributes: [
        text('value'),
        { name: '$ref', type: 'reference' },
        text('displayName', { mutability: 'readOnly' }),
      ],
    },
  ],
};

const enterpriseUser1: JsonObject = {
  attributes: [
    ...organisation.map((name) => text(name)),
    { name: 'manager', type: 'complex', subAttributes: [text('managerId'), text('displayName')] },
  ],
};

const flat = new Map<string, ScimAttribute[]>();

/** What a user of the standard has: RFC 7643's core and enterprise schemas, or SCIM 1.1's. For targets that do not say. */
export function buildStandardUserSchema(version: '2.0' | '1.1'): ScimAttribute[] {
  const known = flat.get(version);
  if (known !== undefined) return known;
  const extension =
    version === '2.0'
      ? flattenSchema(enterpriseUser, enterpriseUserUrn)
      : flattenSchema(enterpriseUser1, enterpriseUrn1);
  const built = [...flattenSchema(coreUser, ''), ...extension];
  flat.set(version, built);
  return built;
}
