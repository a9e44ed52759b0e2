import { type Command, InvalidArgumentError, Option } from 'commander';
import { TRIGGER_EFFECTS, TRIGGERS } from '../../planning/index.ts';
import { pathOf, type Row } from '../api.ts';
import { type AddCommand, ANY_STATE, type CommandContext, parseCount } from '../command-context.ts';
import { formatFacts, formatTable } from '../print.ts';
import { readJson } from '../read-json.ts';
import { readSecret } from '../read-secret.ts';
import { describeApp } from './describe-app.ts';

interface AppOptions {
  target?: string;
  connector?: string;
  label?: string;
  description?: string;
  maxConcurrency?: number;
  maxPerSecond?: number | 'none';
  deactivationCount?: number;
  deactivationPercent?: number;
}

/** `usher apps create`, `change`, `delete`, `credential`, `proposal`, `grant`, `triggers`: an app from nothing to ready. */
export const addAppSetUp: AddCommand = (apps, context) => {
  addAppOptions(
    apps
      .command('create')
      .description('make a connected app; it is a draft, and sends nothing')
      .argument('<app>', 'its name: letters, digits and _'),
  )
    .requiredOption('--target <address>', "the target's address, as it documents it")
    .option('--connector <id>', 'scim2, scim1, or one of GET /api/v1/connectors', 'scim2')
    .action(async (name: string, options: AppOptions) => {
      const body = { name, ...toBody(options) };
      context.show(await context.api().call('POST', '/apps', { body }), describeApp);
    });
  addAppOptions(apps.command('change').description('change an app, at once').argument('<app>', 'its name'))
    .option('--target <address>', 'another target; pauses the app, and its origin needs the credential again')
    .option('--connector <id>', 'another connector; pauses the app')
    .option('--deactivation-count <count>', 'so many accounts may be deactivated in an hour', parseNumber)
    .option('--deactivation-percent <percent>', 'or this share of them, whichever is more', parseNumber)
    .action(async (name: string, options: AppOptions) => {
      const body = toBody(options);
      if (Object.keys(body).length === 0) apps.error('error: say what to change (usher apps change --help)');
      const answer = await context.api().call('PATCH', pathOf`/apps/${name}`, { body, ifMatch: ANY_STATE });
      context.show(answer, describeApp);
    });
  apps
    .command('delete')
    .description('delete a draft or paused app with its configuration, credential and links')
    .argument('<app>', 'its name')
    .option('--leave-accounts', 'although accounts stay at the target, with nobody to deactivate them')
    .action(async (name: string, { leaveAccounts }: { leaveAccounts?: boolean }) => {
      const query = leaveAccounts ? { accounts: 'leave' } : {};
      await context.api().call('DELETE', pathOf`/apps/${name}`, { query, ifMatch: ANY_STATE });
      context.show({ deleted: name }, () => `${name} is deleted.\n`);
    });
  addCredential(apps, context);
  addProposal(apps, context);
  addGrants(apps, context);
  addTriggers(apps, context);
};

function addAppOptions(command: Command): Command {
  return command
    .option('--label <text>', 'its name for people')
    .option('--description <text>', 'what it is')
    .option('--max-concurrency <count>', 'most requests at once', parseCount)
    .option('--max-per-second <count>', 'most requests a second; "none" is no limit', (text) =>
      text === 'none' ? text : parseNumber(text),
    );
}

function parseNumber(text: string): number {
  if (!/^\d{1,7}(\.\d+)?$/.test(text)) throw new InvalidArgumentError('Give a number from 0 on.');
  return Number(text);
}

function toBody({
  target,
  maxPerSecond,
  deactivationCount: count,
  deactivationPercent: percent,
  ...same
}: AppOptions): Row {
  const limit = { ...(count === undefined ? {} : { count }), ...(percent === undefined ? {} : { percent }) };
  return {
    ...same,
    ...(maxPerSecond === undefined ? {} : { maxPerSecond: maxPerSecond === 'none' ? null : maxPerSecond }),
    ...(target === undefined ? {} : { baseUrl: target }),
    ...(Object.keys(limit).length === 0 ? {} : { deactivationLimit: limit }),
  };
}

function addCredential(apps: Command, context: CommandContext): void {
  apps
    .command('credential')
    .description('enter the credential of an app; its secret part is read from a file or typed in, never an argument')
    .argument('<app>', 'its name')
    .addOption(new Option('--kind <kind>', 'how it is sent').choices(['bearer', 'basic', 'header']).default('bearer'))
    .option('--name <name>', 'user name of basic, or header name of header')
    .option('--from <file>', 'a file that holds the secret; - is standard input', '-')
    .option('--forget', 'forget the one that is there')
    .action(async (name: string, options: { kind: string; name?: string; from: string; forget?: boolean }) => {
      const path = pathOf`/apps/${name}/credential`;
      if (options.forget) {
        await context.api().call('DELETE', path, { ifMatch: ANY_STATE });
        context.show({ forgotten: name }, () => `The credential of ${name} is forgotten.\n`);
        return;
      }
      if (options.kind !== 'bearer' && options.name === undefined) {
        apps.error(`error: --kind ${options.kind} needs --name`);
      }
      if (options.from === '-' && process.stdin.isTTY) context.note('Paste the secret, then Enter and Ctrl-D:');
      const secret = await readSecret(options.from);
      const body = {
        bearer: { kind: 'bearer', token: secret },
        basic: { kind: 'basic', username: options.name, password: secret },
        header: { kind: 'header', name: options.name, value: secret },
      }[options.kind];
      const answer = await context.api().call('PUT', path, { body, ifMatch: ANY_STATE });
      context.show(answer, describeApp);
    });
}

