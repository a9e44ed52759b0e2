import { pathOf, type Row } from '../api.ts';
import type { AddCommand } from '../command-context.ts';
import { formatTable } from '../print.ts';
import { describeLinkState } from './why.ts';

export const addProvisionCommand: AddCommand = (program, context) => {
  program
    .command('provision')
    .description('provision users now, before the others')
    .argument('<users-and-app...>', 'ids or Usernames, and the app last: usher provision USER … APP')
    .action(async (names: string[], _options, command) => {
      const app = names.at(-1);
      const users = names.slice(0, -1);
      if (app === undefined || users.length === 0) command.error('error: give at least one user, and the app last');
      const answer = await context.api().call('POST', pathOf`/apps/${app ?? ''}/provision`, { body: { users } });
      const results: Row[] = answer['results'];
      context.show(answer, () =>
        results.length === 1 ? describeLinkState(results[0] ?? {}) : formatTable(results, COLUMNS),
      );
      if (results.some((result) => !SETTLED.has(result['state']))) context.fail();
    });
};

/** Where nothing is left to do. */
const SETTLED = new Set(['has account', 'no account', 'account deactivated', 'account deleted', 'not assigned']);

const COLUMNS = [
  { title: 'USER', value: (result: Row) => result['username'] },
  { title: 'STATE', value: (result: Row) => result['state'] },
  { title: 'ANSWER', value: (result: Row) => result['sentence'] },
];
