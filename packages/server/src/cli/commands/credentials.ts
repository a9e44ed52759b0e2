import { pathOf, type Row } from '../api.ts';
import { type AddCommand, ANY_STATE } from '../command-context.ts';
import { formatCell, formatFacts, formatTable, makeHarmless } from '../print.ts';

export const addCredentialsCommands: AddCommand = (program, context) => {
  program
    .command('authorize')
    .description("authorize an app at its target: prints the target's page to open, or takes the answer")
    .argument('<app>', 'its name')
    .option('--answer <address>', 'the address of the page that the target led the browser to')
    .action(async (app: string, { answer }: { answer?: string }) => {
      if (answer !== undefined) {
        const body = { answer };
        context.show(await context.api().call('POST', pathOf`/apps/${app}/authorize/answer`, { body }), describeDone);
        return;
      }
      const begun = await context.api().call('POST', pathOf`/apps/${app}/authorize`, { body: {} });
      context.show(begun, (row) => (row['authorization'] ? describeDone(row) : describeBegun(app, row)));
    });
  const credentials = program.command('credentials').description('credentials of connected apps, their health and end');
  credentials
    .command('forecast')
    .description('when which credential is likely to end, what needs a person first')
    .action(async () => {
      const page = await context.api().call('GET', '/credentials/forecast');
      context.show(page, ({ items }) => formatTable<Row>(items, FORECAST, 'No app has a credential yet.'));
      if (page['items'].some((item: Row) => item['outlook'] === 'dead')) context.fail();
    });
  credentials
    .command('show')
    .description('whose authorization an app has, its scopes, age and likely end')
    .argument('<app>', 'its name')
    .action(async (app: string) => {
      context.show(await context.api().call('GET', pathOf`/apps/${app}/authorization`), describeDone);
    });
  for (const [verb, description] of [
    ['verify', 'make a harmless call with it now'],
    ['refresh', 'renew the access token now'],
  ] as const) {
    credentials
      .command(verb)
      .description(description)
      .argument('<app>', 'its name')
      .action(async (app: string) => {
        context.show(await context.api().call('POST', pathOf`/apps/${app}/authorization/${verb}`), describeDone);
      });
  }
  credentials
    .command('hand-over')
    .description("print what the target's administrator needs to register Usher; no secret is in it")
    .argument('<app>', 'its name')
    .action(async (app: string) => {
      const answer = await context.api().call('GET', pathOf`/apps/${app}/oauth/hand-over`);
      context.show(answer, ({ markdown }) => String(markdown).split('\n').map(makeHarmless).join('\n'));
    });
  const rotate = credentials.command('secret').description("rotate an app's consumer secret by a staged pair");
  rotate
    .command('stage')
    .description('make a second secret; both work until it is applied or discarded, for at most 30 days')
    .argument('<app>', 'its name')
    .action(async (app: string) => {
      const call = { ifMatch: ANY_STATE, body: {} };
      const made = await context.api().call('POST', pathOf`/apps/${app}/oauth/staged`, call);
      context.show(made, ({ consumerKey, consumerSecret, expiresAt }) =>
        formatFacts([
          ['Consumer key', consumerKey],
          ['Consumer secret', consumerSecret],
          ['Works until', expiresAt],
        ]),
      );
      context.note('The secret is shown only now: give it to the target’s administrator by a safe way.');
    });
  for (const [verb, method, path, description] of [
    ['apply', 'POST', '/apply', 'use the staged pair first from now on'],
    ['discard', 'DELETE', '', 'forget the second pair'],
  ] as const) {
    rotate
      .command(verb)
      .description(description)
      .argument('<app>', 'its name')
      .action(async (app: string) => {
        const answer = await context
          .api()
          .call(method, `${pathOf`/apps/${app}/oauth/staged`}${path}`, { ifMatch: ANY_STATE });
        context.show(answer, ({ consumerKey, staged }) =>
          formatFacts([
            ['Consumer key', consumerKey],
            ['Second pair', staged ? `${staged.state}, until ${staged.expiresAt}` : 'none'],
          ]),
        );
      });
  }
};

export const addVaultCommand: AddCommand = (program, context) => {
  const vault = program.command('vault').description('the master keys that seal secrets');
  vault
    .command('show')
    .description('how many secrets are sealed under which key')
    .action(async () => {
      context.show(await context.api().call('GET', '/vault'), ({ keys }) => formatTable<Row>(keys, KEYS));
    });
  vault
    .command('rotate')
    .description('seal every secret anew under the first key, while everything goes on')
    .action(async () => {
      const done = await context.api().call('POST', '/vault/rotate');
      context.show(done, ({ keys, resealed, unopened }) =>
        [
          `Sealed anew: ${resealed}.\n`,
          formatTable<Row>(keys, KEYS),
          unopened.length > 0 ? formatTable<Row>(unopened, UNOPENED) : '',
        ].join(''),
      );
      if (done['unopened'].length > 0) context.fail();
    });
};

