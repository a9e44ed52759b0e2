import type { JsonObject } from './json.ts';

export const USER_URN = 'urn:ietf:params:scim:schemas:core:2.0:User';
export const GROUP_URN = 'urn:ietf:params:scim:schemas:core:2.0:Group';
export const ENTERPRISE_URN = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
export const CORE_URN_V1 = 'urn:scim:schemas:core:1.0';
export const ENTERPRISE_URN_V1 = 'urn:scim:schemas:extension:enterprise:1.0';
export const PATCH_URN = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';
export const LIST_URN = 'urn:ietf:params:scim:api:messages:2.0:ListResponse';
export const ERROR_URN = 'urn:ietf:params:scim:api:messages:2.0:Error';
export const BULK_URN = 'urn:ietf:params:scim:api:messages:2.0:BulkRequest';
export const BULK_RESPONSE_URN = 'urn:ietf:params:scim:api:messages:2.0:BulkResponse';
export const SEARCH_URN = 'urn:ietf:params:scim:api:messages:2.0:SearchRequest';

export type AttributeType =
  | 'string'
  | 'boolean'
  | 'integer'
  | 'decimal'
  | 'dateTime'
  | 'reference'
  | 'binary'
  | 'complex';

/** One attribute as RFC 7643 section 7 describes it. */
export interface AttributeDefinition {
  name: string;
  type: AttributeType;
  multiValued: boolean;
  required: boolean;
  caseExact: boolean;
  mutability: 'readWrite' | 'readOnly' | 'immutable' | 'writeOnly';
  returned: 'default' | 'always' | 'never' | 'request';
  uniqueness: 'none' | 'server' | 'global';
  description: string;
  subAttributes: AttributeDefinition[];
}

/** The attributes of one kind of record: the core ones and those of each extension, by URN. */
export interface RecordSchema {
  core: AttributeDefinition[];
  coreUrn: string;
  extensions: Map<string, AttributeDefinition[]>;
}

type Traits = Partial<Omit<AttributeDefinition, 'name' | 'type'>>;

function attribute(name: string, type: AttributeType = 'string', traits: Traits = {}): AttributeDefinition {
  return {
    name,
    type,
    multiValued: false,
    required: false,
    caseExact: type === 'reference' || type === 'binary',
    mutability: 'readWrite',
    returned: 'default',
    uniqueness: 'none',
    description: `The ${name} of the record.`,
    subAttributes: [],
    ...traits,
  };
}

const complex = (name: string, subAttributes: AttributeDefinition[], traits: Traits = {}) =>
  attribute(name, 'complex', { subAttributes, ...traits });

const strings = (...names: string[]) => names.map((name) => attribute(name));

/** RFC 7643 section 2.4: the sub-attributes that a multi-valued attribute has by default. */
const plural = (name: string, valueType: AttributeType = 'string', traits: Traits = {}) =>
  complex(name, [attribute('value', valueType), ...strings('display', 'type'), attribute('primary', 'boolean')], {
    multiValued: true,
    ...traits,
  });

const READ_ONLY: Traits = { mutability: 'readOnly' };

const common = [
  attribute('id', 'string', { ...READ_ONLY, caseExact: true, returned: 'always', uniqueness: 'server' }),
  attribute('externalId', 'string', { caseExact: true }),
  complex(
    'meta',
    [
      attribute('resourceType', 'string', { ...READ_ONLY, caseExact: true }),
      attribute('created', 'dateTime', READ_ONLY),
      attribute('lastModified', 'dateTime', READ_ONLY),
      attribute('location', 'reference', READ_ONLY),
      attribute('version', 'string', { ...READ_ONLY, caseExact: true }),
    ],
    READ_ONLY,
  ),
];

const addressParts = strings('formatted', 'streetAddress', 'locality', 'region', 'postalCode', 'country', 'type');

const user: AttributeDefinition[] = [
  ...common,
  attribute('userName', 'string', { required: true, uniqueness: 'server' }),
  complex('name', strings('formatted', 'familyName', 'givenName', 'middleName', 'honorificPrefix', 'honorificSuffix')),
  ...strings('displayName', 'nickName', 'title', 'userType', 'preferredLanguage', 'locale', 'timezone'),
  attribute('profileUrl', 'reference'),
  attribute('active', 'boolean'),
  attribute('password', 'string', { mutability: 'writeOnly', returned: 'never', caseExact: true }),
  plural('emails'),
  plural('phoneNumbers'),
  plural('ims'),
  plural('photos', 'reference'),
  complex('addresses', [...addressParts, attribute('primary', 'boolean')], { multiValued: true }),
  complex(
    'groups',
    [attribute('value'), attribute('$ref', 'reference'), ...strings('display', 'type')].map((sub) => ({
      ...sub,
      ...READ_ONLY,
    })),
    { multiValued: true, ...READ_ONLY },
  ),
  plural('entitlements'),
  plural('roles'),
  plural('x509Certificates', 'binary'),
];

const enterprise = (managerId: string): AttributeDefinition[] => [
  ...strings('employeeNumber', 'costCenter', 'organization', 'division', 'department'),
  complex('manager', [
    attribute(managerId, 'string', { caseExact: true }),
    attribute('$ref', 'reference'),
    attribute('displayName', 'string', READ_ONLY),
  ]),
];

const group: AttributeDefinition[] = [
  ...common,
  attribute('displayName', 'string', { required: true }),
  complex(
    'members',
    [attribute('value', 'string', { caseExact: true }), attribute('$ref', 'reference'), ...strings('type', 'display')],
    { multiValued: true },
  ),
];

/**
 * The schema that users have at a target of a SCIM version, with more extensions by URN as the profile declares them
 * (attribute names only; such attributes take any JSON value).
 */
export function userSchema(scimVersion: '2.0' | '1.1', extensions: Record<string, string[]> = {}): RecordSchema {
  const isV1 = scimVersion === '1.1';
  const known = new Map([
    isV1 ? [ENTERPRISE_URN_V1, enterprise('managerId')] : [ENTERPRISE_URN, enterprise('value')],
  ] as [string, AttributeDefinition[]][]);
  for (const [urn, names] of Object.entries(extensions)) known.set(urn, strings(...names));
  return { core: user, coreUrn: isV1 ? CORE_URN_V1 : USER_URN, extensions: known };
}

export function groupSchema(scimVersion: '2.0' | '1.1'): RecordSchema {
  return { core: group, coreUrn: scimVersion === '1.1' ? CORE_URN_V1 : GROUP_URN, extensions: new Map() };
}

export function findAttribute(definitions: AttributeDefinition[], name: string): AttributeDefinition | undefined {
  const wanted = name.toLowerCase();
  return definitions.find((definition) => definition.name.toLowerCase() === wanted);
}

/** An attribute as the document of RFC 7643 section 7 spells it. */
export function describeAttribute(definition: AttributeDefinition): JsonObject {
  const { subAttributes, ...traits } = definition;
  return subAttributes.length === 0
    ? { ...traits }
    : { ...traits, subAttributes: subAttributes.map(describeAttribute) };
}
