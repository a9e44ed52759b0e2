import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Command, Option } from 'commander';
import { type Api, pathOf, type Query, type Row } from '../api.ts';
import { type AddCommand, addListOptions, type CommandContext, describeRest, parseCount } from '../command-context.ts';
import { formatFacts, formatTable } from '../print.ts';
import { readJson } from '../read-json.ts';

const LOOK_EVERY_MS = 500;
const UNFINISHED = ['waiting', 'running', 'applying'];

export const addPlanCommand: AddCommand = (program, context) => {
  const plan = program.command('plan').description('what a configuration would do to everybody; nothing is sent');
  addMaking(plan, context);
  addReading(plan, context);
  addExport(plan, context);
  plan
    .command('apply')
    .description('put the planned configuration in force for just the users of the plan who have not changed since')
    .argument('<app>', 'its name')
    .argument('<plan>', 'its id')
    .option('--note <text>', 'why; needed where it brings another configuration in force, and kept with it')
    .action(async (app: string, id: string, { note }: { note?: string }) => {
      const body = note === undefined ? {} : { note };
      await context.api().call('POST', pathOf`/apps/${app}/plans/${id}/apply`, { body });
      await showSettled(context, app, id);
    });
};

interface CreateOptions {
  configuration?: string;
  configurationVersion?: number;
  filter?: string;
  user?: string[];
  profile?: string[];
  note?: string;
  wait: boolean;
}

function addMaking(plan: Command, context: CommandContext): void {
  plan
    .command('create')
    .description('plan the configuration in force, a saved version, or one from a file')
    .argument('<app>', 'its name')
    .option('--configuration <file>', 'a configuration as JSON, as it would be saved')
    .option('--configuration-version <number>', 'a saved version', parseCount)
    .option('--filter <formula>', 'with another scoping filter: who enters, who leaves; "none" takes it away')
    .option('--user <user...>', 'only these users: ids or Usernames')
    .option('--profile <name...>', 'only users with these profiles')
    .option('--note <text>', 'why; kept with the plan')
    .option('--no-wait', 'do not wait until it is ready')
    .action(async (app: string, options: CreateOptions) => {
      const body = await buildRequest(options);
      const asked = await context.api().call('POST', pathOf`/apps/${app}/plans`, { body });
      for (const { field, problem, fix } of asked['warnings']) context.note(`Warning: ${field}: ${problem}. ${fix}`);
      if (options.wait) await showSettled(context, app, asked['id']);
      else context.show(asked, describePlan);
    });
  plan
    .command('cancel')
    .description('stop a plan that is being made')
    .argument('<app>', 'its name')
    .argument('<plan>', 'its id')
    .action(async (app: string, id: string) => {
      context.show(await context.api().call('POST', pathOf`/apps/${app}/plans/${id}/cancel`), describePlan);
    });
}

async function buildRequest({
  configuration,
  configurationVersion: version,
  filter,
  user,
  profile,
  note,
}: CreateOptions): Promise<Row> {
  const scope = { ...(user ? { users: user } : {}), ...(profile ? { profiles: profile } : {}) };
  return {
    ...(configuration === undefined ? {} : { configuration: await readJson(configuration) }),
    ...(version === undefined ? {} : { version }),
    ...(filter === undefined ? {} : { scopingFilter: filter === 'none' ? null : filter }),
    ...(Object.keys(scope).length > 0 ? { scope } : {}),
    ...(note === undefined ? {} : { note }),
  };
}

function addReading(plan: Command, context: CommandContext): void {
  plan
    .command('list')
    .description('list the plans that are kept, newest first')
    .argument('<app>', 'its name')
    .action(async (app: string) => {
      const page = await context.api().call('GET', pathOf`/apps/${app}/plans`);
      context.show(page, ({ items }) =>
        formatTable<Row>(items, PLAN_COLUMNS, 'There is no plan yet: usher plan create APP.'),
      );
    });
  plan
    .command('show')
    .description('show a plan: what it counted, who collides, how long it takes')
    .argument('<app>', 'its name')
    .argument('<plan>', 'its id')
    .action(async (app: string, id: string) => {
      context.show(await context.api().call('GET', pathOf`/apps/${app}/plans/${id}`), describePlan);
    });
  const changes = plan
    .command('changes')
    .description('list the users of a plan, with before and after')
    .argument('<app>', 'its name')
    .argument('<plan>', 'its id');
  addListOptions(addFilter(changes)).action(async (app: string, id: string, options: Row) => {
    const query = readFilter(options);
    const page = await context.api().list(pathOf`/apps/${app}/plans/${id}/changes`, query, options['limit']);
    context.show(page, (found) => {
      const lines = found.items.flatMap((row) =>
        (row['changes'].length > 0 ? row['changes'] : [{}]).map((change: Row) => ({ ...row, ...change })),
      );
      return (
        formatTable<Row>(lines, CHANGE_COLUMNS, options.leftOut ? 'Nobody was left out.' : 'Nobody matches.') +
        describeRest(found)
      );
    });
  });
}

