import { type Command, Option } from 'commander';
import { pathOf, type Row } from '../api.ts';
import {
  type AddCommand,
  addListOptions,
  type CommandContext,
  describeRest,
  parseCount,
  parseMoment,
} from '../command-context.ts';
import { formatFacts, formatTable } from '../print.ts';

const TRIGGERS = ['create', 'update', 'deactivate', 'reactivate'];

export const addUndoneCommands: AddCommand = (program, context) => {
  const undone = program.command('undone').description('what triggers that are off left undone');
  addListOptions(
    undone.command('list').description('list it, with the change that would be sent').argument('<app>', 'its name'),
  )
    .addOption(new Option('--trigger <trigger>', 'of one trigger').choices(TRIGGERS))
    .action(async (app: string, { limit, trigger }: Row) => {
      const page = await context.api().list(pathOf`/apps/${app}/undone`, { trigger }, limit);
      context.show(page, ({ items }) => formatTable(items, UNDONE_COLUMNS, NOTHING) + describeRest(page));
    });
  undone
    .command('dismiss')
    .description('leave it undone, also when the trigger is turned on; of updates, today is the baseline then')
    .argument('<app>', 'its name')
    .addOption(new Option('--trigger <trigger>', 'of this trigger').choices(TRIGGERS).makeOptionMandatory())
    .option('--user <user...>', 'only of these users: ids or Usernames')
    .requiredOption('--note <text>', 'why; kept with it')
    .action(async (app: string, { trigger, user: users, note: reason }: Row) => {
      const body = { trigger, reason, ...(users ? { users } : {}) };
      const total = { dismissed: 0, passedOver: 0 };
      for (let isComplete = false; !isComplete; ) {
        const done = await context.api().call('POST', pathOf`/apps/${app}/undone/dismiss`, { body });
        total.dismissed += done['dismissed'];
        total.passedOver += done['passedOver'];
        isComplete = done['isComplete'];
      }
      context.show(
        total,
        ({ dismissed, passedOver }) =>
          `Dismissed: ${dismissed}.${passedOver > 0 ? ` Nothing was undone for ${passedOver} of those named.` : ''}\n`,
      );
    });
  addListOptions(
    undone
      .command('dismissals')
      .description('list what people decided not to have done, newest first')
      .argument('<app>', 'its name'),
  ).action(async (app: string, { limit }: Row) => {
    const page = await context.api().list(pathOf`/apps/${app}/dismissals`, {}, limit);
    context.show(page, ({ items }) => formatTable(items, DISMISSAL_COLUMNS, NOTHING) + describeRest(page));
  });
  undone
    .command('take-back')
    .description('want again what was dismissed')
    .argument('<app>', 'its name')
    .argument('<dismissal>', 'its id', parseCount)
    .action(async (app: string, id: number) => {
      await context.api().call('POST', `${pathOf`/apps/${app}/dismissals`}/${id}/take-back`);
      context.show({ takenBack: id }, () => `Dismissal ${id} is taken back.\n`);
    });
  addDeletions(program, context);
};

const NOTHING = 'Nothing.';

function addDeletions(program: Command, context: CommandContext): void {
  const deletions = program.command('deletions').description('accounts that will be deleted: keep them, or now');
  deletions
    .command('days')
    .description('the inbox: how many accounts of which app go on which day')
    .option('--app <app>', 'of an app')
    .action(async ({ app }: Row) => {
      const answer = await context.api().call('GET', '/deletions/days', { query: { app } });
      context.show(answer, ({ items }) => formatTable<Row>(items, DAY_COLUMNS, 'No account will be deleted.'));
    });
  addListOptions(deletions.command('list').description('list the accounts, the next ones first'))
    .option('--app <app>', 'of an app')
    .option('--before <time>', 'only those that go up to then', parseMoment)
    .action(async ({ limit, ...filter }) => {
      const page = await context.api().list('/deletions', filter, limit);
      context.show(page, ({ items }) => formatTable(items, DELETION_COLUMNS, NOTHING) + describeRest(page));
    });
  for (const [verb, description, told] of [
    ['keep', 'keep accounts: they stay deactivated, and are deleted on no day', 'Kept'],
    ['now', 'delete accounts without waiting for their day; the guards still count', 'To be deleted now'],
  ] as const) {
    deletions
      .command(verb)
      .description(description)
      .argument('<app>', 'its name')
      .option('--user <user...>', 'of these users: ids or Usernames')
      .option('--before <time>', 'all that go up to then', parseMoment)
      .option('--all', 'all of the app')
      .option('--expected <count>', 'how many you saw; another number decides nothing', parseCount)
      .requiredOption('--note <text>', 'why; kept with the decision')
      .action(async (app: string, { user: users, before, all, expected, note: reason }: Row, command: Command) => {
        if (!users && !before && !all) command.error('error: say whose: --user, --before or --all');
        const body = {
          ...{ reason },
          ...(users ? { users } : {}),
          ...(before ? { before } : {}),
          ...(expected === undefined ? {} : { expected }),
        };
        const answer = await context.api().call('POST', pathOf`/apps/${app}/deletions/${verb}`, { body });
        context.show(answer, ({ decided }) => `${told}: ${decided}.\n`);
      });
  }
}

