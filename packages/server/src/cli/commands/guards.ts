import { pathOf, type Row } from '../api.ts';
import { type AddCommand, ANY_STATE } from '../command-context.ts';
import { formatFacts, formatTable } from '../print.ts';
import { readJson } from '../read-json.ts';

export const addGuardsCommand: AddCommand = (program, context) => {
  const guards = program.command('guards').description('what may stop a change before it is sent');
  guards
    .command('show')
    .description('show the guards of an app, and how far their limits are used')
    .argument('<app>', 'its name')
    .action(async (app: string) => {
      context.show(await context.api().call('GET', pathOf`/apps/${app}/guards`), describeGuards);
    });
  guards
    .command('set')
    .description('change guards from a file, effective at once; what it leaves out stays, what is held stays held')
    .argument('<app>', 'its name')
    .requiredOption('--from <file>', 'JSON: deactivation, slowBleed, thresholds, protectedUsers, approvals')
    .action(async (app: string, { from }: { from: string }) => {
      const body = await readJson(from);
      const changed = await context.api().call('PUT', pathOf`/apps/${app}/guards`, { body, ifMatch: ANY_STATE });
      for (const { field, problem, fix } of changed['warnings']) context.note(`Warning: ${field}: ${problem}. ${fix}`);
      context.show(changed, describeGuards);
    });
};

function describeGuards(guards: Row): string {
  const { protectedUsers, changed } = guards;
  const namesOf = (entities: Row[]) => entities.map(({ name }) => name);
  const facts = formatFacts([
    ['App', guards['app']],
    ['Changed', changed ? `${changed.at} by ${changed.by}` : 'never: these are the defaults'],
    ['Protected users', namesOf(protectedUsers.users)],
    ['Protected profiles', namesOf(protectedUsers.profiles)],
    ['Protected permission sets', namesOf(protectedUsers.permissionSets)],
    ...guards['approvals'].map(({ operation, manager, named }: Row) => [
      `Approval of ${operation}`,
      [...(manager ? ['the manager'] : []), ...named].join(' or '),
    ]),
    ['Slow bleed', guards['slowBleed'] ? '' : 'off'],
  ]);
  const lines = [...guards['usage'], ...listUnused(guards)];
  return `${facts}\n${formatTable<Row>(lines, USAGE_COLUMNS)}`;
}

/** A threshold for each attribute has no line of its own before something of it is used. */
function listUnused({ thresholds, usage }: Row): Row[] {
  const shown = new Set(usage.map(({ guard }: Row) => guard));
  return thresholds
    .filter(({ name }: Row) => !shown.has(name))
    .map(({ name, count, percent, windowMinutes }: Row) => ({
      ...{ guard: name, budget: 'each attribute', during: `within ${windowMinutes} minutes`, used: 0 },
      limit: percent > 0 ? `${count} or ${percent} %` : count,
    }));
}

const USAGE_COLUMNS = [
  { title: 'GUARD', value: (line: Row) => line['guard'] },
  { title: 'COUNTS', value: (line: Row) => line['budget'] },
  { title: 'USED', value: (line: Row) => line['used'], align: 'right' as const },
  { title: 'ALLOWED', value: (line: Row) => line['limit'], align: 'right' as const },
  { title: 'DURING', value: (line: Row) => line['during'] },
];