function addFilter(command: Command): Command {
  return command
    .option('--operation <operation>', 'create, update, deactivate, reactivate, delete, unlink, "look for" or park')
    .option('--attribute <path>', 'only changes of this attribute')
    .option('--cause <cause>', 'only changes with this cause')
    .addOption(
      new Option('--movement <movement>', 'only those who get or lose a usable account').choices(['enters', 'leaves']),
    )
    .option('--username <start>', 'only Usernames that begin so')
    .option('--left-out', 'only those whom applying left out');
}

function readFilter({ operation, attribute, cause, movement, username, leftOut }: Row): Query {
  return { operation, attribute, cause, movement, username, ...(leftOut ? { leftOut: true } : {}) };
}

function addExport(plan: Command, context: CommandContext): void {
  const command = plan
    .command('export')
    .description('a plan as a file: CSV, a line an attribute; or NDJSON, a line a user')
    .argument('<app>', 'its name')
    .argument('<plan>', 'its id')
    .addOption(new Option('--format <format>', 'of the file').choices(['csv', 'ndjson']).default('csv'))
    .option('--output <file>', 'where it goes, instead of standard output');
  addFilter(command).action(async (app: string, id: string, options: Row) => {
    const query = { format: options['format'], ...readFilter(options) };
    const file = await context.api().download(pathOf`/apps/${app}/plans/${id}/export`, query);
    const { output } = options;
    if (output === undefined) {
      const decoder = new TextDecoder();
      for await (const part of file) context.write(decoder.decode(part, { stream: true }));
      return;
    }
    await pipeline(file, createWriteStream(output));
    context.note(`Wrote ${output}`);
  });
}

/** Waits until nobody works on the plan any more, tells how far it is, and shows it. */
async function showSettled(context: CommandContext, app: string, id: string): Promise<void> {
  const plan = await waitFor(context.api(), app, id, (text) => context.note(text));
  context.show(plan, describePlan);
  if (plan['state'] === 'failed' || plan['state'] === 'cancelled') context.fail();
}

async function waitFor(api: Api, app: string, id: string, tell: (text: string) => void): Promise<Row> {
  let told = '';
  for (;;) {
    const plan = await api.call('GET', pathOf`/apps/${app}/plans/${id}`);
    if (!UNFINISHED.includes(plan['state'])) return plan;
    const { done, total } = plan['progress'];
    const text = `${plan['state']}: ${done} of ${total}`;
    if (text !== told) tell(text);
    told = text;
    await sleep(LOOK_EVERY_MS);
  }
}

const PLAN_COLUMNS = [
  { title: 'PLAN', value: (plan: Row) => plan['id'] },
  { title: 'MADE', value: (plan: Row) => plan['plannedAt'] },
  { title: 'BY', value: (plan: Row) => plan['createdBy'] },
  { title: 'STATE', value: (plan: Row) => plan['state'] },
  { title: 'VERSION', value: (plan: Row) => plan['version'] ?? 'not saved' },
  { title: 'FOUND', value: (plan: Row) => plan['headline'] },
];

const CHANGE_COLUMNS = [
  { title: 'USER', value: (row: Row) => row['username'] },
  { title: 'OPERATION', value: (row: Row) => row['operation'] },
  { title: 'CAUSE', value: (row: Row) => row['cause'] },
  { title: 'ATTRIBUTE', value: (row: Row) => row['path'] },
  { title: 'BEFORE', value: (row: Row) => row['before'] },
  { title: 'AFTER', value: (row: Row) => row['after'] },
  { title: 'REASON', value: (row: Row) => row['reason']?.message },
  { title: 'LEFT OUT', value: (row: Row) => row['leftOut'] },
];

function describePlan(plan: Row): string {
  const { duration, guard, collisions, applied } = plan;
  const list = (counted: Record<string, number> | undefined) =>
    Object.entries(counted ?? {})
      .map(([name, number]) => `${name} ${number}`)
      .join(', ');
  return formatFacts([
    ['Plan', plan['id']],
    ['State', plan['state']],
    ['Why', plan['problem']],
    ['Found', plan['headline']],
    ['Made for', plan['plannedAt']],
    ['Configuration', plan['version'] === null ? 'not saved yet' : `version ${plan['version']}`],
    ['Attributes', list(plan['byAttribute'])],
    ['Causes', list(plan['byCause'])],
    ['Waiting', list(plan['waiting'])],
    ['Enter and leave', plan['enters'] === undefined ? '' : `${plan['enters']} and ${plan['leaves']}`],
    ['Takes', duration && `${duration.seconds} s for ${duration.calls} calls (${duration.basis})`],
    ['Guard', guard?.wouldHold ? `would hold ${guard.wanted} deactivations: the limit is ${guard.limit}` : ''],
    ...(collisions?.items ?? []).map(
      (found: Row) =>
        [
          'Collision',
          `${found['path']} ${found['value']}: ${found['users'].map((user: Row) => user['username']).join(', ')}`,
        ] as const,
    ),
    ['Applied', applied && `${applied.at} by ${applied.by}: ${applied.marked} users due, ${applied.leftOut} left out`],
  ]);
}
