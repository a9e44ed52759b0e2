/** What an administrator sets for an LDAP app. Absent ones have the defaults of {@link ldapOptionsSchema}. */
export interface LdapOptions {
  base: string;
  objectClasses: string[];
  nameAttribute: string;
  idAttribute: string;
  uniqueAttributes: string[];
  multiValued: string[];
  disableBy: 'attribute' | 'move' | 'userAccountControl';
  disableAttribute: string;
  disabledValue: string;
  enabledValue?: string;
  formerBase?: string;
  groupBase?: string;
  groupClass: string;
  groupNameAttribute: string;
  memberAttribute: string;
  memberIs: 'dn' | 'name';
}

const attributeName = '^[A-Za-z][A-Za-z0-9-]{0,99}$';
const distinguishedName = '^[A-Za-z][A-Za-z0-9.-]*=.+$';

const dn = (title: string, description: string) => ({
  title,
  description,
  type: 'string',
  pattern: distinguishedName,
  maxLength: 1000,
});
const name = (title: string, description: string, value: string) => ({
  title,
  description,
  type: 'string',
  pattern: attributeName,
  default: value,
});
const names = (title: string, description: string, value: string[]) => ({
  title,
  description,
  type: 'array',
  items: { type: 'string', pattern: attributeName },
  maxItems: 50,
  default: value,
});

/** JSON Schema of {@link LdapOptions}; it drives the options form. */
export const ldapOptionsSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  additionalProperties: false,
  required: ['base'],
  properties: {
    base: dn(
      'Accounts are below',
      'The entry below which accounts are found and created: ou=people,dc=example,dc=com.',
    ),
    objectClasses: {
      ...names('Object classes', 'Of a new entry; the last one tells accounts from other entries.', ['inetOrgPerson']),
      minItems: 1,
    },
    nameAttribute: name('Named by', 'The attribute in the name of an entry: uid=…; map it, for it is required.', 'uid'),
    idAttribute: name(
      'Identified by',
      'The operational attribute that the server gives an entry once and for all.',
      'entryUUID',
    ),
    uniqueAttributes: names(
      'Unique attributes',
      'Which values the server keeps unique: looked at when it refuses a value without saying why.',
      ['uid', 'mail'],
    ),
    multiValued: names('Attributes with several values', 'Read and written as lists; every other one is a text.', []),
    disableBy: {
      title: 'Disable by',
      description: 'Setting an attribute, moving the entry elsewhere, or the flag of Active Directory.',
      enum: ['attribute', 'move', 'userAccountControl'],
      default: 'attribute',
    },
    disableAttribute: name('Attribute that disables', 'Set when an account is deactivated.', 'pwdAccountLockedTime'),
    disabledValue: {
      title: 'Its value when disabled',
      description: '000001010000Z is a lock for good by the password policy of OpenLDAP.',
      type: 'string',
      minLength: 1,
      maxLength: 500,
      default: '000001010000Z',
    },
    enabledValue: {
      title: 'Its value when enabled',
      description: 'Absent: the attribute is taken away.',
      type: 'string',
      minLength: 1,
      maxLength: 500,
    },
    formerBase: dn('Disabled accounts are below', 'Where entries are moved, if that disables them.'),
    groupBase: dn('Groups are below', 'With it the account attribute "groups" is a list of the names of groups there.'),
    groupClass: name(
      'Object class of groups',
      'groupOfNames, groupOfUniqueNames, posixGroup or group.',
      'groupOfNames',
    ),
    groupNameAttribute: name('Groups are named by', 'The attribute that holds the name of a group.', 'cn'),
    memberAttribute: name('Members are in', 'member, uniqueMember or memberUid.', 'member'),
    memberIs: {
      title: 'A member is',
      description: 'The DN of the account, or the value that it is named by (memberUid).',
      enum: ['dn', 'name'],
      default: 'dn',
    },
  },
} as const;
