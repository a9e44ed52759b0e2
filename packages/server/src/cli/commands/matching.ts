import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Command, Option } from 'commander';
import { pathOf, type Query, type Row } from '../api.ts';
import { type AddCommand, addListOptions, type CommandContext, describeRest, parseCount } from '../command-context.ts';
import { formatFacts, formatTable } from '../print.ts';
import { readJson } from '../read-json.ts';

const LOOK_EVERY_MS = 500;
const UNFINISHED = ['waiting', 'reading', 'matching'];

export const addMatchingCommand: AddCommand = (program, context) => {
  const matching = program
    .command('matching')
    .description('which accounts of a target are whose, before anything is written there');
  addMaking(matching, context);
  addReading(matching, context);
  addDecisions(matching, context);
};

function addMaking(matching: Command, context: CommandContext): void {
  matching
    .command('report')
    .description('read the accounts of the target and compare them with the users')
    .argument('<app>', 'its name')
    .option('--configuration-version <number>', 'by the matching attributes of a saved version', parseCount)
    .option('--note <text>', 'why; kept with the report')
    .option('--no-wait', 'do not wait until it is ready')
    .action(async (app: string, options: { configurationVersion?: number; note?: string; wait: boolean }) => {
      const { configurationVersion: version, note, wait } = options;
      const body = { ...(version === undefined ? {} : { version }), ...(note === undefined ? {} : { note }) };
      const asked = await context.api().call('POST', pathOf`/apps/${app}/matching-reports`, { body });
      if (wait) await showSettled(context, app, asked['id']);
      else context.show(asked, describeReport);
    });
  for (const [verb, description] of [
    ['cancel', 'stop reading; it can be resumed'],
    ['resume', 'go on with a report that failed or was cancelled'],
  ] as const) {
    matching
      .command(verb)
      .description(description)
      .argument('<app>', 'its name')
      .argument('<report>', 'its id')
      .action(async (app: string, id: string) => {
        const report = await context.api().call('POST', pathOf`/apps/${app}/matching-reports/${id}/${verb}`);
        if (verb === 'resume') await showSettled(context, app, id);
        else context.show(report, describeReport);
      });
  }
}

function addReading(matching: Command, context: CommandContext): void {
  matching
    .command('list')
    .description('list the reports that are kept, newest first')
    .argument('<app>', 'its name')
    .action(async (app: string) => {
      const page = await context.api().call('GET', pathOf`/apps/${app}/matching-reports`);
      context.show(page, ({ items }) =>
        formatTable<Row>(items, REPORT_COLUMNS, 'There is no report yet: usher matching report APP.'),
      );
    });
  matching
    .command('show')
    .description('show a report')
    .argument('<app>', 'its name')
    .argument('<report>', 'its id')
    .action(async (app: string, id: string) => {
      context.show(await context.api().call('GET', pathOf`/apps/${app}/matching-reports/${id}`), describeReport);
    });
  const items = matching
    .command('items')
    .description('list the lines of a report')
    .argument('<app>', 'its name')
    .argument('<report>', 'its id');
  addListOptions(addFilter(items)).action(async (app: string, id: string, options: Row) => {
    const path = pathOf`/apps/${app}/matching-reports/${id}/items`;
    const page = await context.api().list(path, readFilter(options), options['limit']);
    context.show(
      page,
      (found) => formatTable<Row>(found.items, ITEM_COLUMNS, 'No line is like that.') + describeRest(found),
    );
  });
  const file = matching
    .command('export')
    .description('the lines of a report as a file')
    .argument('<app>', 'its name')
    .argument('<report>', 'its id')
    .addOption(new Option('--format <format>', 'of the file').choices(['csv', 'ndjson']).default('csv'))
    .requiredOption('--output <file>', 'where it goes');
  addFilter(file).action(async (app: string, id: string, options: Row) => {
    const query = { format: options['format'], ...readFilter(options) };
    const path = pathOf`/apps/${app}/matching-reports/${id}/export`;
    await pipeline(await context.api().download(path, query), createWriteStream(options['output']));
    context.note(`Wrote ${options['output']}`);
  });
}

function addDecisions(matching: Command, context: CommandContext): void {
  const resolve = matching
    .command('resolve')
    .description('link or ignore one line, or all that a filter picks; nothing is written to the target')
    .argument('<app>', 'its name')
    .argument('<report>', 'its id')
    .addOption(
      new Option('--decision <decision>', 'what to do; "undecided" takes an ignoring back')
        .choices(['link', 'ignore', 'undecided'])
        .makeOptionMandatory(),
    )
    .option('--item <number>', 'this line alone', parseCount)
    .option('--user <user>', 'with --item: whose the account is')
    .option('--note <text>', 'why; kept with the decision');
  addFilter(resolve).action(async (app: string, id: string, options: Row) => {
    const { decision, item, user, note } = options;
    const why = note === undefined ? {} : { note };
    const base = pathOf`/apps/${app}/matching-reports/${id}`;
    if (item !== undefined) {
      const body = { decision, ...(user === undefined ? {} : { user }), ...why };
      const decided = await context.api().call('POST', `${base}/items/${item}/resolve`, { body });
      context.show(decided, (line) => formatTable<Row>([line], ITEM_COLUMNS));
      return;
    }
    const filter = Object.fromEntries(Object.entries(readFilter(options)).filter(([, value]) => value !== undefined));
    const { id: asked } = await context.api().call('POST', `${base}/resolve`, { body: { decision, filter, ...why } });
    const done = await waitForResolution(context, base, asked);
    context.show(done, ({ state, done: count, refused, problem }) =>
      formatFacts([
        ['State', state],
        ['Decided', count],
        ['Could not be decided so', refused],
        ['Why', problem],
      ]),
    );
    if (done['state'] === 'failed') context.fail();
  });
  matching
    .command('rules')
    .description('show the decisions that are made by themselves on each report; or replace them from a file')
    .argument('<app>', 'its name')
    .option('--set <file>', 'JSON: [{"decision": "ignore", "filter": {"category": "orphaned", "name": "svc-*"}}]')
    .action(async (app: string, { set }: { set?: string }) => {
      const path = pathOf`/apps/${app}/matching-rules`;
      const answer =
        set === undefined
          ? await context.api().call('GET', path)
          : await context.api().call('PUT', path, { body: { rules: await readJson(set) } });
      context.show(answer, ({ rules }) => (rules.length === 0 ? 'No rules.\n' : formatTable<Row>(rules, RULE_COLUMNS)));
    });
}

