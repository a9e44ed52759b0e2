import { Option } from 'commander';
import { pathOf, type Row } from '../api.ts';
import { type AddCommand, addListOptions, describeRest, parseCount, parseMoment } from '../command-context.ts';
import { formatFacts, formatTable } from '../print.ts';
import { formatChanges } from './requests.ts';

export const addHoldsCommand: AddCommand = (program, context) => {
  const holds = program.command('holds').description('changes that a guard stopped');
  addListOptions(holds.command('list').description('list them, the newest first'))
    .option('--app <app>', 'of an app')
    .addOption(
      new Option('--state <state>', 'in one state')
        .choices(['open', 'released', 'rejected', 'closed', 'all'])
        .default('open'),
    )
    .option('--guard <guard>', 'of one guard')
    .option('--cause <cause>', 'of one cause')
    .option('--operation <operation>', 'of one operation')
    .action(async ({ limit, ...filter }) => {
      const page = await context.api().list('/holds', filter, limit);
      context.show(page, ({ items }) => formatTable(items, COLUMNS, 'Nothing is held.') + describeRest(page));
    });
  holds
    .command('causes')
    .description('open holds by what they wait for, those with most users first')
    .option('--app <app>', 'of an app')
    .action(async ({ app }: { app?: string }) => {
      const answer = await context.api().call('GET', '/holds/causes', { query: { app } });
      context.show(answer, ({ items }) => formatTable<Row>(items, CAUSE_COLUMNS, 'Nothing is held.'));
    });
  holds
    .command('show')
    .description('show one with its change')
    .argument('<hold>', 'its id')
    .action(async (id: string) => {
      context.show(await context.api().call('GET', pathOf`/holds/${id}`), describeHold);
    });
  holds
    .command('snooze')
    .description('leave some as they are, and remind nobody of them before a time; a week at most')
    .argument('<holds...>', 'their ids')
    .requiredOption('--until <time>', 'when people are reminded again', parseMoment)
    .option('--note <text>', 'why; kept in the audit')
    .action(async (ids: string[], { until, note }: Row) => {
      const body = { until, ...(note === undefined ? {} : { note }) };
      const items: Row[] = [];
      for (const id of ids) items.push(await context.api().call('POST', pathOf`/holds/${id}/snooze`, { body }));
      context.show({ items }, () => formatTable(items, COLUMNS));
    });
  for (const [verb, description] of [
    ['release', 'let the change through, if it is still the same'],
    ['reject', 'refuse the change'],
  ] as const) {
    holds
      .command(verb)
      .description(description)
      .argument('[holds...]', 'their ids')
      .option('--app <app>', 'every open hold of an app, instead of ids')
      .option('--guard <guard>', 'with --app: those of one guard')
      .option('--cause <cause>', 'with --app: those of one cause, as "usher holds causes" shows it')
      .option('--operation <operation>', 'with --app: those of one operation')
      .option('--expected <count>', 'with --app: how many you saw; another number decides nothing', parseCount)
      .option('--note <text>', 'why; kept with the hold')
      .action(async (ids: string[], { app, note, ...wanted }: Row, command) => {
        if ((app === undefined) === (ids.length === 0)) command.error('error: give ids of holds, or --app');
        if (app === undefined && Object.keys(wanted).length > 0) command.error('error: a filter goes with --app');
        const body = { ...wanted, ...(note === undefined ? {} : { note }) };
        if (app !== undefined) {
          const answer = await context.api().call('POST', pathOf`/apps/${app}/holds/${verb}`, { body });
          context.show(answer, ({ decided, refused }) => {
            const others = refused.map(({ holds: count, who }: Row) => `Left open: ${count}, which ask for ${who}.\n`);
            return `${verb === 'release' ? 'Released' : 'Rejected'}: ${decided}.\n${others.join('')}`;
          });
          return;
        }
        const items: Row[] = [];
        for (const id of ids) items.push(await context.api().call('POST', pathOf`/holds/${id}/${verb}`, { body }));
        context.show({ items }, () => formatTable(items, COLUMNS));
      });
  }
};

const CAUSE_COLUMNS = [
  { title: 'APP', value: (cause: Row) => cause['app'] },
  { title: 'HOLDS', value: (cause: Row) => cause['holds'], align: 'right' as const },
  { title: 'CAUSE', value: (cause: Row) => cause['cause'] },
  { title: 'OPERATION', value: (cause: Row) => cause['operation'] },
  { title: 'OLDEST', value: (cause: Row) => cause['oldestAt'] },
  { title: 'REASON', value: (cause: Row) => cause['reason'] },
];

const COLUMNS = [
  { title: 'ID', value: (hold: Row) => hold['id'], align: 'right' },
  { title: 'OPENED', value: (hold: Row) => hold['openedAt'] },
  { title: 'APP', value: (hold: Row) => hold['app'] },
  { title: 'USER', value: (hold: Row) => hold['username'] },
  { title: 'OPERATION', value: (hold: Row) => hold['operation'] },
  { title: 'GUARD', value: (hold: Row) => hold['guard'] },
  { title: 'STATE', value: (hold: Row) => hold['state'] },
  { title: 'REASON', value: (hold: Row) => hold['reason'] },
] as const;

function describeHold(hold: Row): string {
  const facts = formatFacts([
    ['Hold', hold['id']],
    ['App', hold['app']],
    ['User', `${hold['username']} (${hold['userId']})`],
    ['Operation', hold['operation']],
    ['Guard', hold['guard']],
    ['Cause', hold['cause']],
    [
      'Asks for',
      hold['approvers'] && [...(hold['approvers'].manager ? ['the manager'] : []), ...hold['approvers'].named],
    ],
    ['Reason', hold['reason']],
    ['State', hold['state']],
    ['Opened', hold['openedAt']],
    ['Reminded again', hold['remindAt']],
    ['Decided', hold['decidedAt']],
    ['Decided by', hold['decidedBy']],
    ['Note', hold['note']],
  ]);
  return hold['changes']?.length ? `${facts}\n${formatChanges(hold['changes'])}` : facts;
}