function addProposal(apps: Command, context: CommandContext): void {
  apps
    .command('proposal')
    .description('propose a mapping from what the target says of its attributes, as a file for "usher mapping save"')
    .argument('<app>', 'its name')
    .option('--roles', 'with roles from permission set groups; unless told, where the target takes any role')
    .option('--no-roles', 'without them')
    .option('--options <file>', 'JSON of connector options by which the target is reached; they become part of it')
    .option('--save', 'save it as a new version at once')
    .action(async (name: string, { roles, save, options }: { roles?: boolean; save?: boolean; options?: string }) => {
      const api = context.api();
      const connectorOptions = options === undefined ? undefined : await readJson(options);
      const query = {
        ...(roles === undefined ? {} : { roles }),
        ...(connectorOptions === undefined ? {} : { connectorOptions: JSON.stringify(connectorOptions) }),
      };
      const { mapping, correlation, missing, notes } = await api.call('GET', pathOf`/apps/${name}/mapping/proposal`, {
        query,
      });
      for (const note of notes) context.note(note);
      for (const path of missing) context.note(`The target requires ${path}, and no usual field gives it: add a rule.`);
      if (mapping.length === 0) {
        context.note('No rule is proposed, so there is nothing to save.');
        return context.fail();
      }
      const configuration = {
        mapping,
        ...(correlation ? { correlation } : {}),
        ...(connectorOptions === undefined ? {} : { connectorOptions }),
      };
      if (!save) return context.write(`${JSON.stringify(configuration, null, 2)}\n`);
      const body = { ...configuration, note: 'As proposed for this target' };
      const saved = await api.call('POST', pathOf`/apps/${name}/configurations`, { body });
      context.show(saved, ({ version }) => `Saved as version ${version}: ${mapping.length} rules.\n`);
    });
}

interface Grant {
  profile?: string;
  permissionSet?: string;
  permissionSetGroup?: string;
}

function addGrants(apps: Command, context: CommandContext): void {
  apps
    .command('grants')
    .description('what gives people the app')
    .argument('<app>', 'its name')
    .action(async (name: string) => {
      const page = await context.api().call('GET', pathOf`/apps/${name}/assignments`);
      context.show(page, ({ items }) =>
        formatTable<Row>(
          items,
          GRANT_COLUMNS,
          `Nobody is given ${name}: usher apps grant ${name} --permission-set NAME.`,
        ),
      );
    });
  for (const [verb, method, description, told] of [
    ['grant', 'POST', 'give the app to everyone who has a profile, permission set or group', 'is given by'],
    ['revoke', 'DELETE', 'take that away; who has no other grant loses the app', 'is given no more by'],
  ] as const) {
    apps
      .command(verb)
      .description(description)
      .argument('<app>', 'its name')
      .option('--profile <name>', 'to or from a profile')
      .option('--permission-set <name>', 'a permission set')
      .option('--permission-set-group <name>', 'a permission set group')
      .action(async (app: string, options: Grant) => {
        const grants = listGrants(options);
        const [grant] = grants;
        if (!grant || grants.length > 1)
          return apps.error('error: give one of --profile, --permission-set and --permission-set-group');
        const path = pathOf`/apps/${app}/assignments`;
        const answer = await context.api().call(method, path, method === 'POST' ? { body: grant } : { query: grant });
        context.show(answer, ({ links }) => {
          const count = links === undefined ? '' : `; ${links} ${links === 1 ? 'link is' : 'links are'} looked at`;
          return `${app} ${told} the ${grant.kind} ${grant.name}${count}.\n`;
        });
      });
  }
}

function listGrants(options: Grant): { kind: string; name: string }[] {
  return [
    ['profile', options.profile] as const,
    ['permission set', options.permissionSet] as const,
    ['permission set group', options.permissionSetGroup] as const,
  ].flatMap(([kind, name]) => (name === undefined ? [] : [{ kind, name }]));
}

const GRANT_COLUMNS = [
  { title: 'KIND', value: (grant: Row) => grant['kind'] },
  { title: 'NAME', value: (grant: Row) => grant['name'] },
  { title: 'SINCE', value: (grant: Row) => grant['createdAt'] },
];

function addTriggers(apps: Command, context: CommandContext): void {
  const command = apps
    .command('triggers')
    .description('show which operations may happen, or turn some on or off, effective at once')
    .argument('<app>', 'its name');
  for (const name of TRIGGERS) {
    const effect = TRIGGER_EFFECTS[name].off.toLowerCase();
    command.addOption(new Option(`--${name} <on-or-off>`, `off: ${effect}`).choices(['on', 'off']));
  }
  command.action(async (app: string, given: Record<string, 'on' | 'off'>) => {
    const body = Object.fromEntries(Object.entries(given).map(([name, word]) => [name, word === 'on']));
    const path = pathOf`/apps/${app}/triggers`;
    if (Object.keys(body).length > 0) await context.api().call('PUT', path, { body, ifMatch: ANY_STATE });
    const switches = await context.api().call('GET', pathOf`/apps/${app}/switches`);
    context.show(switches, ({ items }) =>
      formatFacts(
        items.map(({ trigger, on, effect, undone }: Row) => {
          const left = undone > 0 ? `; left undone for ${undone}: usher undone list ${app} --trigger ${trigger}` : '';
          return [trigger, `${on ? 'on' : 'off'}: ${effect.charAt(0).toLowerCase()}${effect.slice(1)}${left}`];
        }),
      ),
    );
  });
}
