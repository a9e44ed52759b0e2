import { setTimeout as sleep } from 'node:timers/promises';
import { pathOf, type Row } from '../api.ts';
import { type AddCommand, type CommandContext, parseCount } from '../command-context.ts';
import { formatFacts, formatTable } from '../print.ts';

const LOOK_EVERY_MS = 500;

export const addDrillCommand: AddCommand = (program, context) => {
  const drill = program
    .command('drill')
    .description('try on a test user whether an account can be taken away and given back');
  drill
    .command('run')
    .description('create, deactivate, reactivate and clean up an account of a test user at the target')
    .argument('<app>', 'its name')
    .requiredOption('--user <user>', 'a test user: id or Username')
    .option('--configuration-version <number>', 'under a saved version', parseCount)
    .option('--no-wait', 'do not wait until it is done')
    .action(async (app: string, options: { user: string; configurationVersion?: number; wait: boolean }) => {
      const { user, configurationVersion: version, wait } = options;
      const body = { user, ...(version === undefined ? {} : { version }) };
      const asked = await context.api().call('POST', pathOf`/apps/${app}/drills`, { body });
      if (wait) await showSettled(context, app, asked['id']);
      else context.show(asked, describeDrill);
    });
  drill
    .command('list')
    .description('list the drills of an app, newest first')
    .argument('<app>', 'its name')
    .action(async (app: string) => {
      const page = await context.api().call('GET', pathOf`/apps/${app}/drills`);
      context.show(page, ({ items }) =>
        formatTable<Row>(items, DRILL_COLUMNS, 'There was no drill yet: usher drill run APP --user USER.'),
      );
    });
  drill
    .command('show')
    .description('show a drill with its steps; --json has every exchange')
    .argument('<app>', 'its name')
    .argument('<drill>', 'its id')
    .action(async (app: string, id: string) => {
      context.show(await context.api().call('GET', pathOf`/apps/${app}/drills/${id}`), describeDrill);
    });
  drill
    .command('cancel')
    .description('stop a drill after its present step; what it made is cleaned up')
    .argument('<app>', 'its name')
    .argument('<drill>', 'its id')
    .action(async (app: string, id: string) => {
      context.show(await context.api().call('POST', pathOf`/apps/${app}/drills/${id}/cancel`), describeDrill);
    });
  drill
    .command('test-user')
    .description('mark a user as one for tests, whose accounts drills may take away; without a user, list them')
    .argument('[user]', 'id or Username')
    .option('--off', 'take the mark away')
    .action(async (user: string | undefined, { off = false }: { off?: boolean }) => {
      const answer =
        user === undefined
          ? await context.api().call('GET', '/test-users')
          : await context.api().call('PUT', pathOf`/users/${user}/test-user`, { body: { isTest: !off } });
      context.show(answer, (found) => formatTable<Row>(user === undefined ? found['items'] : [found], USER_COLUMNS));
    });
};

async function showSettled(context: CommandContext, app: string, id: string): Promise<void> {
  let told = 0;
  for (;;) {
    const drill = await context.api().call('GET', pathOf`/apps/${app}/drills/${id}`);
    const ended = drill['steps'].filter((step: Row) => step['state'] !== 'running');
    for (const { step, state, message } of ended.slice(told)) context.note(`${step}: ${state}. ${message}`);
    told = ended.length;
    if (!['waiting', 'running'].includes(drill['state'])) {
      context.show(drill, describeDrill);
      if (drill['state'] !== 'passed') context.fail();
      return;
    }
    await sleep(LOOK_EVERY_MS);
  }
}

const DRILL_COLUMNS = [
  { title: 'DRILL', value: (drill: Row) => drill['id'] },
  { title: 'MADE', value: (drill: Row) => drill['createdAt'] },
  { title: 'USER', value: (drill: Row) => drill['username'] },
  { title: 'VERSION', value: (drill: Row) => drill['version'] },
  { title: 'STATE', value: (drill: Row) => drill['state'] },
  { title: 'HOLDS', value: (drill: Row) => drill['holds'] },
  { title: 'WHY', value: (drill: Row) => drill['problem'] },
];
const STEP_COLUMNS = [
  { title: 'STEP', value: (step: Row) => step['step'] },
  { title: 'STATE', value: (step: Row) => step['state'] },
  { title: 'FOUND', value: (step: Row) => step['message'] },
  {
    title: 'EXCHANGES',
    value: (step: Row) => step['exchanges'].map((one: Row) => `${one['method']} ${one['status'] ?? 'no answer'}`),
  },
];
const USER_COLUMNS = [
  { title: 'USER', value: (user: Row) => user['username'] },
  { title: 'ID', value: (user: Row) => user['id'] },
  { title: 'ACTIVE', value: (user: Row) => user['isActive'] },
  { title: 'FOR TESTS', value: (user: Row) => user['isTest'] },
];

function describeDrill(drill: Row): string {
  const facts = formatFacts([
    ['Drill', drill['id']],
    ['State', drill['state']],
    ['Why', drill['problem']],
    ['Next step', drill['nextStep']],
    ['Test user', drill['username']],
    ['Version', drill['version']],
    ['Account left', drill['remoteId']],
    ['Holds for what is in force', drill['holds']],
  ]);
  return drill['steps']?.length > 0 ? `${facts}\n${formatTable<Row>(drill['steps'], STEP_COLUMNS)}` : facts;
}
