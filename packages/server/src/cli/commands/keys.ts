import { Option } from 'commander';
import { SCOPES } from '../../access/index.ts';
import { pathOf, type Row } from '../api.ts';
import { type AddCommand, addListOptions, describeRest, parseMoment } from '../command-context.ts';
import { formatFacts, formatTable } from '../print.ts';

export const addKeysCommand: AddCommand = (program, context) => {
  const keys = program.command('keys').description('API keys');
  addListOptions(keys.command('list').description('list them')).action(async ({ limit }) => {
    const page = await context.api().list('/keys', {}, limit);
    context.show(page, ({ items }) => formatTable(items, COLUMNS) + describeRest(page));
  });
  keys
    .command('create')
    .description('make a key; it is shown once')
    .argument('<name>', 'who or what uses it')
    .addOption(new Option('--scope <scopes...>', 'what it may do').choices([...SCOPES, 'all']).makeOptionMandatory())
    .option('--expires <time>', 'when it ends', parseMoment)
    .action(async (name: string, { scope, expires }: { scope: string[]; expires?: string }) => {
      const body = { name, scopes: scope, ...(expires === undefined ? {} : { expiresAt: expires }) };
      const answer = await context.api().call('POST', '/keys', { body });
      context.show(answer, ({ key, ...stored }) => `${formatFacts([['Key', key], ...describeKey(stored)])}`);
      context.note('The key is shown only now: keep it where you keep passwords.');
    });
  keys
    .command('revoke')
    .description('end a key at once and for good')
    .argument('<key>', 'its id')
    .action(async (id: string) => {
      context.show(await context.api().call('DELETE', pathOf`/keys/${id}`), (key) => formatFacts(describeKey(key)));
    });
  keys
    .command('me')
    .description('what the key that is sent may do')
    .action(async () => {
      context.show(await context.api().call('GET', '/me'), (key) => formatFacts(describeKey(key)));
    });
};

const COLUMNS = [
  { title: 'NAME', value: (key: Row) => key['name'] },
  { title: 'BEGINS', value: (key: Row) => key['prefix'] },
  { title: 'SCOPES', value: (key: Row) => key['scopes'] },
  { title: 'LAST USED', value: (key: Row) => key['lastUsedAt'] },
  { title: 'EXPIRES', value: (key: Row) => key['expiresAt'] },
  { title: 'REVOKED', value: (key: Row) => key['revokedAt'] },
  { title: 'ID', value: (key: Row) => key['id'] },
];

function describeKey(key: Row): Array<readonly [string, unknown]> {
  return [
    ['Name', key['name']],
    ['Scopes', key['scopes']],
    ['Created', key['createdAt']],
    ['Expires', key['expiresAt']],
    ['Revoked', key['revokedAt']],
    ['Id', key['id']],
  ];
}
