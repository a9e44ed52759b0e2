import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { type Api, pathOf, type Row } from '../api.ts';
import { type AddCommand, addListOptions, type CommandContext, describeRest, parseCount } from '../command-context.ts';
import { formatFacts, formatTable } from '../print.ts';

const LOOK_EVERY_MS = 1_000;

export const addRolloutsCommand: AddCommand = (program, context) => {
  const rollouts = program
    .command('rollouts')
    .description('how a configuration version reaches people: a pilot, shares of everyone, everyone; and the way back');
  addPlanning(rollouts, context);
  addReading(rollouts, context);
  addMoves(rollouts, context);
  addWaysBack(rollouts, context);
};

function addPlanning(rollouts: Command, context: CommandContext): void {
  rollouts
    .command('plan')
    .description('plan how a saved version reaches people; nobody is reached before it is started')
    .argument('<app>', 'its name')
    .option('--configuration-version <number>', 'the saved version; the newest unless given', parseCount)
    .option('--user <user...>', 'in the pilot: ids or Usernames')
    .option('--profile <name...>', 'in the pilot: whoever has one of these profiles')
    .option('--permission-set <name...>', 'in the pilot: whoever holds one of these permission sets')
    .option('--percent <share...>', 'rising shares of everyone between the pilot and everyone; 10 50 unless given')
    .option('--no-percent', 'straight from the pilot to everyone')
    .option('--soak-hours <hours>', 'how long each stage is watched; 48 unless given', parseNumber)
    .option('--failures <count>', 'more failures in a stage than this …', parseNumber)
    .option('--failure-percent <share>', '… and than this share of it halt it; 3 and 5 unless given', parseNumber)
    .option('--roll-back-on-failure', 'roll back by itself then, instead of halting')
    .option('--note <text>', 'what it is about; kept with it')
    .action(async (app: string, options: Row) => {
      const api = context.api();
      const version = options['configurationVersion'] ?? (await findNewestVersion(api, app));
      const answer = await api.call('POST', pathOf`/apps/${app}/rollouts`, {
        body: { ...readDraft(options), version },
      });
      context.show(answer, describeRollout);
    });
  onRollout(rollouts, 'discard', 'discard one that was never started').action(async (app: string, id: string) => {
    const ifMatch = await readRevision(context, app, id);
    const answer = await context.api().call('DELETE', pathOf`/apps/${app}/rollouts/${id}`, { ifMatch });
    context.show(answer, () => `Rollout ${id} is discarded.\n`);
  });
}

async function findNewestVersion(api: Api, app: string): Promise<number> {
  const { items } = await api.list(pathOf`/apps/${app}/configurations`, {}, 1);
  const newest: number | undefined = items[0]?.['version'];
  if (newest !== undefined) return newest;
  throw new InvalidArgumentError(`${app} has no saved configuration yet: usher apps proposal ${app} --save.`);
}

function readDraft(options: Row): Row {
  const { user = [], profile = [], permissionSet = [], percent, note } = options;
  const { soakHours, failures, failurePercent, rollBackOnFailure } = options;
  const limit =
    failures === undefined && failurePercent === undefined
      ? {}
      : { failureLimit: { count: failures ?? 3, percent: failurePercent ?? 5 } };
  const settings = {
    ...(soakHours === undefined ? {} : { soakHours }),
    ...limit,
    ...(rollBackOnFailure ? { onFailure: 'roll back' } : {}),
  };
  return {
    pilot: { users: user, profiles: profile, permissionSets: permissionSet },
    ...(Array.isArray(percent)
      ? { percentages: percent.map(parseNumber) }
      : percent === false
        ? { percentages: [] }
        : {}),
    ...(Object.keys(settings).length === 0 ? {} : { settings }),
    ...(note === undefined ? {} : { note }),
  };
}

