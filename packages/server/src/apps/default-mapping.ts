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

export interface ProposalOptions {
  /** The names of the user's permission set groups as the account's roles; undefined: where the target takes any. */
  roles?: boolean | undefined;
}

export interface MappingProposal {
  mapping: MappingRule[];
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
  const given = new Set(mapping.map(({ target }) => rootOf(target)));
  const missing = (schema?.attributes ?? [])
    .filter(
      ({ required, mutability, path }) => required && mutability !== 'readOnly' && path.toLowerCase() !== 'active',
    )
    .map(({ path }) => path)
    .filter((path) => rootOf(path) === path.toLowerCase() && !given.has(path.toLowerCase()));
  return { mapping, missing };
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
