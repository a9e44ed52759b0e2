import { addPerson, createBuilder } from './build-sample-org.ts';
import { type Department, departments } from './departments.ts';
import { edgeUsers } from './edge-users.ts';
import { collaborationAccess } from './grants.ts';
import { listHolders, type SampleOrg, type SampleUser } from './sample-user.ts';
import { createSeededRandom, type SeededRandom } from './seeded-random.ts';

const seed = 20_260_106;
const today = '2026-01-06';

export type SampleUserFields = Partial<Omit<SampleUser, 'PermissionSets' | 'PermissionSetGroups'>>;

export interface Grants {
  PermissionSets?: string[];
  PermissionSetGroups?: string[];
}

/** One change as somebody would make it. Users are named by the Username that they have at that moment. */
export type DayChange =
  | { kind: 'create'; user: SampleUser }
  | { kind: 'update'; username: string; fields: SampleUserFields }
  /** What is added comes first: who changes toolkits is never without one. */
  | { kind: 'grants'; username: string; add: Grants; remove: Grants }
  | { kind: 'components'; permissionSetGroup: string; add: string[]; remove: string[] };

export type DayStepName = 'hires' | 'moves' | 'marriage' | 'toolkit' | 'withdrawals' | 'leavers' | 'returns';

export interface DayStep {
  name: DayStepName;
  title: string;
  changes: DayChange[];
}

/**
 * A day in the sample org, always the same. The steps build on each other; to see a return as a reactivation, let the target
 * catch up with the leavers first.
 */
export function buildDayOfLife(org: SampleOrg): DayStep[] {
  const random = createSeededRandom(seed);
  const cast = castDay(org, random);
  const beforeLeavers: DayStep[] = [
    { name: 'hires', title: '12 people start', changes: buildHires(org) },
    { name: 'moves', title: '40 people get another department, title or manager', changes: buildMoves(cast, random) },
    { name: 'marriage', title: 'A team lead marries and takes another name', changes: [buildMarriage(cast.bride)] },
    {
      name: 'toolkit',
      title: 'The Support Toolkit gains the collaboration suite',
      changes: [{ kind: 'components', permissionSetGroup: 'Support_Toolkit', add: [collaborationAccess], remove: [] }],
    },
    { name: 'withdrawals', title: '3 people lose their toolkit', changes: cast.withdrawn.map(buildWithdrawal) },
  ];
  // Whoever was hired or moved into the leaving lead's team during the day is handed over as well.
  const afternoon = beforeLeavers.reduce(applyDayStep, org);
  return [
    ...beforeLeavers,
    { name: 'leavers', title: '8 people leave, one of them a team lead', changes: buildLeavers(cast, afternoon) },
    { name: 'returns', title: 'A leaver of the day returns, and one of long ago', changes: buildReturns(cast) },
  ];
}

/** The org as it is after a step: what an oracle may compare a target with. The org that was given is left as it was. */
export function applyDayStep(org: SampleOrg, step: DayStep): SampleOrg {
  return step.changes.reduce(applyDayChange, org);
}

function applyDayChange(org: SampleOrg, change: DayChange): SampleOrg {
  if (change.kind === 'create') return { ...org, users: [...org.users, change.user] };
  if (change.kind === 'components') {
    const groups = org.permissionSetGroups.map((group) =>
      group.Name === change.permissionSetGroup
        ? { ...group, PermissionSets: addAndRemove(group.PermissionSets, change.add, change.remove) }
        : group,
    );
    return { ...org, permissionSetGroups: groups };
  }
  if (!org.users.some(({ Username }) => Username === change.username))
    throw new Error(`there is no user '${change.username}'`);
  const renamedTo = change.kind === 'update' ? change.fields.Username : undefined;
  const users = org.users.map((user) => {
    if (user.Username === change.username) return applyToUser(user, change);
    // Managers are referred to by who they are: the name in the file follows a renaming.
    return renamedTo !== undefined && user.Manager === change.username ? { ...user, Manager: renamedTo } : user;
  });
  return { ...org, users };
}

