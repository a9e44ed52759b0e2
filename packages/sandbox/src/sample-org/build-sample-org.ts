import { type Department, departments, type Office, offices } from './departments.ts';
import { edgeUsers } from './edge-users.ts';
import { collaborationAccess, permissionSetGroups, permissionSets, profiles } from './grants.ts';
import { pickName, toAsciiName } from './people-names.ts';
import type { SampleOrg, SampleUser } from './sample-user.ts';
import { createSeededRandom, type SeededRandom } from './seeded-random.ts';

const seed = 20_260_105;
const teamSize = 10;
const inactiveMembers = 24;

interface Builder {
  random: SeededRandom;
  users: SampleUser[];
  takenUsernames: Set<string>;
  takenNicknames: Set<string>;
}

/** The sample org: some 1,550 people of one invented company. Always the same. */
export function buildSampleOrg(): SampleOrg {
  const builder = createBuilder(seed);
  for (const { Username } of edgeUsers) builder.takenUsernames.add(Username);
  const heads = addHeadsOfDivisions(builder);
  const members = departments.flatMap((department) => addDepartment(builder, department, heads));
  addEdgeUsers(builder);
  leaveSomeInactive(builder, members);
  return {
    // Shuffled: a file from a real directory lists many a person before their manager.
    users: builder.random.shuffle(builder.users),
    profiles,
    permissionSets,
    permissionSetGroups,
  };
}

export function createBuilder(builderSeed: number): Builder {
  return {
    random: createSeededRandom(builderSeed),
    users: [],
    takenUsernames: new Set(),
    takenNicknames: new Set(['o']),
  };
}

/** One more person in a department, as an ordinary member of it. */
export function addPerson(
  builder: Builder,
  department: Pick<Department, 'division' | 'name' | 'profile' | 'permissionSetGroup' | 'costCenter' | 'offices'>,
  more: Partial<SampleUser>,
): SampleUser {
  const { random } = builder;
  const office: Office = offices[random.pick(department.offices)];
  const { cultures, phonePrefix, ...place } = office;
  const name = pickName(random.pick(cultures), random.pick);
  const form = random.chance(0.03) ? 'NFD' : 'NFC';
  const isMononym = random.chance(0.004);
  const latinGiven = isMononym ? '' : toAsciiName(name.latinGiven);
  const latinFamily = toAsciiName(name.latinFamily);
  const localPart = takeLocalPart(builder, [latinGiven, latinFamily].filter((part) => part !== '').join('.'));
  const number = String(builder.users.length + 1).padStart(5, '0');
  const person: SampleUser = {
    Username: `${localPart}@example.com`,
    FirstName: isMononym ? '' : name.given.normalize(form),
    LastName: name.family.normalize(form),
    Email: random.chance(0.02) ? `${capitalize(localPart)}@Example.com` : `${localPart}@example.com`,
    Alias: `${latinGiven.slice(0, 1)}${latinFamily}`.replace(/[^a-z]/g, '').slice(0, 8),
    CommunityNickname: takeNickname(builder, localPart),
    Title: '',
    Department: department.name,
    Division: department.division,
    CompanyName: 'Example Corp',
    EmployeeNumber: number,
    Phone: random.chance(0.1) ? '' : `${phonePrefix} ${String(random.int(10_000)).padStart(4, '0')}`,
    MobilePhone: random.chance(0.4) ? '' : `${phonePrefix} ${String(random.int(1_000_000)).padStart(6, '0')}`,
    ...place,
    PostalCode: random.chance(0.03) ? '' : place.PostalCode,
    FederationIdentifier: random.chance(0.15) ? '' : `idp|${number}`,
    IsActive: true,
    Profile: department.profile,
    Manager: '',
    PermissionSets: [],
    PermissionSetGroups: [department.permissionSetGroup],
    CostCenter__c: `${department.costCenter}-${number.slice(-2)}`,
    StartDate__c: pickDate(random, 2008, 2025),
    ...more,
  };
  builder.users.push(person);
  return person;
}

function addHeadsOfDivisions(builder: Builder): Map<string, SampleUser> {
  const office = {
    name: 'Executive Office',
    profile: 'Executive',
    permissionSetGroup: 'Office_Toolkit',
    costCenter: '1000',
    offices: ['newYork', 'sanFrancisco', 'dublin', 'munich'] as Department['offices'],
  };
  const chief = addPerson(
    builder,
    { ...office, division: '' },
    { Title: 'Chief Executive Officer', Profile: 'System Administrator' },
  );
  const divisions = [...new Set(departments.map(({ division }) => division))];
  return new Map(
    divisions.map((division) => [
      division,
      addPerson(
        builder,
        { ...office, division },
        {
          Title: `Vice President, ${division}`,
          Manager: chief.Username,
          PermissionSetGroups: ['Office_Toolkit', 'People_Leader'],
        },
      ),
    ]),
  );
}