export const addAlertsCommand: AddCommand = (program, context) => {
  const alerts = program.command('alerts').description('what people are told without asking');
  alerts
    .command('list')
    .description('list alerts, the newest first')
    .option('--app <app>', 'of an app')
    .option('--open', 'only those that are not over')
    .option('--limit <count>', 'most items to show', Number, 50)
    .action(async ({ app, open, limit }: { app?: string; open?: true; limit: number }) => {
      const query = { app, ...(open ? { open: 'true' } : {}) };
      context.show(await context.api().list('/alerts', query, limit), ({ items }) =>
        formatTable<Row>(items, ALERTS, 'There is no alert.'),
      );
    });
  alerts
    .command('channels')
    .description('list the channels by which alerts go')
    .action(async () => {
      context.show(await context.api().call('GET', '/alert-channels'), ({ items }) =>
        formatTable<Row>(items, CHANNELS, 'Alerts go nowhere yet: POST /api/v1/alert-channels makes a channel.'),
      );
    });
  alerts
    .command('test')
    .description('send a test over a channel')
    .argument('<channel>', 'its name or id')
    .action(async (channel: string) => {
      const { items } = await context.api().call('GET', '/alert-channels');
      const named = items.find(({ name }: Row) => name.toLowerCase() === channel.toLowerCase());
      if (!named && !/^\d+$/.test(channel)) {
        const names = items.map(({ name }: Row) => makeHarmless(name)).join(', ') || 'none is there yet';
        alerts.error(`error: no channel has the name ${makeHarmless(channel)} (${names})`);
      }
      const id = String(named?.id ?? channel);
      const sent = await context.api().call('POST', pathOf`/alert-channels/${id}/test`);
      context.show(sent, ({ ok, problem }) => (ok ? 'It was taken.\n' : `${makeHarmless(problem)}\n`));
      if (!sent['ok']) context.fail();
    });
};

function describeBegun(app: string, { url, expiresAt }: Row): string {
  return [
    'Open this page in a browser and consent there:\n',
    `${makeHarmless(url)}\n`,
    `Then give the address that the browser is led to, until ${expiresAt}:`,
    `  usher authorize ${app} --answer "ADDRESS"\n`,
  ].join('\n');
}

function describeDone({ authorization: found, warnings }: Row): string {
  const { account, scopes, policy } = found;
  return formatFacts([
    ['Kind', found.grant ? `${found.kind}, ${found.grant}` : found.kind],
    ['State', found.state],
    ['Why', found.problem?.message],
    ['The target says', found.problem?.targetSaid],
    ['Next step', found.problem?.nextStep],
    ['At the target it is', account && ([account.label, account.email].filter(Boolean).join(', ') || account.subject)],
    ['Beware', account?.warning],
    ['Scopes granted', scopes.granted],
    ['Scopes missing', scopes.missing],
    ['Authorized', `${formatCell(found.authorizedAt)} by ${found.authorizedBy}`],
    ['Last used', found.lastUsedAt],
    [
      'Refreshed',
      found.accessToken.refreshes > 0
        ? `${found.accessToken.refreshes} times, last ${formatCell(found.accessToken.obtainedAt)}`
        : '',
    ],
    ['Policy', policy && JSON.stringify(policy)],
    ['Likely to end', found.predictedDeathAt],
    ['Because', found.predictedWhy],
    ['Kept alive at', found.keepAliveAt],
    ['Last call', found.verification?.message],
    ...(warnings ?? []).map((warning: Row) => ['Warning', `${warning['problem']}. ${warning['fix']}`] as const),
  ]);
}

const FORECAST = [
  { title: 'APP', value: (row: Row) => row['app'] },
  { title: 'OUTLOOK', value: (row: Row) => row['outlook'] },
  { title: 'KIND', value: (row: Row) => row['kind'] },
  { title: 'ENDS', value: (row: Row) => row['ends'][0]?.at },
  { title: 'WHAT', value: (row: Row) => row['ends'][0]?.what },
  { title: 'DAYS', value: (row: Row) => row['ends'][0]?.daysLeft, align: 'right' },
  { title: 'LAST USED', value: (row: Row) => row['lastUsedAt'] },
  { title: 'PROBLEM', value: (row: Row) => row['problem'] },
] as const;
const KEYS = [
  { title: 'KEY', value: (row: Row) => row['id'] },
  { title: 'SEALS', value: (row: Row) => row['seals'] },
  { title: 'HERE', value: (row: Row) => row['isHere'] },
  { title: 'SECRETS', value: (row: Row) => row['values'], align: 'right' },
] as const;
const UNOPENED = [
  { title: 'OWNER', value: (row: Row) => row['owner'] },
  { title: 'FIELD', value: (row: Row) => row['field'] },
  { title: 'PROBLEM', value: (row: Row) => row['problem'] },
];
const ALERTS = [
  { title: 'AT', value: (row: Row) => row['createdAt'] },
  { title: 'SEVERITY', value: (row: Row) => row['severity'] },
  { title: 'APP', value: (row: Row) => row['app'] },
  { title: 'WHAT', value: (row: Row) => row['title'] },
  { title: 'OVER', value: (row: Row) => row['resolvedAt'] },
];
const CHANNELS = [
  { title: 'ID', value: (row: Row) => row['id'], align: 'right' },
  { title: 'NAME', value: (row: Row) => row['name'] },
  { title: 'KIND', value: (row: Row) => row['kind'] },
  { title: 'ON', value: (row: Row) => row['enabled'] },
  { title: 'ALERTS', value: (row: Row) => (row['kinds'].length > 0 ? row['kinds'] : 'all') },
] as const;
