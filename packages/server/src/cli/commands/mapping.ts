import { pathOf, type Row } from '../api.ts';
import { type AddCommand, parseCount } from '../command-context.ts';
import { formatTable } from '../print.ts';

export const addMappingCommand: AddCommand = (program, context) => {
  const mapping = program.command('mapping').description('the rules from users to accounts');
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
};

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
