import { pathOf, type Row } from '../api.ts';
import { type AddCommand, addListOptions, describeRest } from '../command-context.ts';
import { formatFacts, formatTable } from '../print.ts';

export const addUsersCommand: AddCommand = (program, context) => {
  const users = program.command('users').description('the directory');
  addListOptions(users.command('list').description('list users'))
    .option('--search <text>', 'beginning of Username, Email, FirstName or LastName')
    .option('--active', 'only active ones')
    .option('--inactive', 'only inactive ones')
    .option('--profile <name>', 'only those of a profile')
    .option('--permission-set <name>', 'only holders of a permission set')
    .option('--permission-set-group <name>', 'only holders of a permission set group')
    .action(async ({ limit, active, inactive, ...filter }) => {
      const isActive = active === inactive ? undefined : active === true;
      const page = await context.api().list('/users', { ...filter, isActive, sort: 'Username' }, limit);
      context.show(page, ({ items }) => formatTable(items, COLUMNS) + describeRest(page));
    });
  users
    .command('show')
    .description('show a user')
    .argument('<user>', 'id or Username')
    .action(async (user: string) => {
      context.show(await context.api().call('GET', pathOf`/users/${user}`), (answer) =>
        formatFacts(Object.entries(answer)),
      );
    });
};

const COLUMNS = [
  { title: 'USERNAME', value: (user: Row) => user['Username'] },
  { title: 'NAME', value: (user: Row) => user['Name'] },
  { title: 'ACTIVE', value: (user: Row) => user['IsActive'] },
  { title: 'PROFILE', value: (user: Row) => user['Profile'] },
  { title: 'DEPARTMENT', value: (user: Row) => user['Department'] },
  { title: 'ID', value: (user: Row) => user['Id'] },
];
