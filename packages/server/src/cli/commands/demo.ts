import type { Row } from '../api.ts';
import type { AddCommand } from '../command-context.ts';
import { formatFacts } from '../print.ts';

export const addDemoCommand: AddCommand = (program, context) => {
  const demo = program.command('demo').description('a small invented company, to try things with in an empty install');
  demo
    .command('show')
    .description('whether it is there, and whether it may come or go now')
    .action(async () => context.show(await context.api().call('GET', '/demo-company'), describeCompany));
  demo
    .command('load')
    .description('load it: users, permission sets and a group; nothing is sent anywhere')
    .action(async () => context.show(await context.api().call('POST', '/demo-company'), describeCompany));
  demo
    .command('remove')
    .description('remove it whole, as long as no account of it was made anywhere')
    .action(async () => {
      const removed = await context.api().call('DELETE', '/demo-company');
      context.show(removed, ({ users }) => `The demo company with its ${users} users is removed.\n`);
    });
};

function describeCompany(company: Row): string {
  return formatFacts([
    ['Loaded', company['loaded'] ? `${company['loaded'].at} by ${company['loaded'].by}` : 'no'],
    ['Users', company['users']],
    ['Permission sets', company['permissionSets']],
    ['Groups', company['permissionSetGroups']],
    ['In the way', company['obstacles'].map(({ field, problem, fix }: Row) => `${field}: ${problem}. ${fix}`)],
  ]);
}
