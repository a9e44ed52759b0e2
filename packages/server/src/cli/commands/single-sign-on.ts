import type { Row } from '../api.ts';
import type { AddCommand } from '../command-context.ts';
import { formatFacts, formatTable } from '../print.ts';

export const addSingleSignOnCommand: AddCommand = (program, context) => {
  const signOn = program
    .command('single-sign-on')
    .description('how people come in by the OpenID provider; it is set where the server is started');
  signOn
    .command('show')
    .description('show how it is set, and the redirect address to register at the provider')
    .action(async () => {
      context.show(await context.api().call('GET', '/single-sign-on'), ({ settings, redirectUri, variables }) =>
        formatFacts([
          ['Redirect address', redirectUri],
          ...(settings
            ? describe(settings)
            : ([['Not set', `Set ${variables.issuer}, ${variables.clientId} and what else is wanted`]] as const)),
        ]),
      );
    });
  signOn
    .command('test')
    .description('ask the provider what it is; nobody is signed in')
    .action(async () => {
      const tested = await context.api().call('POST', '/single-sign-on/test');
      context.show(tested, ({ checks }) => formatTable<Row>(checks, CHECKS));
      if (!tested['ok']) context.fail();
    });
};

function describe(settings: Row): [string, unknown][] {
  const { roles, emailDomains } = settings;
  return [
    ['Issuer', settings['issuer']],
    ['Client id', settings['clientId']],
    ['Client secret', settings['hasClientSecret'] ? 'set' : 'none: a public client'],
    ['Button', settings['label']],
    ['Scopes', ['openid', ...settings['scopes']].join(' ')],
    ['Role claim', settings['roleClaim'] ?? 'none'],
    ['Roles', roles.map(({ value, role }: Row) => `${value} = ${role}`).join(', ')],
    ['Without a value', settings['defaultRole'] ?? 'not let in'],
    ['Domains', emailDomains.length > 0 ? emailDomains.join(', ') : 'every domain'],
  ];
}

const CHECKS = [
  { title: 'CHECK', value: (row: Row) => row['check'] },
  { title: 'OK', value: (row: Row) => row['ok'] },
  { title: 'FOUND', value: (row: Row) => row['message'] },
  { title: 'WHAT TO DO', value: (row: Row) => row['fix'] },
] as const;