function applyToUser(user: SampleUser, change: Extract<DayChange, { username: string }>): SampleUser {
  if (change.kind === 'update') return { ...user, ...change.fields };
  const { add, remove } = change;
  return {
    ...user,
    PermissionSets: addAndRemove(user.PermissionSets, add.PermissionSets, remove.PermissionSets),
    PermissionSetGroups: addAndRemove(user.PermissionSetGroups, add.PermissionSetGroups, remove.PermissionSetGroups),
  };
}

function addAndRemove(names: string[], add: string[] = [], remove: string[] = []): string[] {
  return [...new Set([...names, ...add])].filter((name) => !remove.includes(name));
}

interface Cast {
  org: SampleOrg;
  movers: SampleUser[];
  withdrawn: SampleUser[];
  leavers: SampleUser[];
  leavingLead: SampleUser;
  bride: SampleUser;
  longGone: SampleUser;
}

/** Who plays which part; nobody plays two. */
function castDay(org: SampleOrg, random: SeededRandom): Cast {
  const edgeNames = new Set(edgeUsers.map(({ Username }) => Username));
  const leads = new Set(org.users.map(({ Manager }) => Manager));
  const holders = new Set(listHolders(org, collaborationAccess));
  const ordinary = random.shuffle(
    org.users.filter((user) => !edgeNames.has(user.Username) && !leads.has(user.Username)),
  );
  const active = ordinary.filter((user) => holders.has(user));
  const withdrawn = active.filter(hasOnlyItsToolkit).slice(0, 3);
  const free = active.filter((user) => !withdrawn.includes(user));
  const wasHolder = (user: SampleUser) => !user.IsActive && user.PermissionSetGroups.includes('Engineering_Toolkit');
  return {
    org,
    withdrawn,
    movers: free.slice(0, 40),
    leavers: takeOnePerDepartment(free.slice(40), 7),
    leavingLead: findUser(org, ({ Title, IsActive }) => IsActive && Title === 'Team Lead 1, Sales APAC'),
    bride: findUser(org, ({ Title, IsActive }) => IsActive && Title === 'Team Lead 1, Platform Engineering'),
    longGone: findUser({ ...org, users: ordinary }, wasHolder),
  };
}

function buildHires(org: SampleOrg): DayChange[] {
  const builder = createBuilder(seed);
  for (const { Username, CommunityNickname } of org.users) {
    builder.takenUsernames.add(Username);
    builder.takenNicknames.add(CommunityNickname);
  }
  const into = [
    'Platform Engineering',
    'Sales EMEA',
    'Finance',
    'Recruiting',
    'Security',
    'Facilities',
    'Sales APAC',
    'Customer Success',
  ];
  const hires = Array.from({ length: 12 }, (_, index) => {
    // The last four start in one new team: its lead is hired first.
    const department = getDepartment(index < 8 ? (into[index] ?? '') : 'Data & Analytics');
    return addPerson(builder, department, {
      Title: index === 8 ? 'Team Lead, New Ventures' : (department.titles[0] ?? ''),
      Manager: findLead(org, department)?.Username ?? '',
      EmployeeNumber: `N-${String(index + 1).padStart(5, '0')}`,
      FederationIdentifier: `idp|N-${String(index + 1).padStart(5, '0')}`,
      StartDate__c: today,
    });
  });
  for (const member of hires.slice(9)) member.Manager = hires[8]?.Username ?? '';
  return hires.map((user) => ({ kind: 'create', user }));
}