function addReading(rollouts: Command, context: CommandContext): void {
  addListOptions(
    rollouts.command('list').description('list the rollouts of an app, newest first').argument('<app>', 'its name'),
  ).action(async (app: string, { limit }: { limit: number }) => {
    const page = await context.api().list(pathOf`/apps/${app}/rollouts`, {}, limit);
    context.show(page, ({ items }) => formatTable(items, ROLLOUT_COLUMNS) + describeRest(page));
  });
  rollouts
    .command('open')
    .description('list those that move or stand still, of every app, with what each waits for')
    .action(async () => {
      const page = await context.api().call('GET', '/rollouts');
      context.show(page, ({ items }) => formatTable<Row>(items, OPEN_COLUMNS));
    });
  onRollout(rollouts, 'show', 'show its stages, gates, and what may be done now').action(
    async (app: string, id: string) => {
      context.show(await context.api().call('GET', pathOf`/apps/${app}/rollouts/${id}`), describeRollout);
    },
  );
  onRollout(rollouts, 'stages', 'how many users each stage would bring in now').action(
    async (app: string, id: string) => {
      const answer = await context.api().call('GET', pathOf`/apps/${app}/rollouts/${id}/stages`);
      context.show(answer, ({ items }) => formatTable<Row>(items, OUTLOOK_COLUMNS));
    },
  );
  addListOptions(onRollout(rollouts, 'users', 'list whom it has reached'))
    .option('--stage <ordinal>', 'reached in this stage; the pilot is 0', parseNumber)
    .addOption(
      new Option('--work <state>', 'how far they are').choices([
        ...['done', 'pending', 'retrying', 'failed', 'held', 'waiting', 'failed before'],
      ]),
    )
    .action(async (app: string, id: string, { limit, stage, work }: Row) => {
      const page = await context.api().list(pathOf`/apps/${app}/rollouts/${id}/users`, { stage, work }, limit);
      context.show(page, ({ items }) => formatTable(items, USER_COLUMNS) + describeRest(page));
    });
  onRollout(rollouts, 'why', 'why a user is in the stage that they are in, or in none yet')
    .argument('<user>', 'id or Username')
    .action(async (app: string, id: string, user: string) => {
      const place = await context.api().call('GET', pathOf`/apps/${app}/rollouts/${id}/users/${user}`);
      context.show(place, ({ sentence }) => `${sentence}.\n`);
    });
}

const OVERRIDE: [string, string] = ['--override <reason>', 'why to go on although a gate is closed; kept'];
const WHY: [string, string] = ['--why <reason>', 'why; kept with the rollout'];
const MOVES = [
  ['start', 'start', 'let the pilot begin; of a draft it is the activation', OVERRIDE],
  ['pause', 'pause', 'reach nobody else until it is continued', WHY],
  ['continue', 'continue', 'go on in the same stage; after a halt, say what was done', WHY],
  ['advance', 'advance', 'go on to the next stage, or from the last one to the end', OVERRIDE],
  ['stop', 'stop', 'reach nobody else, for good; whoever was reached keeps the version', WHY],
  ['undo-stage', 'undo-stage', 'take the users of the present stage back to what served them before', WHY],
  ['roll-back', 'roll-back', 'take everybody back to the version before', WHY],
] as const;

function addMoves(rollouts: Command, context: CommandContext): void {
  for (const [name, path, description, option] of MOVES) {
    const goesBack = name === 'undo-stage' || name === 'roll-back';
    const command = onRollout(rollouts, name, description).option(...option);
    if (goesBack) command.option('--wait', 'wait until every account was read at the target');
    command
      .option(
        '--revision <number>',
        'refuse when it was changed since this revision; absent: the present one',
        parseCount,
      )
      .action(async (app: string, id: string, { override, why, revision, wait }: Row) => {
        const ifMatch = revision === undefined ? await readRevision(context, app, id) : `"${revision}"`;
        const body = override === undefined ? (why === undefined ? {} : { reason: why }) : { override };
        const answer = await context
          .api()
          .call('POST', `${pathOf`/apps/${app}/rollouts/${id}`}/${path}`, { ifMatch, body });
        if (wait) await showProved(context, app, answer['rollback']['id']);
        else context.show(answer, describeRollout);
      });
  }
  rollouts
    .command('back')
    .description('one command back: from the version that is rolled out, or that a rollout brought in force')
    .argument('<app>', 'its name')
    .requiredOption(...WHY)
    .option('--wait', 'wait until every account was read at the target')
    .action(async (app: string, { why, wait }: Row) => {
      const answer = await context.api().call('POST', pathOf`/apps/${app}/roll-back`, { body: { reason: why } });
      if (wait) await showProved(context, app, answer['rollback']['id']);
      else context.show(answer, describeRollout);
    });
}

function addWaysBack(rollouts: Command, context: CommandContext): void {
  addListOptions(
    rollouts
      .command('rollbacks')
      .description('list the ways back of an app, newest first')
      .argument('<app>', 'its name'),
  ).action(async (app: string, { limit }: { limit: number }) => {
    const page = await context.api().list(pathOf`/apps/${app}/rollbacks`, {}, limit);
    context.show(page, ({ items }) => formatTable(items, ROLLBACK_COLUMNS) + describeRest(page));
  });
  const onRollback = (name: string, description: string) =>
    rollouts.command(name).description(description).argument('<app>', 'its name').argument('<rollback>', 'its number');
  addListOptions(onRollback('proof', 'list the accounts of a way back, each with what was read at the target'))
    .option('--state <state>', 'as before, differs, gone, no account, held, parked, left, could not be read, healing')
    .option('--output <file>', 'write all of them to a file instead')
    .addOption(new Option('--format <format>', 'of the file').choices(['csv', 'ndjson']).default('csv'))
    .action(async (app: string, id: string, { limit, state, output, format }: Row) => {
      const path = pathOf`/apps/${app}/rollbacks/${id}`;
      if (output !== undefined) {
        await pipeline(await context.api().download(`${path}/export`, { format, state }), createWriteStream(output));
        context.note(`Wrote ${output}`);
        return;
      }
      const page = await context.api().list(`${path}/accounts`, { state }, limit);
      context.show(page, ({ items }) => formatTable(items, PROOF_COLUMNS) + describeRest(page));
    });
  onRollback('verify', 'read every account of a way back again; nothing is written to the target')
    .option('--no-wait', 'do not wait until it is done')
    .action(async (app: string, id: string, { wait }: { wait: boolean }) => {
      const answer = await context.api().call('POST', pathOf`/apps/${app}/rollbacks/${id}/verify`);
      if (wait) await showProved(context, app, id);
      else context.show(answer, describeRollback);
    });
}