function addFilter(command: Command): Command {
  return command
    .option('--category <category>', 'matched, ambiguous, missing, orphaned, inactive or duplicate')
    .option('--matched-by <path>', 'by this matching attribute')
    .option('--standing <standing>', 'of the user: entitled, "out of scope", "not assigned", inactive or deleted')
    .option('--name <pattern>', 'of the account or the user; * stands for anything')
    .option('--active', 'accounts that can be used')
    .option('--not-active', 'accounts that are deactivated at the target')
    .option('--undecided', 'lines without a decision');
}

function readFilter({ category, matchedBy, standing, name, active, notActive, undecided }: Row): Query {
  return {
    ...{ category, matchedBy, standing, name },
    ...(active || notActive ? { active: active === true } : {}),
    ...(undecided ? { decided: false } : {}),
  };
}

async function showSettled(context: CommandContext, app: string, id: string): Promise<void> {
  let told = '';
  for (;;) {
    const report = await context.api().call('GET', pathOf`/apps/${app}/matching-reports/${id}`);
    if (!UNFINISHED.includes(report['state'])) {
      context.show(report, describeReport);
      if (report['state'] !== 'ready') context.fail();
      return;
    }
    const { accounts, users } = report['progress'];
    const text = `${report['state']}: ${accounts} accounts, ${users} users${report['problem'] ? `; ${report['problem']}` : ''}`;
    if (text !== told) context.note(text);
    told = text;
    await sleep(LOOK_EVERY_MS);
  }
}

async function waitForResolution(context: CommandContext, base: string, id: string): Promise<Row> {
  for (;;) {
    const { items } = await context.api().call('GET', `${base}/resolutions`);
    const found = items.find((resolution: Row) => resolution['id'] === id);
    if (found?.state === 'done' || found?.state === 'failed') return found;
    await sleep(LOOK_EVERY_MS);
  }
}

const REPORT_COLUMNS = [
  { title: 'REPORT', value: (report: Row) => report['id'] },
  { title: 'MADE', value: (report: Row) => report['createdAt'] },
  { title: 'BY', value: (report: Row) => report['createdBy'] },
  { title: 'STATE', value: (report: Row) => report['state'] },
  { title: 'FOUND', value: (report: Row) => report['headline'] },
];
const ITEM_COLUMNS = [
  { title: 'LINE', value: (item: Row) => item['id'], align: 'right' as const },
  { title: 'CATEGORY', value: (item: Row) => item['category'] },
  { title: 'ACCOUNT', value: (item: Row) => item['accountName'] ?? item['remoteId'] },
  { title: 'ID', value: (item: Row) => item['remoteId'] },
  { title: 'ACTIVE', value: (item: Row) => item['active'] },
  { title: 'USER', value: (item: Row) => item['username'] },
  { title: 'STANDING', value: (item: Row) => item['standing'] },
  { title: 'BY', value: (item: Row) => (item['linked'] ? 'linked' : item['matchedBy']) },
  { title: 'WHY', value: (item: Row) => item['refusal'] ?? item['explanation'] },
  { title: 'DECISION', value: (item: Row) => item['decision'] },
];
const RULE_COLUMNS = [
  { title: 'DECISION', value: (rule: Row) => rule['decision'] },
  { title: 'FILTER', value: (rule: Row) => rule['filter'] },
  { title: 'NOTE', value: (rule: Row) => rule['note'] },
];

function describeReport(report: Row): string {
  const { progress, byMatchedBy } = report;
  const by = Object.entries(byMatchedBy ?? {}).map(([path, count]) => `${path} ${count}`);
  return formatFacts([
    ['Report', report['id']],
    ['State', report['state']],
    ['Why', report['problem']],
    ['Asked again at', report['retryAt']],
    ['Found', report['headline']],
    ['Matched by', by.join(', ')],
    ['Linked already', report['linked']],
    ['Leavers inside', report['leaversInside'] || ''],
    ['Read', `${progress.accounts} accounts in ${progress.pages} pages`],
    ['Version', report['version']],
    ['Made', report['createdAt']],
    ['Is current', report['isCurrent']],
  ]);
}
