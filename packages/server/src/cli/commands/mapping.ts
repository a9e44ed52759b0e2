import type { Command } from 'commander';
import { pathOf, type Row } from '../api.ts';
import { type AddCommand, type CommandContext, parseCount } from '../command-context.ts';
import { formatCell, formatFacts, formatTable } from '../print.ts';
import { readJson } from '../read-json.ts';

export const addMappingCommand: AddCommand = (program, context) => {
  const mapping = program.command('mapping').description('the rules from users to accounts, and their versions');
  addVersions(mapping, context);
  addSaving(mapping, context);
  mapping
    .command('test')
    .description('run the tests that are kept with the mapping; fails when one does')
    .argument('<app>', 'its name')
    .option('--configuration-version <number>', 'of another version than the one in force', parseCount)
    .action(async (app: string, { configurationVersion: version }: { configurationVersion?: number }) => {
      const query = version === undefined ? {} : { version };
      const answer = await context.api().call('POST', pathOf`/apps/${app}/mapping/test`, { query });
      context.show(answer, describeResults);
      if (!answer['ok']) context.fail();
    });
  mapping
    .command('check')
    .description('check one formula, and evaluate it for a user; nothing is saved')
    .argument('<app>', 'its name')
    .argument('<formula>', 'such as LEFT(FirstName, 1) & LastName')
    .option('--target <path>', 'the attribute that it is for')
    .option('--user <user>', 'id or Username')
    .action(async (app: string, formula: string, { target, user }: { target?: string; user?: string }) => {
      const body = { formula, ...(target === undefined ? {} : { target }), ...(user === undefined ? {} : { user }) };
      const answer = await context.api().call('POST', pathOf`/apps/${app}/mapping/check`, { body });
      context.show(answer, (trial) => describeTrial(formula, trial));
      if (!answer['ok'] || answer['evaluation']?.error) context.fail();
    });
};

function addVersions(mapping: Command, context: CommandContext): void {
  mapping
    .command('versions')
    .description('list the configuration versions, newest first')
    .argument('<app>', 'its name')
    .action(async (app: string) => {
      const page = await context.api().call('GET', pathOf`/apps/${app}/configurations`);
      context.show(page, ({ items }) =>
        formatTable<Row>(items, VERSION_COLUMNS, 'No configuration is saved yet: usher apps proposal APP --save.'),
      );
    });
  mapping
    .command('show')
    .description('a configuration version as JSON, in the form in which it can be saved again')
    .argument('<app>', 'its name')
    .argument('<version>', 'a version', parseCount)
    .action(async (app: string, version: number) => {
      const found = await context.api().call('GET', pathOf`/apps/${app}/configurations/${version}`);
      context.show(found, ({ configuration }) => `${JSON.stringify(configuration, null, 2)}\n`);
    });
  mapping
    .command('diff')
    .description('what changed from one configuration version to another')
    .argument('<app>', 'its name')
    .argument('<from>', 'a version', parseCount)
    .argument('<to>', 'a version', parseCount)
    .action(async (app: string, from: number, to: number) => {
      const answer = await context.api().call('GET', pathOf`/apps/${app}/configurations/${from}/diff/${to}`);
      context.show(answer, ({ changes }) =>
        changes.length === 0 ? 'Nothing changed.\n' : formatTable<Row>(changes, DIFF_COLUMNS),
      );
    });
}

interface SaveOptions {
  note?: string;
  force?: string;
  base?: number;
  dryRun?: boolean;
}