/** `usher apps quarantine` and `usher apps probe`. */
export const addQuarantineCommands: AddCommand = (apps, context) => {
  apps
    .command('quarantine')
    .description('why an app is quarantined: the cause, the first failing exchange, and how many wait')
    .argument('<app>', 'its name')
    .action(async (app: string) => {
      const answer = await context.api().call('GET', pathOf`/apps/${app}/quarantine`);
      context.show(answer, ({ quarantine }) => (quarantine ? describeQuarantine(quarantine) : 'It is not.\n'));
    });
  apps
    .command('probe')
    .description('test the target at once, and go on where it stopped if it is well; it is done by itself, but later')
    .argument('<app>', 'its name')
    .action(async (app: string) => {
      await context.api().call('POST', pathOf`/apps/${app}/quarantine/probe`);
      context.show({ asked: app }, () => `The target is asked now: usher apps quarantine ${app} tells what it says.\n`);
    });
};

function describeQuarantine(quarantine: Row): string {
  const { firstFailure } = quarantine;
  const exchange = firstFailure?.exchange;
  const lines: [string, unknown][] = [
    ['Cause', quarantine['cause']],
    ['Since', quarantine['since']],
    ['Why', quarantine['message']],
    ['The target said', quarantine['targetSaid']],
    ['Next step', quarantine['nextStep']],
    ['Waiting', `${quarantine['waiting']} links; nothing of them is lost`],
    ['Next probe', `${quarantine['probeAt']}, after ${quarantine['probeAttempts']} that failed`],
    [
      'First failure',
      firstFailure && `${firstFailure.at}: ${firstFailure.message} (request ${firstFailure.requestId})`,
    ],
    ['Exchange', exchange && `${exchange.method} ${exchange.url}: ${exchange.status ?? exchange.error?.message ?? ''}`],
    ['Answer', exchange?.responseBody],
  ];
  return formatFacts(lines);
}

const UNDONE_COLUMNS = [
  { title: 'USER', value: (item: Row) => item['username'] },
  { title: 'TRIGGER', value: (item: Row) => item['trigger'] },
  { title: 'SINCE', value: (item: Row) => item['since'] },
  {
    title: 'WOULD CHANGE',
    value: (item: Row) => item['changes'].map(({ path }: Row) => path),
  },
];
const DISMISSAL_COLUMNS = [
  { title: 'ID', value: (item: Row) => item['id'], align: 'right' as const },
  { title: 'AT', value: (item: Row) => item['at'] },
  { title: 'BY', value: (item: Row) => item['by'] },
  { title: 'USER', value: (item: Row) => item['username'] },
  { title: 'OPERATION', value: (item: Row) => item['operation'] },
  { title: 'WHY', value: (item: Row) => item['reason'] },
  { title: 'TAKEN BACK', value: (item: Row) => item['undoneAt'] },
];
const DAY_COLUMNS = [
  { title: 'FIRST AT', value: (day: Row) => day['firstAt'] },
  { title: 'APP', value: (day: Row) => day['app'] },
  { title: 'ACCOUNTS', value: (day: Row) => day['accounts'], align: 'right' as const },
  { title: '', value: (day: Row) => day['sentence'] },
];
const DELETION_COLUMNS = [
  { title: 'DELETED AT', value: (item: Row) => item['deleteAt'] },
  { title: 'APP', value: (item: Row) => item['app'] },
  { title: 'USER', value: (item: Row) => item['username'] },
  { title: 'ACCOUNT', value: (item: Row) => item['remoteUsername'] ?? item['remoteId'] },
];
