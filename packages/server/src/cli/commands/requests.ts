import { Option } from 'commander';
import { pathOf, type Row } from '../api.ts';
import { type AddCommand, addListOptions, describeRest, parseMoment } from '../command-context.ts';
import { formatCell, formatFacts, formatTable } from '../print.ts';

export const addRequestsCommand: AddCommand = (program, context) => {
  const requests = program
    .command('requests')
    .description('provisioning requests: what was sent for whom, and how it went');
  addListOptions(requests.command('list').description('list them, the newest first'))
    .option('--app <app>', 'of an app')
    .option('--user <user>', 'of a user, by id or Username')
    .addOption(
      new Option('--operation <operation>', 'of one kind').choices([
        'create',
        'update',
        'deactivate',
        'reactivate',
        'delete',
        'link',
      ]),
    )
    .addOption(
      new Option('--state <state>', 'in one state').choices([
        'New',
        'Requested',
        'Completed',
        'Failed',
        'Retried',
        'Manually Completed',
      ]),
    )
    .option('--cause <code>', 'that failed for one cause; docs/errors.md lists them')
    .option('--from <time>', 'made at this time or later', parseMoment)
    .option('--to <time>', 'made before this time', parseMoment)
    .action(async ({ limit, ...filter }) => {
      const page = await context.api().list('/requests', filter, limit);
      context.show(page, ({ items }) => formatTable(items, COLUMNS, 'No request is like that.') + describeRest(page));
    });
  requests
    .command('causes')
    .description('count what failed by its cause')
    .option('--app <app>', 'of an app')
    .action(async (filter) => {
      const answer = await context.api().call('GET', '/requests/causes', { query: { state: 'Failed', ...filter } });
      context.show(answer, ({ items }) => formatTable<Row>(items, CAUSE_COLUMNS, 'Nothing failed.'));
    });
  requests
    .command('show')
    .description('show one with its changes and every attempt')
    .argument('<request>', 'its id')
    .action(async (id: string) => {
      context.show(await context.api().call('GET', pathOf`/requests/${id}`), describeRequest);
    });
  requests
    .command('retry')
    .description('try again now: one failed request, or all of an app that failed for one cause')
    .argument('[request]', 'its id')
    .option('--app <app>', 'with --cause: every failed one of this app')
    .option('--cause <code>', 'with --app: that failed for this cause')
    .action(async (id: string | undefined, { app, cause }, command) => {
      const one = id !== undefined && app === undefined && cause === undefined;
      const all = id === undefined && app !== undefined && cause !== undefined;
      if (!one && !all) command.error('error: give a request, or both --app and --cause');
      const answer = one
        ? await context.api().call('POST', pathOf`/requests/${id}/retry`)
        : await context.api().call('POST', '/requests/retry', { body: { app, cause } });
      context.show(answer, ({ retried }) => `Due again now: ${retried}.\n`);
    });
  requests
    .command('complete')
    .description('record that a person did by hand at the target what failed here')
    .argument('<request>', 'its id')
    .requiredOption('--note <text>', 'what was done')
    .action(async (id: string, body: { note: string }) => {
      context.show(await context.api().call('POST', pathOf`/requests/${id}/complete`, { body }), describeRequest);
    });
};

const COLUMNS = [
  { title: 'CREATED', value: (request: Row) => request['createdAt'] },
  { title: 'APP', value: (request: Row) => request['app'] },
  { title: 'USER', value: (request: Row) => request['username'] },
  { title: 'OPERATION', value: (request: Row) => request['operation'] },
  { title: 'STATE', value: (request: Row) => request['state'] },
  { title: 'CAUSE', value: (request: Row) => request['reasonCode'] },
  { title: 'ID', value: (request: Row) => request['id'] },
];

const CAUSE_COLUMNS = [
  { title: 'APP', value: (cause: Row) => cause['app'] },
  { title: 'CAUSE', value: (cause: Row) => cause['reasonCode'] },
  { title: 'OPERATION', value: (cause: Row) => cause['operation'] },
  { title: 'REQUESTS', value: (cause: Row) => cause['requests'], align: 'right' },
  { title: 'USERS', value: (cause: Row) => cause['users'], align: 'right' },
  { title: 'LAST', value: (cause: Row) => cause['lastAt'] },
  { title: 'EXAMPLE', value: (cause: Row) => cause['example'] },
] as const;

function describeRequest(request: Row): string {
  const facts = formatFacts([
    ['Request', request['id']],
    ['App', request['app']],
    ['User', `${request['username']} (${request['userId']})`],
    ['Operation', request['operation']],
    ['State', request['state']],
    ['Because of', request['cause']],
    ['Created', request['createdAt']],
    ['Attempts', request['attempts']],
    ['Reason', request['reason'] && `${request['reason']} (${request['reasonCode']})`],
    ['Next step', request['nextStep']],
    ['Next attempt', request['retryAt']],
    ['Completed', request['completedAt']],
    ['Completed by', request['completedBy']],
    ['Note', request['note']],
  ]);
  const changes = request['changes']?.length ? `\n${formatChanges(request['changes'])}` : '';
  const log = (request['log'] ?? []).map(describeLogRow).join('');
  return `${facts}${changes}${log === '' ? '' : `\n${log}`}`;
}

export function formatChanges(changes: readonly Row[]): string {
  return formatTable(changes, [
    { title: 'ATTRIBUTE', value: (change) => change['path'] },
    { title: 'BEFORE', value: (change) => change['before'] },
    { title: 'AFTER', value: (change) => change['after'] },
  ]);
}

function describeLogRow(row: Row): string {
  const exchanges = (row['exchanges'] ?? []).map(
    ({ method, url, status, latencyMs, error }: Row) =>
      `    ${method} ${formatCell(url)} ${status ?? formatCell(error?.message) ?? ''} ${Math.round(latencyMs)} ms\n`,
  );
  return `${formatCell(row['at'])}  attempt ${row['attempt']}: ${formatCell(row['message'])}\n${exchanges.join('')}`;
}