function onRollout(rollouts: Command, name: string, description: string): Command {
  return rollouts
    .command(name)
    .description(description)
    .argument('<app>', 'its name')
    .argument('<rollout>', 'its number');
}

async function readRevision(context: CommandContext, app: string, id: string): Promise<string> {
  const { revision } = await context.api().call('GET', pathOf`/apps/${app}/rollouts/${id}`);
  return `"${revision}"`;
}

/** Waits until the target was read, and fails unless it proves the way back. */
async function showProved(context: CommandContext, app: string, id: string | number): Promise<void> {
  for (let told = ''; ; await sleep(LOOK_EVERY_MS)) {
    const rollback = await context.api().call('GET', pathOf`/apps/${app}/rollbacks/${id}`);
    if (rollback['state'] === 'done') {
      context.show(rollback, describeRollback);
      if (!rollback['isProved']) context.fail();
      return;
    }
    if (rollback['sentence'] !== told) context.note(`${rollback['sentence']}.`);
    told = rollback['sentence'];
  }
}

function parseNumber(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value < 0) {
    throw new InvalidArgumentError('Give a number from 0 on.');
  }
  return value;
}

const ROLLOUT_COLUMNS = [
  { title: 'ROLLOUT', value: (one: Row) => one['id'], align: 'right' },
  { title: 'VERSION', value: (one: Row) => one['version'], align: 'right' },
  { title: 'STATE', value: (one: Row) => one['state'] },
  { title: 'STAGE', value: (one: Row) => one['stages'][one['stage']]?.name },
  { title: 'LAST CHANGE', value: (one: Row) => one['changedAt'] },
  { title: 'BY', value: (one: Row) => `${one['changedBy']} ${one['changedHow']}` },
  { title: 'NOTE', value: (one: Row) => one['withoutRollout'] ?? one['halt']?.why ?? one['note'] },
] as const;
const OPEN_COLUMNS = [
  { title: 'APP', value: (one: Row) => one['app'] },
  { title: 'ROLLOUT', value: (one: Row) => one['id'], align: 'right' },
  { title: 'WAITS FOR', value: (one: Row) => one['waits'] },
  { title: 'SINCE', value: (one: Row) => one['since'] },
  { title: 'WHAT', value: (one: Row) => one['sentence'] },
  { title: 'NEXT STEP', value: (one: Row) => one['nextStep'] },
] as const;
const OUTLOOK_COLUMNS = [
  { title: 'STAGE', value: (stage: Row) => stage['name'] },
  { title: 'BEGAN', value: (stage: Row) => stage['hasBegun'] },
  { title: 'REACHED', value: (stage: Row) => stage['reached'], align: 'right' },
  { title: 'WOULD BRING IN', value: (stage: Row) => stage['newcomers'], align: 'right' },
] as const;
const USER_COLUMNS = [
  { title: 'USER', value: (user: Row) => user['username'] },
  { title: 'STAGE', value: (user: Row) => user['stage'], align: 'right' },
  { title: 'SINCE', value: (user: Row) => user['at'] },
  { title: 'BECAUSE', value: (user: Row) => user['because'] },
  { title: 'WORK', value: (user: Row) => user['work'] },
  { title: 'WHY', value: (user: Row) => user['reason'] },
  { title: 'NEXT STEP', value: (user: Row) => user['nextStep'] },
] as const;
const STAGE_COLUMNS = [
  { title: 'STAGE', value: (stage: Row) => stage['name'] },
  { title: 'BEGAN', value: (stage: Row) => stage['startedAt'] },
  { title: 'REACHED', value: (stage: Row) => stage['work'].reached, align: 'right' },
  { title: 'IN ORDER', value: (stage: Row) => stage['work'].done + stage['work'].waiting, align: 'right' },
  { title: 'ON THE WAY', value: (stage: Row) => stage['work'].pending + stage['work'].retrying, align: 'right' },
  { title: 'FAILED', value: (stage: Row) => stage['work'].failed, align: 'right' },
  { title: 'HELD', value: (stage: Row) => stage['work'].held, align: 'right' },
  {
    title: 'WATCHED',
    value: (stage: Row) => (stage['startedAt'] ? formatHours(stage['soakedMs']) : ''),
    align: 'right',
  },
  {
    title: 'LEFT',
    value: (stage: Row) => (stage['soakLeftMs'] === null ? '' : formatHours(stage['soakLeftMs'])),
    align: 'right',
  },
  { title: 'P95', value: (stage: Row) => (stage['latency'].p95Ms ? `${Math.round(stage['latency'].p95Ms)} ms` : '') },
  {
    title: 'CHANGED',
    value: (stage: Row) => stage['changedAttributes'].slice(0, 5).map((one: Row) => `${one['path']} ${one['count']}`),
  },
  { title: 'PASSED OVER', value: (stage: Row) => stage['overrideReason'] },
] as const;
const GATE_COLUMNS = [
  { title: 'GATE', value: (gate: Row) => gate['gate'] },
  { title: 'OPEN', value: (gate: Row) => gate['open'] },
  { title: 'WHAT IT SEES', value: (gate: Row) => gate['message'] },
  { title: 'WHAT OPENS IT', value: (gate: Row) => gate['fix'] },
] as const;
const COMMAND_COLUMNS = [
  { title: 'COMMAND', value: (one: Row) => one['command'] },
  { title: 'THEN', value: (one: Row) => one['leadsTo'] },
  { title: 'NEEDS', value: (one: Row) => one['needs'] },
] as const;
const ROLLBACK_COLUMNS = [
  { title: 'ROLLBACK', value: (one: Row) => one['id'], align: 'right' },
  { title: 'AT', value: (one: Row) => one['at'] },
  { title: 'BY', value: (one: Row) => one['by'] },
  { title: 'FROM', value: (one: Row) => one['fromVersion'], align: 'right' },
  { title: 'TO', value: (one: Row) => one['toVersion'], align: 'right' },
  { title: 'PROVED', value: (one: Row) => one['isProved'] },
  { title: 'FOUND', value: (one: Row) => one['sentence'] },
] as const;
const PROOF_COLUMNS = [
  { title: 'USER', value: (proof: Row) => proof['username'] },
  { title: 'STATE', value: (proof: Row) => proof['state'] },
  { title: 'READ', value: (proof: Row) => proof['readAt'] },
  {
    title: 'DIFFERENCES',
    value: (proof: Row) =>
      proof['differences']?.map(
        ({ path, expected, found }: Row) => `${path}: ${JSON.stringify(found)} instead of ${JSON.stringify(expected)}`,
      ),
  },
  { title: 'DETAIL', value: (proof: Row) => proof['detail'] },
] as const;

