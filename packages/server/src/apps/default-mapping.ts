import type { AccountSchema, AttributeSchema } from '@usher/connector-sdk';
import { findAttribute, type MappingRule, rootOf } from '../mapping/index.ts';

const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

interface Proposal {
  target: string;
  formula: string;
  /** Accounts are not usable without it anywhere, whatever a schema says. */
  required?: true;
  option?: keyof ProposalOptions;
}

/**
 * The common SCIM target (RFC 7643 §4.1, §4.3). Salesforce writes `de_DE` where SCIM wants the language tag `de-DE`;
 * its time zones are IANA names already.
 */
const PROPOSALS: readonly Proposal[] = [
  { target: 'userName', formula: 'Username', required: true },
  { target: 'externalId', formula: 'Id' },
  { target: 'name.givenName', formula: 'FirstName' },
  { target: 'name.familyName', formula: 'LastName' },
  { target: 'displayName', formula: 'Name' },
  { target: 'emails[type eq "work"].value', formula: 'Email' },
  { target: 'title', formula: 'Title' },
  { target: 'phoneNumbers[type eq "work"].value', formula: 'Phone' },
  { target: 'preferredLanguage', formula: 'SUBSTITUTE(LanguageLocaleKey, "_", "-")' },
  { target: 'locale', formula: 'SUBSTITUTE(LocaleSidKey, "_", "-")' },
  { target: 'timezone', formula: 'TimeZoneSidKey' },
  { target: `${ENTERPRISE}:employeeNumber`, formula: 'EmployeeNumber' },
  { target: `${ENTERPRISE}:organization`, formula: 'CompanyName' },
  { target: `${ENTERPRISE}:division`, formula: 'Division' },
  { target: `${ENTERPRISE}:department`, formula: 'Department' },
  { target: `${ENTERPRISE}:manager.value`, formula: 'Manager.RemoteId' },
  { target: 'roles', formula: 'PermissionSetGroups', option: 'roles' },
];

/**
 * What other targets than SCIM's call the same, written without case and signs: columns of tables, attributes of
 * directories (RFC 4519, RFC 2798) and of connectors. Only names that can hardly mean anything else.
 */
const FIELD_NAMES: Readonly<Record<string, readonly string[]>> = {
  Username: ['username', 'userprincipalname', 'login', 'loginname'],
  CommunityNickname: ['uid', 'samaccountname'],
  Email: ['email', 'emailaddress', 'mail', 'workemail', 'primaryemail'],
  FirstName: ['firstname', 'givenname'],
  MiddleName: ['middlename'],
  LastName: ['lastname', 'surname', 'familyname', 'sn'],
  Name: ['fullname', 'displayname', 'cn', 'commonname'],
  Title: ['title', 'jobtitle'],
  Department: ['department', 'departmentname'],
  Division: ['division'],
  CompanyName: ['company', 'companyname', 'organization', 'organisation'],
  EmployeeNumber: ['employeenumber', 'employeeid', 'personnelnumber', 'staffnumber'],
  Phone: ['phone', 'phonenumber', 'telephone', 'telephonenumber', 'workphone'],
  MobilePhone: ['mobile', 'mobilephone', 'cellphone'],
};
const FIELD_BY_NAME = new Map(
  Object.entries(FIELD_NAMES).flatMap(([field, names]) => names.map((name) => [name, field] as const)),
);

export interface ProposalOptions {
  /** The names of the user's permission set groups as the account's roles; undefined: where the target takes any. */
  roles?: boolean | undefined;
}

export interface MappingProposal {
  mapping: MappingRule[];
  /** What finds existing accounts where the standard's userName and externalId are not; undefined: these do. */
  correlation?: { matchingAttributes: string[] } | undefined;
  /** What the target requires and the directory has no usual field for: an administrator decides. */
  missing: string[];
}

