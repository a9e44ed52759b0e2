import { openAsBlob } from 'node:fs';
import { Readable } from 'node:stream';
import { type Command, Option } from 'commander';
import type { Api, Query, Row } from '../api.ts';
import { type AddCommand, parseCount } from '../command-context.ts';
import { formatFacts, formatTable } from '../print.ts';

interface ImportOptions {
  readonly dryRun?: boolean;
  readonly skipBadRows?: boolean;
  readonly key?: string;
  readonly snapshot?: boolean;
  readonly snapshotToken?: string;
  readonly allowLeavers?: number;
  readonly yes?: boolean;
}

export const addImportCommand: AddCommand = (program, context) => {
  program
    .command('import')
    .description('import users from a CSV file; the same file twice changes nothing')
    .argument('<file>', 'CSV in UTF-8 with the names of fields in its first line; - is standard input')
    .option('--dry-run', 'only show what would be done')
    .option('--skip-bad-rows', 'import the good rows; otherwise one bad row stops all')
    .addOption(
      new Option('--key <field>', 'the column that tells which user a line means').choices([
        'Username',
        'FederationIdentifier',
        'EmployeeNumber',
      ]),
    )
    .option('--snapshot', 'the file is everybody: active users that it does not name leave; they are shown first')
    .option('--snapshot-token <token>', 'from the run that showed the leavers: let them leave')
    .option('--allow-leavers <count>', 'with --snapshot: so many may leave, although it is more than usual', parseCount)
    .option('--yes', 'with --snapshot: do not stop to show the leavers')
    .action(async (file: string, options: ImportOptions, command: Command) => {
      if (file === '-' && options.yes && options.snapshot)
        command.error('error: --snapshot --yes reads the file twice; give a file');
      const report = await runImport(context.api(), () => openFile(file, command), options);
      context.show(report, (answer) => describeReport(answer, options));
      if (report['bad'] > 0 || report['problemCount'] > 0) context.fail();
    });
};

type OpenFile = () => Promise<Blob | ReadableStream<Uint8Array>>;

/** A snapshot is first run dry, so that nobody leaves who was not shown. */
async function runImport(api: Api, open: OpenFile, options: ImportOptions): Promise<Row> {
  const query: Query = {
    mode: options.skipBadRows ? 'skip-bad-rows' : undefined,
    key: options.key,
    snapshot: options.snapshot ? true : undefined,
    allowLeavers: options.allowLeavers,
  };
  const send = async (more: Query): Promise<Row> =>
    await api.call('POST', '/users/import', { query: { ...query, ...more }, csv: await open() });
  if (options.dryRun) return await send({ dryRun: true });
  if (!options.snapshot) return await send({});
  if (options.snapshotToken !== undefined) return await send({ snapshotToken: options.snapshotToken });
  const shown = await send({ dryRun: true });
  const hasLeavers = (shown['leavers']?.count ?? 0) > 0;
  if (hasLeavers && !options.yes) return shown;
  return await send({ snapshotToken: shown['leavers']?.snapshotToken });
}

async function openFile(file: string, command: Command): Promise<Blob | ReadableStream<Uint8Array>> {
  if (file === '-') return Readable.toWeb(process.stdin) as ReadableStream<Uint8Array>;
  try {
    return await openAsBlob(file);
  } catch (error) {
    return command.error(`error: ${file} cannot be read: ${error instanceof Error ? error.message : error}`);
  }
}

const MOST_SHOWN = 50;

function describeReport(report: Row, options: ImportOptions): string {
  const { problems, leavers } = report;
  const facts = formatFacts([
    ['Rows', report['rows']],
    ['Created', report['created']],
    ['Updated', report['updated']],
    ['Unchanged', report['unchanged']],
    ['Deactivated', report['deactivated'] || null],
    ['Reactivated', report['reactivated'] || null],
    ['Left', report['left'] || null],
    ['Bad', report['bad'] || null],
  ]);
  const bad = problems.length === 0 ? '' : `\n${formatTable<Row>(problems.slice(0, MOST_SHOWN), PROBLEM_COLUMNS)}`;
  const rest =
    report['problemCount'] > MOST_SHOWN
      ? `… and ${report['problemCount'] - MOST_SHOWN} more; --json shows them.\n`
      : '';
  const gone = leavers === null || leavers.count === 0 ? '' : `\n${describeLeavers(leavers)}`;
  return `${facts}${bad}${rest}${gone}\n${conclude(report, options)}\n`;
}

function describeLeavers({ count, activeUsers, limit, users }: Row): string {
  const shown = users.slice(0, MOST_SHOWN).map((user: Row) => user['Username']);
  const more = count > shown.length ? `\n  … and ${count - shown.length} more` : '';
  const over = count > limit ? `\nThat is more than ${limit}: they leave only with --allow-leavers ${count}.` : '';
  return `Not in the file, and so to leave: ${count} of ${activeUsers} active users\n${formatTable<string>(shown, [{ title: '', value: (name) => `  ${name}` }]).trim()}${more}${over}\n`;
}

function conclude(report: Row, options: ImportOptions): string {
  if (report['applied']) return 'Imported.';
  const token = report['leavers']?.snapshotToken;
  if (options.snapshot && !options.dryRun && token !== undefined)
    return `Nothing was changed yet. Let them leave with --snapshot-token ${token}`;
  return options.dryRun ? 'A dry run: nothing was changed.' : 'Nothing was changed.';
}

const PROBLEM_COLUMNS = [
  { title: 'LINE', value: (problem: Row) => problem['line'], align: 'right' },
  { title: 'COLUMN', value: (problem: Row) => problem['column'] },
  { title: 'PROBLEM', value: (problem: Row) => problem['problem'] },
  { title: 'FIX', value: (problem: Row) => problem['fix'] },
] as const;