function addSaving(mapping: Command, context: CommandContext): void {
  mapping
    .command('save')
    .description('save a configuration from a file as a new version')
    .argument('<app>', 'its name')
    .argument('<file>', 'JSON, as "usher mapping show" writes it')
    .option('--dry-run', 'tell what is wrong with it and whom it would change, and save nothing')
    .option('--note <text>', 'why; kept with the version')
    .option('--force <reason>', 'although mapping tests fail')
    .option('--base <version>', 'the version that it was made of: refused when another was saved meanwhile', parseCount)
    .action(async (app: string, file: string, { note, force, base, dryRun = false }: SaveOptions) => {
      const given = (await readJson(file)) as Row;
      const options = { note, force, baseVersion: base };
      const more = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
      const request = { query: { dryRun }, body: { ...given, ...more } };
      const saved = await context.api().call('POST', pathOf`/apps/${app}/configurations`, request);
      context.show(saved, describeSaved);
      if (saved['problems'].length > 0) context.fail();
    });
  mapping
    .command('restore')
    .description('save an older version anew, as the newest')
    .argument('<app>', 'its name')
    .argument('<version>', 'a version', parseCount)
    .option('--note <text>', 'why; kept with the version')
    .option('--force <reason>', 'although mapping tests fail')
    .action(async (app: string, version: number, { note, force }: SaveOptions) => {
      const body = { ...(note === undefined ? {} : { note }), ...(force === undefined ? {} : { force }) };
      const path = pathOf`/apps/${app}/configurations/${version}/restore`;
      context.show(await context.api().call('POST', path, { body }), describeSaved);
    });
}

const VERSION_COLUMNS = [
  { title: 'VERSION', value: (version: Row) => version['version'], align: 'right' as const },
  { title: 'IN FORCE', value: (version: Row) => version['isActive'] || '' },
  { title: 'SAVED', value: (version: Row) => version['createdAt'] },
  { title: 'BY', value: (version: Row) => version['author'] },
  { title: 'RULES', value: (version: Row) => version['rules'], align: 'right' as const },
  { title: 'NOTE', value: (version: Row) => version['note'] },
];

const DIFF_COLUMNS = [
  { title: 'WHAT', value: (change: Row) => change['path'] },
  { title: 'BEFORE', value: (change: Row) => change['before'] },
  { title: 'AFTER', value: (change: Row) => change['after'] },
];

const RESULT_COLUMNS = [
  { title: 'TEST', value: (result: Row) => result['name'] },
  { title: 'RESULT', value: (result: Row) => (result['ok'] ? 'passed' : 'failed') },
  {
    title: 'WHY',
    value: (result: Row) => result['failures'].map((failure: Row) => failure['message']).join('; '),
  },
];

function describeResults({ version, results }: Row): string {
  if (results.length === 0) return `Version ${version} has no tests.\n`;
  const passed = results.filter((result: Row) => result['ok']).length;
  return `${formatTable<Row>(results, RESULT_COLUMNS)}${passed} of ${results.length} passed (version ${version}).\n`;
}

function describeSaved({ saved, version, inForce, links, problems, warnings, tests, effect }: Row): string {
  const finding = (kind: string) => (found: Row) =>
    [kind, `${found['field']}: ${found['problem']}. ${found['fix']}`] as const;
  const { changed } = effect ?? {};
  const about = changed && !effect.isExact ? ` (between ${changed.low} and ${changed.high}, from a sample)` : '';
  return formatFacts([
    ['Saved', saved ? `version ${version}` : 'nothing: this was a dry run'],
    ['Would do', effect?.headline],
    ['Users it changes', changed && `${changed.count}${about}`],
    [
      'In force',
      saved && !inForce ? `no: it serves nobody before a rollout brings it to them (usher rollouts plan)` : '',
    ],
    ['Links compared', saved && inForce ? links : ''],
    ...problems.map(finding('Problem')),
    ...warnings.map(finding('Warning')),
    ['Tests', tests && `${tests.filter((test: Row) => test['ok']).length} of ${tests.length} pass`],
  ]);
}

function describeTrial(formula: string, { ok, type, fields, volatile, errors, warnings, evaluation }: Row): string {
  const finding = (kind: string) => (found: Row) =>
    [
      kind,
      `${found['message']} (at ${formula.slice(found['start'], found['end']) || `character ${found['start'] + 1}`})`,
    ] as const;
  return formatFacts([
    ['Formula', ok ? 'can be used' : 'cannot be used'],
    ['Gives', type],
    ['Reads', fields.join(', ')],
    ['Changes with time', volatile || ''],
    ...errors.map(finding('Error')),
    ...warnings.map(finding('Warning')),
    ...(evaluation?.sources ?? []).map(
      ({ field, value }: Row) => [field, value === null ? '(blank)' : formatCell(value)] as const,
    ),
    ['Value', evaluation && !evaluation.error ? (evaluation.value === null ? '(blank)' : evaluation.value) : ''],
    ['Failed', evaluation?.error?.message],
  ]);
}
