import { Argument, type Command } from 'commander';
import { pathOf, type Row } from '../api.ts';
import { type AddCommand, ANY_STATE, addListOptions, type CommandContext, describeRest } from '../command-context.ts';
import { formatFacts, formatTable } from '../print.ts';

const KINDS = {
  profile: 'profiles',
  'permission-set': 'permission-sets',
  'permission-set-group': 'permission-set-groups',
} as const;
type Kind = keyof typeof KINDS;

/** `usher entitlements …` and `usher fields …`: what users can be given, and what is known of them. */
export const addEntitlementCommands: AddCommand = (program, context) => {
  const entitlements = program
    .command('entitlements')
    .description('profiles, permission sets and permission set groups');
  addListOptions(withKind(entitlements.command('list').description('list those of a kind'))).action(
    async (kind: Kind, { limit }: { limit: number }) => {
      const page = await context.api().list(`/${KINDS[kind]}`, {}, limit);
      context.show(
        page,
        ({ items }) =>
          formatTable(items, COLUMNS, `There is none yet: usher entitlements create ${kind} NAME makes one.`) +
          describeRest(page),
      );
    },
  );
  withKind(entitlements.command('create').description('make one'))
    .argument('<name>')
    .option('--label <text>', 'its name for people; not of profiles')
    .option('--description <text>', 'what it is for')
    .option('--permission-set <names...>', 'components of a group')
    .action(async (kind: Kind, name: string, options: { [option: string]: unknown; permissionSet?: string[] }) => {
      const { label: Label, description: Description, permissionSet: PermissionSets } = options;
      const given = Object.entries({ Label, Description, PermissionSets }).filter(([, value]) => value !== undefined);
      const body = { Name: name, ...Object.fromEntries(given) };
      show(context, await context.api().call('POST', `/${KINDS[kind]}`, { body }));
    });
  withKind(entitlements.command('delete').description('delete one that nothing needs any more'))
    .argument('<name>')
    .action(async (kind: Kind, name: string) => {
      await context.api().call('DELETE', pathOf`/${KINDS[kind]}/${name}`, { ifMatch: ANY_STATE });
      context.show({ deleted: name }, () => `${name} is deleted.\n`);
    });
  entitlements
    .command('components')
    .description('put permission sets into a group, or take them out; every holder is looked at')
    .argument('<group>', 'a permission set group')
    .option('--add <names...>', 'permission sets to put in', [])
    .option('--remove <names...>', 'permission sets to take out', [])
    .action(async (group: string, { add, remove }: { add: string[]; remove: string[] }) => {
      const path = pathOf`/permission-set-groups/${group}`;
      const api = context.api();
      if (add.length === 0 && remove.length === 0) return show(context, await api.call('GET', path));
      show(context, await api.call('POST', `${path}/components`, { body: { add, remove }, ifMatch: ANY_STATE }));
    });
  addFields(program, context);
};

function withKind(command: Command): Command {
  return command.addArgument(new Argument('<kind>').choices(Object.keys(KINDS)));
}

function show(context: CommandContext, answer: Row): void {
  context.show(answer, (shown) => formatFacts(Object.entries(shown)));
}

function addFields(program: Command, context: CommandContext): void {
  const fields = program.command('fields').description('the fields of users, standard and custom');
  fields
    .command('list')
    .description('list them')
    .option('--custom', 'only custom ones')
    .action(async ({ custom }: { custom?: boolean }) => {
      const { items } = await context.api().call('GET', '/user-fields');
      const shown = { items: items.filter((field: Row) => !custom || field['custom']) as Row[], nextCursor: null };
      context.show(shown, (page) =>
        formatTable(
          page.items,
          FIELD_COLUMNS,
          'There is no custom field: usher fields create NAME__c --type text makes one.',
        ),
      );
    });
  fields
    .command('create')
    .description('declare a custom field')
    .argument('<name>', 'ends with __c')
    .requiredOption('--type <type>', 'text, number, boolean, date, dateTime, picklist or multipicklist')
    .option('--label <text>', 'its name for people')
    .option('--length <count>', 'of texts; 255 unless given', Number)
    .option('--values <values...>', 'of picklists')
    .option('--required', 'a user must have it')
    .action(async (name: string, options: Row) => {
      const { type: Type, label: Label, length: Length, values: PicklistValues, required: Required } = options;
      const given = Object.entries({ Type, Label, Length, PicklistValues, Required });
      const body = { Name: name, ...Object.fromEntries(given.filter(([, value]) => value !== undefined)) };
      show(context, await context.api().call('POST', '/custom-fields', { body }));
    });
  fields
    .command('delete')
    .description('delete a custom field with its values')
    .argument('<name>')
    .action(async (name: string) => {
      await context.api().call('DELETE', pathOf`/custom-fields/${name}`, { ifMatch: ANY_STATE });
      context.show({ deleted: name }, () => `${name} is deleted.\n`);
    });
}

const COLUMNS = [
  { title: 'NAME', value: (item: Row) => item['Name'] },
  { title: 'LABEL', value: (item: Row) => item['Label'] },
  { title: 'PERMISSION SETS', value: (item: Row) => item['PermissionSets'] },
  { title: 'DESCRIPTION', value: (item: Row) => item['Description'] },
];

const FIELD_COLUMNS = [
  { title: 'FIELD', value: (field: Row) => field['name'] },
  { title: 'TYPE', value: (field: Row) => field['type'] },
  { title: 'LENGTH', value: (field: Row) => field['length'], align: 'right' as const },
  { title: 'REQUIRED', value: (field: Row) => field['required'] || '' },
  { title: 'SET BY USHER', value: (field: Row) => field['readOnly'] || '' },
  { title: 'LABEL', value: (field: Row) => field['label'] },
];