function formatHours(ms: number): string {
  const minutes = Math.ceil(ms / 60_000);
  return minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 6) / 10} h`;
}

function describeRollout(rollout: Row): string {
  const { pilot } = rollout;
  const names = (list: Row[]) => list.map(({ name }) => name);
  const facts = formatFacts([
    ['Rollout', rollout['id']],
    ['State', rollout['sentence']],
    ['Stands still', rollout['halt'] ? `${rollout['halt'].by}: ${rollout['halt'].why}` : null],
    ['Version', rollout['version']],
    ['Before it', rollout['baseVersion'] ?? 'nobody is served'],
    ['Pilot users', names(pilot['users'])],
    ['Pilot profiles', names(pilot['profiles'])],
    ['Pilot permission sets', names(pilot['permissionSets'])],
    ['Last change', `${rollout['changedBy']} ${rollout['changedHow']} on ${rollout['changedAt']}`],
    ['Way back', rollout['rollback']?.sentence],
    ['Note', rollout['note']],
  ]);
  const possible = rollout['commands'].filter((one: Row) => one['possible']);
  const tables = [
    formatTable<Row>(rollout['stages'], STAGE_COLUMNS),
    rollout['gates'].length > 0 ? formatTable<Row>(rollout['gates'], GATE_COLUMNS) : '',
    possible.length > 0 ? formatTable<Row>(possible, COMMAND_COLUMNS) : '',
  ];
  return [facts, ...tables.filter((table) => table !== '')].join('\n');
}

function describeRollback(rollback: Row): string {
  return formatFacts([
    ['Way back', rollback['id']],
    ['Proved', rollback['isProved']],
    ['Found', rollback['sentence']],
    ['From version', rollback['fromVersion']],
    ['To version', rollback['toVersion']],
    ['By', rollback['by']],
    ['Why', rollback['reason']],
    ['Began', rollback['at']],
    ['Finished', rollback['finishedAt']],
  ]);
}