/** The mapping that a new app begins with: what the target knows of it, required where the target requires it. */
export function proposeMapping(schema: AccountSchema | undefined, options: ProposalOptions): MappingProposal {
  const wanted: Record<keyof ProposalOptions, boolean> = { roles: options.roles ?? takesAnyRole(schema) };
  const mapping = PROPOSALS.filter(({ option }) => option === undefined || wanted[option]).flatMap((proposal) => {
    const attribute = schema && findAttribute(schema, proposal.target);
    // A target that speaks of its attributes knows no others; one that says nothing takes the standard's.
    if (schema && (!attribute || attribute.mutability === 'readOnly')) return [];
    return [buildRule(proposal, attribute, schema)];
  });
  mapping.push(...proposeByName(schema, mapping));
  const given = new Set(mapping.map(({ target }) => rootOf(target)));
  const missing = (schema?.attributes ?? [])
    .filter(
      ({ required, mutability, path }) => required && mutability !== 'readOnly' && path.toLowerCase() !== 'active',
    )
    .map(({ path }) => path)
    .filter((path) => rootOf(path) === path.toLowerCase() && !given.has(path.toLowerCase()));
  const matchingAttributes = proposeMatching(mapping, schema);
  return matchingAttributes.length > 0
    ? { mapping, missing, correlation: { matchingAttributes } }
    : { mapping, missing };
}

/** Sources whose values belong to one person, the surest first. */
const IDENTIFYING = ['Username', 'Email', 'EmployeeNumber', 'CommunityNickname'];

/** What the target keeps unique finds an account best; else an address or a name to sign in with. */
function proposeMatching(mapping: readonly MappingRule[], schema: AccountSchema | undefined): string[] {
  const standard = (target: string) => /^(username|externalid)$/i.test(target);
  if (mapping.some(({ target }) => standard(target))) return [];
  const candidates = IDENTIFYING.flatMap((field) => mapping.filter(({ formula }) => formula === field));
  const unique = candidates.filter(({ target }) => {
    const uniqueness = schema && findAttribute(schema, target)?.uniqueness;
    return uniqueness !== undefined && uniqueness !== 'none';
  });
  return (unique.length > 0 ? unique : candidates.slice(0, 1)).map(({ target }) => target);
}

/** Rules for the texts of a target that are called as fields of the directory are, each field once. */
function proposeByName(schema: AccountSchema | undefined, known: readonly MappingRule[]): MappingRule[] {
  const given = new Set(known.map(({ target }) => target.toLowerCase()));
  const used = new Set(known.map(({ formula }) => formula));
  return (schema?.attributes ?? []).flatMap((attribute) => {
    const { path, type, mutability } = attribute;
    const isWritable = mutability === 'readWrite' || mutability === 'immutable';
    if (type !== 'text' || !isWritable || given.has(path.toLowerCase()) || !/^[\w -]+$/.test(path)) return [];
    const formula = FIELD_BY_NAME.get(path.toLowerCase().replace(/[^a-z0-9]/g, ''));
    // Another attribute for the same field is proposed only where the target cannot do without it.
    if (!formula || (used.has(formula) && !attribute.required)) return [];
    used.add(formula);
    return [buildRule({ target: path, formula }, attribute, schema)];
  });
}

/** Only a target that says itself that it has roles, and does not name which, is certain to take the names of groups. */
function takesAnyRole(schema: AccountSchema | undefined): boolean {
  if (!schema || schema.source === 'default') return false;
  const roles = findAttribute(schema, 'roles');
  const names = [roles, findAttribute(schema, 'roles.value')].flatMap((attribute) => attribute?.canonicalValues ?? []);
  return roles?.multiValued === true && names.length === 0;
}

function buildRule(
  { target, formula, required }: Proposal,
  attribute: AttributeSchema | undefined,
  schema: AccountSchema | undefined,
): MappingRule {
  const isRequired = (required || isRequiredBy(schema, target)) ?? false;
  const apply = attribute?.mutability === 'immutable' ? 'on create' : 'always';
  return { target, formula, required: isRequired, apply, blank: 'clear' };
}

function isRequiredBy(schema: AccountSchema | undefined, target: string): boolean | undefined {
  const root = rootOf(target);
  return schema?.attributes.some(({ path, required }) => required && path.toLowerCase() === root);
}
