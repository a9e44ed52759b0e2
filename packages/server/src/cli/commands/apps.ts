import { Option } from 'commander';
import { pathOf, type Row } from '../api.ts';
import { type AddCommand, parseCount } from '../command-context.ts';
import { formatFacts, formatTable } from '../print.ts';
import { addAppTarget } from './app-target.ts';
import { describeApp, stateOf } from './describe-app.ts';
import { addAppPresentation } from './present-apps.ts';
import { addAppSetUp } from './set-up-apps.ts';
import { addQuarantineCommands } from './undone.ts';

export const addAppsCommand: AddCommand = (program, context) => {
  const apps = program.command('apps').description('connected apps');
  apps
    .command('list')
    .description('list connected apps')
    .action(async () => {
      const page = await context.api().call('GET', '/apps');
      context.show(page, ({ items }) => formatTable(items, COLUMNS, NO_APPS));
    });
  apps
    .command('show')
    .description('show a connected app')
    .argument('<app>', 'its name')
    .action(async (app: string) => {
      context.show(await context.api().call('GET', pathOf`/apps/${app}`), describeApp);
    });
  apps
    .command('test')
    .description('test the connection: address, TLS, credential, discovery and a harmless read')
    .argument('<app>', 'its name')
    .action(async (app: string) => {
      const result = await context.api().call('POST', pathOf`/apps/${app}/test`);
      context.show(result, ({ steps }) => formatTable<Row>(steps, STEP_COLUMNS));
      if (!result['ok']) context.fail();
    });
  apps
    .command('readiness')
    .description('look at the six pieces now, and tell what is red and what to do; fails when the next level is closed')
    .argument('<app>', 'its name')
    .option('--configuration-version <number>', 'of another version than the one that is rolled out', parseCount)
    .addOption(
      new Option('--level <level>', 'what it shall be ready for')
        .choices(['drill', 'pilot', 'promotion'])
        .default('pilot'),
    )
    .action(async (app: string, options: { configurationVersion?: number; level: string }) => {
      const { configurationVersion: version, level } = options;
      const query = version === undefined ? {} : { version };
      const found = await context.api().call('GET', pathOf`/apps/${app}/readiness`, { query });
      context.show(found, describeReadiness);
      if (!found['levels'][level].open) context.fail();
    });
  apps
    .command('schema')
    .description("the attributes of the target's accounts, read now, and what changed since the version in force")
    .argument('<app>', 'its name')
    .action(async (app: string) => {
      context.show(await context.api().call('GET', pathOf`/apps/${app}/schema`), describeSchema);
    });
  apps
    .command('activate')
    .description('let a draft work for everyone at once; the careful way is a rollout, which begins with a pilot')
    .argument('<app>', 'its name')
    .option('--everyone <reason>', 'why everyone is reached at once; kept with the version and in the audit')
    .action(async (app: string, { everyone }: { everyone?: string }) => {
      const body = everyone === undefined ? {} : { withoutRollout: everyone };
      context.show(await context.api().call('POST', pathOf`/apps/${app}/activate`, { body }), describeApp);
    });
  for (const [verb, description] of [
    ['pause', 'send nothing more after the calls that are under way'],
    ['resume', 'go on with everything that became due during the pause'],
  ] as const) {
    apps
      .command(verb)
      .description(description)
      .argument('<app>', 'its name')
      .action(async (app: string) => {
        context.show(await context.api().call('POST', pathOf`/apps/${app}/${verb}`), describeApp);
      });
  }
  addAppSetUp(apps, context);
  addAppPresentation(apps, context);
  addQuarantineCommands(apps, context);
  addAppTarget(apps, context);
};

const NO_APPS = 'There is no connected app yet: usher apps create NAME --target ADDRESS makes one.';

const COLUMNS = [
  { title: 'APP', value: (app: Row) => app['name'] },
  { title: 'STATE', value: stateOf },
  { title: 'CONNECTOR', value: (app: Row) => app['connector'] },
  { title: 'LINKED', value: (app: Row) => app['counts'].linked, align: 'right' },
  { title: 'DUE', value: (app: Row) => app['counts'].due, align: 'right' },
  { title: 'RETRYING', value: (app: Row) => app['counts'].retrying, align: 'right' },
  { title: 'PARKED', value: (app: Row) => app['counts'].parked, align: 'right' },
  { title: 'HELD', value: (app: Row) => app['counts'].held, align: 'right' },
  { title: 'TARGET', value: (app: Row) => app['baseUrl'] },
] as const;

const STEP_COLUMNS = [
  { title: 'STEP', value: (step: Row) => step['step'] },
  { title: 'OK', value: (step: Row) => step['ok'] },
  { title: 'FOUND', value: (step: Row) => step['message'] },
  { title: 'TARGET SAID', value: (step: Row) => step['detail'] },
  { title: 'FIX', value: (step: Row) => step['fix'] },
];

const ATTRIBUTE_COLUMNS = [
  { title: 'ATTRIBUTE', value: (attribute: Row) => attribute['path'] },
  { title: 'TYPE', value: (attribute: Row) => attribute['type'] },
  { title: 'SEVERAL', value: (attribute: Row) => attribute['multiValued'] || '' },
  { title: 'REQUIRED', value: (attribute: Row) => attribute['required'] || '' },
  { title: 'MUTABILITY', value: (attribute: Row) => attribute['mutability'] },
  { title: 'VALUES', value: (attribute: Row) => attribute['canonicalValues'] },
];

function describeSchema({ attributes, comparedWith, changes }: Row): string {
  const table = formatTable<Row>(attributes, ATTRIBUTE_COLUMNS);
  if (comparedWith === null) return table;
  const lines = changes.map(
    ({ path, change, breaks }: Row) => [breaks ? 'Changed, and breaks' : 'Changed', `${path} ${change}`] as const,
  );
  const told = lines.length === 0 ? `Nothing changed since version ${comparedWith}.\n` : formatFacts(lines);
  return `${table}\n${told}`;
}

const CHECK_COLUMNS = [
  { title: 'PIECE', value: (check: Row) => check['title'] },
  { title: 'CHECK', value: (check: Row) => check['check'] },
  { title: 'STANDS', value: (check: Row) => check['stands'] },
  { title: 'FOUND', value: (check: Row) => check['message'] },
  { title: 'FIX', value: (check: Row) => check['fix'] },
];

function describeReadiness({ pieces, levels, version }: Row): string {
  const lines = pieces.flatMap(({ title, checks, warnings }: Row, index: number) => {
    const name = `${index + 1}. ${title}`;
    return [
      ...checks.map((check: Row) => ({ ...check, title: name, stands: check['ok'] ? 'ready' : 'red' })),
      ...warnings.map((warning: Row) => ({ ...warning, title: name, check: '', stands: 'warning' })),
    ];
  });
  const told = Object.entries(levels as Record<string, Row>).map(([name, level]) => {
    const first = level['blockers'][0];
    return [
      `Ready for ${LEVEL_NAMES[name] ?? name}`,
      level['open'] ? 'yes' : `no: ${first.problem}. ${first.fix}`,
    ] as const;
  });
  return `${formatTable<Row>(lines, CHECK_COLUMNS)}\n${formatFacts([['Version', version ?? 'none'], ...told])}`;
}

const LEVEL_NAMES: Record<string, string> = { drill: 'a drill', pilot: 'the pilot', promotion: 'promotion' };