/** Gives back those who lead nobody. */
function addDepartment(builder: Builder, department: Department, heads: Map<string, SampleUser>): SampleUser[] {
  const { random } = builder;
  const head = addPerson(builder, department, {
    Title: `Head of ${department.name}`,
    Manager: heads.get(department.division)?.Username ?? '',
    PermissionSets: leaderSets(department),
    PermissionSetGroups: [department.permissionSetGroup, 'People_Leader'],
  });
  const leads = Array.from({ length: Math.ceil((department.size - 1) / (teamSize + 1)) }, (_, index) =>
    addPerson(builder, department, {
      Title: `Team Lead ${index + 1}, ${department.name}`.slice(0, 80),
      Manager: head.Username,
      PermissionSets: leaderSets(department),
      PermissionSetGroups: [department.permissionSetGroup, 'People_Leader'],
    }),
  );
  return Array.from({ length: department.size - 1 - leads.length }, (_, index) =>
    addPerson(builder, department, {
      Title: random.pick(department.titles),
      Manager: leads[index % leads.length]?.Username ?? head.Username,
      PermissionSets: random.chance(0.1)
        ? [random.pick(['Vpn_Access', 'Travel_Booking', collaborationAccess, 'Incident_Response'])]
        : [],
      ...(random.chance(0.05) ? contractor(random) : {}),
    }),
  );
}

/** A support lead works with everybody else's tools before the agents do. */
function leaderSets(department: Department): string[] {
  return department.permissionSetGroup === 'Support_Toolkit' ? [collaborationAccess, 'Ticketing_Supervisor'] : [];
}

function contractor(random: SeededRandom): Partial<SampleUser> {
  return {
    Profile: 'Contractor',
    CompanyName: random.pick([
      'Agenturhaus Müller & Söhne GmbH',
      'Temps, Inc.',
      'Consultoría "Ñandú" S.A.',
      '株式会社サンプル',
    ]),
    EmployeeNumber: random.chance(0.5) ? '' : `C-${String(random.int(100_000)).padStart(5, '0')}`,
    PermissionSets: random.pick([[], ['Vpn_Access'], [collaborationAccess], [collaborationAccess, 'Vpn_Access']]),
    PermissionSetGroups: [],
  };
}

function addEdgeUsers(builder: Builder): void {
  for (const edge of edgeUsers) {
    const department = departments.find(({ name }) => name === edge.Department);
    if (department === undefined)
      throw new Error(`an edge user names the department '${edge.Department}', which is none`);
    const lead = builder.users.find(
      (user) => user.Department === edge.Department && user.Title.startsWith('Team Lead'),
    );
    const person = { Title: department.titles[0] ?? '', Manager: lead?.Username ?? '', Email: edge.Username, ...edge };
    addPerson(builder, department, person);
  }
}

/** Some left long ago; one of them was somebody's lead, whose reports still name them. */
function leaveSomeInactive(builder: Builder, members: SampleUser[]): void {
  const left = builder.random.shuffle(members).slice(0, inactiveMembers);
  const lead = builder.users.find((user) => user.Title === 'Team Lead 2, Quality Engineering');
  for (const user of [...left, ...(lead ? [lead] : [])]) user.IsActive = false;
}

function takeLocalPart(builder: Builder, wanted: string): string {
  for (let suffix = 1; ; suffix += 1) {
    const localPart = suffix === 1 ? wanted : `${wanted}${suffix}`;
    const username = `${localPart}@example.com`;
    if (builder.takenUsernames.has(username)) continue;
    builder.takenUsernames.add(username);
    return localPart;
  }
}

function takeNickname(builder: Builder, localPart: string): string {
  const nickname = localPart.slice(0, 40);
  if (builder.takenNicknames.has(nickname)) throw new Error(`the nickname '${nickname}' is taken`);
  builder.takenNicknames.add(nickname);
  return nickname;
}

function pickDate(random: SeededRandom, firstYear: number, lastYear: number): string {
  const pad = (part: number) => String(part).padStart(2, '0');
  return `${firstYear + random.int(lastYear - firstYear + 1)}-${pad(1 + random.int(12))}-${pad(1 + random.int(28))}`;
}

function capitalize(localPart: string): string {
  return localPart.replace(
    /(^|[.'-])([a-z])/g,
    (_, before: string, letter: string) => `${before}${letter.toUpperCase()}`,
  );
}