function buildMoves({ org, movers }: Cast, random: SeededRandom): DayChange[] {
  const promotions = movers.slice(0, 12).map(
    (user): DayChange => ({
      kind: 'update',
      username: user.Username,
      fields: { Title: `Senior ${user.Title}`.slice(0, 80) },
    }),
  );
  const newManagers = movers.slice(12, 22).map((user): DayChange => {
    const leads = org.users.filter(
      ({ Department, Title, IsActive, Username }) =>
        IsActive && Department === user.Department && /^(Team Lead|Head of)/.test(Title) && Username !== user.Manager,
    );
    return { kind: 'update', username: user.Username, fields: { Manager: random.pick(leads).Username } };
  });
  const transfers = movers.slice(22).flatMap((user) => buildTransfer(org, user, random));
  return [...promotions, ...newManagers, ...transfers];
}

function buildTransfer(org: SampleOrg, user: SampleUser, random: SeededRandom): DayChange[] {
  const target = random.pick(
    departments.filter(
      ({ name, permissionSetGroup }) => name !== user.Department && permissionSetGroup !== 'Support_Toolkit',
    ),
  );
  const fields: SampleUserFields = {
    Department: target.name,
    Division: target.division,
    Title: random.pick(target.titles),
    Manager: findLead(org, target)?.Username ?? '',
    CostCenter__c: `${target.costCenter}-${user.CostCenter__c.slice(-2)}`,
    Profile: user.Profile === 'Contractor' ? user.Profile : target.profile,
  };
  const update: DayChange = { kind: 'update', username: user.Username, fields };
  const toolkit = user.PermissionSetGroups[0];
  if (toolkit === undefined || toolkit === target.permissionSetGroup) return [update];
  const grants: DayChange = {
    kind: 'grants',
    username: user.Username,
    add: { PermissionSetGroups: [target.permissionSetGroup] },
    remove: { PermissionSetGroups: [toolkit] },
  };
  return [update, grants];
}

function buildMarriage(bride: SampleUser): DayChange {
  const username = `${bride.Username.split('.')[0]}.lindqvist-o'hara@example.com`;
  const fields = { Username: username, LastName: "Lindqvist-O'Hara", Email: username };
  return { kind: 'update', username: bride.Username, fields };
}

function buildWithdrawal(user: SampleUser): DayChange {
  return {
    kind: 'grants',
    username: user.Username,
    add: {},
    remove: { PermissionSetGroups: user.PermissionSetGroups },
  };
}

function buildLeavers({ leavers, leavingLead }: Cast, afternoon: SampleOrg): DayChange[] {
  const handedOver = afternoon.users
    .filter(({ Manager }) => Manager === leavingLead.Username)
    .map((user): DayChange => ({ kind: 'update', username: user.Username, fields: { Manager: leavingLead.Manager } }));
  const left = [leavingLead, ...leavers].map(
    (user): DayChange => ({ kind: 'update', username: user.Username, fields: { IsActive: false } }),
  );
  return [...handedOver, ...left];
}

function buildReturns({ leavers, longGone }: Cast): DayChange[] {
  const fields = { IsActive: true, Title: 'Advisor (part-time)' };
  return [...leavers.slice(0, 1), longGone].map((user) => ({ kind: 'update', username: user.Username, fields }));
}

function hasOnlyItsToolkit(user: SampleUser): boolean {
  return user.PermissionSets.length === 0 && user.PermissionSetGroups.length === 1;
}

function takeOnePerDepartment(users: SampleUser[], count: number): SampleUser[] {
  const byDepartment = new Map(users.map((user) => [user.Department, user]));
  return [...byDepartment.values()].slice(0, count);
}

function findLead(org: SampleOrg, department: Department): SampleUser | undefined {
  return org.users.find(
    (user) => user.IsActive && user.Department === department.name && user.Title.startsWith('Team Lead'),
  );
}

function getDepartment(name: string): Department {
  const department = departments.find((candidate) => candidate.name === name);
  if (department === undefined) throw new Error(`there is no department '${name}'`);
  return department;
}

function findUser(org: SampleOrg, matches: (user: SampleUser) => boolean): SampleUser {
  const user = org.users.find(matches);
  if (user === undefined) throw new Error('the sample org has nobody who can play this part of the day');
  return user;
}
