/** Everybody's address; nobody else can have it, for .example is kept for examples (RFC 2606). */
const DOMAIN = 'demo.example';

export const PERMISSION_SETS = [
  { name: 'Demo_Wiki', label: 'Demo: Wiki', description: 'Part of the demo company' },
  { name: 'Demo_Chat', label: 'Demo: Chat', description: 'Part of the demo company' },
  { name: 'Demo_Payroll', label: 'Demo: Payroll', description: 'Part of the demo company' },
] as const;

export const GROUP = {
  name: 'Demo_Office',
  label: 'Demo: Office',
  description: 'Part of the demo company',
  permissionSets: ['Demo_Wiki', 'Demo_Chat'],
} as const;

const HEADER =
  'Username,FirstName,LastName,Email,Title,Department,EmployeeNumber,Phone,IsActive,Manager,PermissionSets,PermissionSetGroups';

/** First name, last name, title, department, who leads them, and what they hold: w(iki), p(ayroll), o(ffice), x: left. */
const PEOPLE: readonly (readonly [string, string, string, string, string, string])[] = [
  ['Ines', 'Okafor', 'Managing Director', 'Board', '', 'o'],
  ['Milan', 'Novák', 'Head of Engineering', 'Engineering', 'ines.okafor', 'o'],
  ['Aiko', '田中', 'Engineer', 'Engineering', 'milan.novak', 'o'],
  ['Priya', 'Raman', 'Engineer', 'Engineering', 'milan.novak', 'o'],
  ['Jonas', "O'Neill-Färber", 'Engineer', 'Engineering', 'milan.novak', 'w'],
  ['Leila', 'Haddad', 'Designer', 'Engineering', 'milan.novak', 'o'],
  ['Tomás', 'Rivera', 'Contractor', 'Engineering', 'milan.novak', 'w'],
  ['Greta', 'Lindqvist', 'Head of People', 'People', 'ines.okafor', 'op'],
  ['Samir', 'Patel', 'Payroll Clerk', 'People', 'greta.lindqvist', 'op'],
  ['Noor', 'de Wit', 'Recruiter', 'People', 'greta.lindqvist', 'o'],
  ['Oskar', 'Brandt', 'Head of Sales', 'Sales', 'ines.okafor', 'o'],
  ['Chidi', 'Eze', 'Account Executive', 'Sales', 'oskar.brandt', 'o'],
  ['Marta', 'Kowalska', 'Account Executive', 'Sales', 'oskar.brandt', 'o'],
  ['Yusuf', 'Demir', 'Sales Engineer', 'Sales', 'oskar.brandt', 'w'],
  ['Hannah', 'Weiss', '', 'Sales', 'oskar.brandt', 'o'],
  ['Emil', 'Sørensen', 'Head of Finance', 'Finance', 'ines.okafor', 'op'],
  ['Zoë', 'Martin', 'Controller', 'Finance', 'emil.sorensen', 'op'],
  ['Rafael', 'Costa', 'Accountant', 'Finance', 'emil.sorensen', 'o'],
  ['Vera', 'Petrova', 'Accountant', 'Finance', 'emil.sorensen', 'ox'],
  ['Paul', 'Nyambura', 'Intern', 'Engineering', 'milan.novak', 'x'],
];

export const USERNAMES = PEOPLE.map(([first, last]) => usernameOf(first, last));

/** As a file of users, for the import to read, which is the way that real people come. */
export function buildCompanyCsv(): string {
  const rows = PEOPLE.map(([first, last, title, department, manager, held], index) => {
    const username = usernameOf(first, last);
    const sets = [held.includes('w') ? 'Demo_Wiki' : '', held.includes('p') ? 'Demo_Payroll' : ''].filter(Boolean);
    const number = `D${String(index + 1).padStart(4, '0')}`;
    const phone = `+49 30 555 ${String(1000 + index)}`;
    const isActive = String(!held.includes('x'));
    const managed = manager === '' ? '' : `${manager}@${DOMAIN}`;
    const groups = held.includes('o') ? GROUP.name : '';
    const cells = [username, first, last, username, title, department, number, phone, isActive, managed];
    return [...cells, sets.join(';'), groups].join(',');
  });
  return [HEADER, ...rows, ''].join('\r\n');
}

function usernameOf(first: string, last: string): string {
  const latin = (text: string) =>
    text
      .normalize('NFD')
      .toLowerCase()
      .replaceAll('ø', 'o')
      .replace(/[^a-z-]/g, '');
  return `${[first, last].map(latin).filter(Boolean).join('.')}@${DOMAIN}`;
}
