import { type Command, InvalidArgumentError } from 'commander';
import { pathOf, type Row } from '../api.ts';
import {
  type AddCommand,
  ANY_STATE,
  addListOptions,
  type CommandContext,
  describeRest,
  parseMoment,
} from '../command-context.ts';
import { addExport } from '../export-file.ts';
import { formatFacts, formatTable } from '../print.ts';

export const addUsersCommand: AddCommand = (program, context) => {
  const users = program.command('users').description('the directory');
  addFilter(addListOptions(users.command('list').description('list users'))).action(
    async ({ limit, ...options }: Row & { limit: number }) => {
      const page = await context.api().list('/users', { ...readFilter(options), sort: 'Username' }, limit);
      context.show(page, ({ items }) => formatTable(items, COLUMNS, 'No user is like that.') + describeRest(page));
    },
  );
  addExport(users, context, { path: '/users/export', description: 'users as a file', addFilter, readFilter });
  users
    .command('show')
    .description('show a user')
    .argument('<user>', 'id or Username')
    .action(async (user: string) => {
      context.show(await context.api().call('GET', pathOf`/users/${user}`), describeUser);
    });
  addChanges(users, context);
  addGifts(users, context);
};

function addFilter(command: Command): Command {
  return command
    .option('--search <text>', 'beginning of Username, Email, FirstName or LastName')
    .option('--active', 'only active ones')
    .option('--inactive', 'only inactive ones')
    .option('--profile <name>', 'only those of a profile')
    .option('--permission-set <name>', 'only holders of a permission set')
    .option('--permission-set-group <name>', 'only holders of a permission set group');
}

function readFilter({ active, inactive, ...filter }: Row): Row {
  return { ...filter, isActive: active === inactive ? undefined : active === true };
}

function addChanges(users: Command, context: CommandContext): void {
  users
    .command('create')
    .description('create a user')
    .argument('<values...>', 'Field=value, as Username=ada@example.com LastName=Lovelace; usher fields list names them')
    .action(async (values: string[]) => {
      context.show(await context.api().call('POST', '/users', { body: readValues(values) }), describeUser);
    });
  users
    .command('change')
    .description('change fields of a user; "Field=" clears one')
    .argument('<user>', 'id or Username')
    .argument('<values...>', 'Field=value; IsActive=false deactivates')
    .action(async (user: string, values: string[]) => {
      const call = { body: readValues(values), ifMatch: ANY_STATE };
      context.show(await context.api().call('PATCH', pathOf`/users/${user}`, call), describeUser);
    });
  users
    .command('delete')
    .description('delete a user: what the apps do then is their policy; "restore" takes it back')
    .argument('<user>', 'id or Username')
    .action(async (user: string) => {
      await context.api().call('DELETE', pathOf`/users/${user}`, { ifMatch: ANY_STATE });
      context.show({ deleted: user }, () => `${user} is deleted; usher users restore ID takes it back.\n`);
    });
  users
    .command('restore')
    .description('take a deletion back')
    .argument('<user>', 'id')
    .action(async (user: string) => {
      const call = { ifMatch: ANY_STATE };
      context.show(await context.api().call('POST', pathOf`/users/${user}/restore`, call), describeUser);
    });
}

/** `Field=value` as the API takes it: blank is null, and what a type makes of a text is the API's to say. */
function readValues(values: readonly string[]): Row {
  const read: Row = {};
  for (const given of values) {
    const at = given.indexOf('=');
    if (at < 1) throw new InvalidArgumentError(`Write Field=value instead of ${given}.`);
    const value = given.slice(at + 1);
    read[given.slice(0, at)] = value === '' ? null : value === 'true' ? true : value === 'false' ? false : value;
  }
  return read;
}

interface Gift {
  permissionSet?: string;
  permissionSetGroup?: string;
  until?: string;
}

function addGifts(users: Command, context: CommandContext): void {
  users
    .command('grants')
    .description('the permission sets and groups of a user')
    .argument('<user>', 'id or Username')
    .action(async (user: string) => {
      const page = await context.api().call('GET', pathOf`/users/${user}/assignments`);
      context.show(page, ({ items }) => formatTable<Row>(items, GIFT_COLUMNS, `${user} was given nothing.`));
    });
  addGiftOptions(users.command('give').description('give a user a permission set or group'))
    .option('--until <time>', 'when it ends; for good unless given', parseMoment)
    .action(async (user: string, options: Gift) => {
      const body = { ...toGift(users, options), ...(options.until ? { ExpirationDate: options.until } : {}) };
      const answer = await context.api().call('POST', pathOf`/users/${user}/assignments`, { body, ifMatch: ANY_STATE });
      context.show(answer, (given) => formatTable<Row>([given], GIFT_COLUMNS));
    });
  addGiftOptions(users.command('take').description('take a permission set or group from a user')).action(
    async (user: string, options: Gift) => {
      const [[kind, name] = []] = Object.entries(toGift(users, options));
      const { items } = await context.api().call('GET', pathOf`/users/${user}/assignments`);
      const held = items.find((item: Row) => String(item[kind ?? '']).toLowerCase() === name?.toLowerCase());
      if (!held) throw new InvalidArgumentError(`${user} was not given ${name}. usher users grants shows what was.`);
      await context.api().call('DELETE', pathOf`/users/${user}/assignments/${held['Id']}`, { ifMatch: ANY_STATE });
      context.show({ taken: name }, () => `${name} is taken from ${user}.\n`);
    },
  );
}

function addGiftOptions(command: Command): Command {
  return command
    .argument('<user>', 'id or Username')
    .option('--permission-set <name>', 'a permission set')
    .option('--permission-set-group <name>', 'a permission set group');
}

function toGift(users: Command, { permissionSet, permissionSetGroup }: Gift): Record<string, string> {
  if ((permissionSet === undefined) === (permissionSetGroup === undefined)) {
    users.error('error: give either --permission-set or --permission-set-group');
  }
  return permissionSet === undefined
    ? { PermissionSetGroup: permissionSetGroup ?? '' }
    : { PermissionSet: permissionSet };
}

function describeUser(user: Row): string {
  return formatFacts(Object.entries(user));
}

const COLUMNS = [
  { title: 'USERNAME', value: (user: Row) => user['Username'] },
  { title: 'NAME', value: (user: Row) => user['Name'] },
  { title: 'ACTIVE', value: (user: Row) => user['IsActive'] },
  { title: 'PROFILE', value: (user: Row) => user['Profile'] },
  { title: 'DEPARTMENT', value: (user: Row) => user['Department'] },
  { title: 'ID', value: (user: Row) => user['Id'] },
];

const GIFT_COLUMNS = [
  { title: 'PERMISSION SET', value: (gift: Row) => gift['PermissionSet'] },
  { title: 'GROUP', value: (gift: Row) => gift['PermissionSetGroup'] },
  { title: 'UNTIL', value: (gift: Row) => gift['ExpirationDate'] ?? 'for good' },
];
