import { pathOf, type Row } from '../api.ts';
import type { AddCommand } from '../command-context.ts';
import { formatFacts, formatTable } from '../print.ts';

export const addAppsCommand: AddCommand = (program, context) => {
  const apps = program.command('apps').description('connected apps');
  apps
    .command('list')
    .description('list connected apps')
    .action(async () => {
      const page = await context.api().call('GET', '/apps');
      context.show(page, ({ items }) => formatTable(items, COLUMNS));
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
  for (const [verb, description] of [
    ['activate', 'let a draft work'],
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
};

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

/** A quarantine matters more than what the app was told to do. */
function stateOf(app: Row): string {
  return app['quarantine'] ? `quarantined (${app['quarantine'].cause})` : app['state'];
}

function describeApp(app: Row): string {
  const { counts, quarantine, credential, triggers, deactivationLimit: limit } = app;
  const on = Object.entries(triggers).flatMap(([name, enabled]) => (enabled ? [name] : []));
  return formatFacts([
    ['App', app['name']],
    ['Label', app['label']],
    ['Description', app['description']],
    ['State', stateOf(app)],
    ['Why', quarantine?.message],
    ['Next step', quarantine?.nextStep],
    ['Next probe', quarantine?.probeAt],
    ['Connector', app['connector']],
    ['Target', app['baseUrl']],
    ['Credential', credential ? `${credential.kind}, entered ${credential.enteredAt}` : 'none'],
    ['Configuration', app['activeVersion'] === null ? 'none' : `version ${app['activeVersion']}`],
    ['Triggers on', on.join(', ') || 'none'],
    ['Deactivation limit', `${limit.count} or ${limit.percent} % an hour, the larger of both`],
    ['Stopped until', app['stoppedUntil']],
    ['Accounts', `${counts.linked} linked, ${counts.active} of them active`],
    ['Work', `${counts.due} due, ${counts.retrying} retrying, ${counts.parked} parked, ${counts.held} held`],
    ['Links marked due', app['links']],
    ...(app['warnings'] ?? []).map(
      (warning: Row) => ['Warning', `${warning['field']}: ${warning['problem']}. ${warning['fix']}`] as const,
    ),
  ]);
}
