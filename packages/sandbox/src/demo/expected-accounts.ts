import { listHolders, type SampleOrg, type SampleUser } from '../sample-org/sample-user.ts';
import type { ScimRecord, ScimValue } from '../scim-store.ts';

const enterpriseUrn = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

interface Expected {
  user: SampleUser;
  active: boolean;
  /** Whose account the manager attribute points at: nobody's while the manager has none. */
  manager: number | undefined;
}

/**
 * What the target must hold, told from the sample org alone and in words of its own: whoever holds the permission set has an
 * active account with what the org says of them; whoever held it has an inactive one, as it was when they lost it.
 *
 * People are known by their place in the org's list, which a new name does not change.
 */
export class ExpectedAccounts {
  readonly #permissionSet: string;
  readonly #expected = new Map<number, Expected>();

  constructor(permissionSet: string) {
    this.#permissionSet = permissionSet;
  }

  get size(): number {
    return this.#expected.size;
  }

  get activeCount(): number {
    return [...this.#expected.values()].filter(({ active }) => active).length;
  }

  /** The org has come to this state, and the target has had time to follow. */
  follow(org: SampleOrg): void {
    const holders = new Set(listHolders(org, this.#permissionSet));
    const placeOf = new Map(org.users.map(({ Username }, place) => [Username, place]));
    for (const [place, user] of org.users.entries()) {
      if (holders.has(user)) this.#expected.set(place, { user, active: true, manager: undefined });
    }
    for (const [place, expected] of this.#expected) {
      const user = org.users[place] as SampleUser;
      if (!holders.has(user)) expected.active = false;
      else expected.manager = this.#findManager(placeOf.get(user.Manager));
    }
  }

  /** Differences between what must be there and what is; `ids` are the directory's own, by Username. */
  compare(accounts: readonly ScimRecord[], ids: ReadonlyMap<string, string>): string[] {
    const byName = new Map(accounts.map((account) => [String(account['userName']), account]));
    const differences: string[] = [];
    for (const expected of this.#expected.values()) {
      const { Username } = expected.user;
      const account = byName.get(Username);
      byName.delete(Username);
      if (!account) differences.push(`${Username} has no account`);
      else differences.push(...compareAccount(account, this.#describe(expected, ids, accounts)));
    }
    for (const name of byName.keys()) differences.push(`${name} has an account and nobody should`);
    if (accounts.length !== new Set(accounts.map(({ id }) => id)).size) differences.push('two accounts have one id');
    return differences;
  }

  #findManager(place: number | undefined): number | undefined {
    return place !== undefined && this.#expected.has(place) ? place : undefined;
  }

  #describe(
    { user, active, manager }: Expected,
    ids: ReadonlyMap<string, string>,
    accounts: readonly ScimRecord[],
  ): Record<string, ScimValue | undefined> {
    const managerName = manager === undefined ? undefined : this.#expected.get(manager)?.user.Username;
    const managerId = accounts.find(({ userName }) => userName === managerName)?.id;
    return {
      userName: user.Username,
      externalId: ids.get(user.Username),
      active,
      'name.givenName': user.FirstName,
      'name.familyName': user.LastName,
      displayName: user.FirstName === '' ? user.LastName : `${user.FirstName} ${user.LastName}`,
      emails: [`work ${user.Email}`],
      title: user.Title,
      phoneNumbers: user.Phone === '' ? [] : [`work ${user.Phone}`],
      preferredLanguage: user.LanguageLocaleKey.replaceAll('_', '-'),
      locale: user.LocaleSidKey.replaceAll('_', '-'),
      timezone: user.TimeZoneSidKey,
      roles: [...user.PermissionSetGroups].sort().map((name) => `untyped ${name}`),
      [`${enterpriseUrn}.employeeNumber`]: user.EmployeeNumber,
      [`${enterpriseUrn}.organization`]: user.CompanyName,
      [`${enterpriseUrn}.division`]: user.Division,
      [`${enterpriseUrn}.department`]: user.Department,
      [`${enterpriseUrn}.manager.value`]: managerId,
    };
  }
}

function compareAccount(account: ScimRecord, expected: Record<string, ScimValue | undefined>): string[] {
  const { id: _id, meta: _meta, schemas: _schemas, ...attributes } = account;
  const actual = flatten(attributes);
  const paths = new Set([...Object.keys(expected), ...Object.keys(actual)]);
  return [...paths].flatMap((path) => {
    const [wanted, found] = [show(expected[path]), show(actual[path])];
    return wanted === found ? [] : [`${account['userName']}: ${path} is ${found} and should be ${wanted}`];
  });
}

/** Attributes by their path; the elements of a list as `type value`, sorted, for their order means nothing. */
function flatten(record: { [name: string]: ScimValue }, prefix = ''): Record<string, ScimValue> {
  return Object.fromEntries(
    Object.entries(record).flatMap(([name, value]) => {
      if (Array.isArray(value)) return [[prefix + name, value.map(showElement).sort()]];
      if (value === null || typeof value !== 'object') return [[prefix + name, value]];
      return Object.entries(flatten(value, `${prefix}${name}.`));
    }),
  );
}

function showElement(element: ScimValue): string {
  const { type = 'untyped', value } = element as { type?: string; value?: string };
  return `${type} ${value}`;
}

function show(value: ScimValue | undefined): string {
  const isBlank = value === undefined || value === '' || (Array.isArray(value) && value.length === 0);
  return isBlank ? 'blank' : JSON.stringify(value);
}
