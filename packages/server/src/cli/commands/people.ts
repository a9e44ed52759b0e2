import { Option } from 'commander';
import { ROLES } from '../../access/index.ts';
import type { Api, Row } from '../api.ts';
import { pathOf } from '../api.ts';
import { type AddCommand, addListOptions, describeRest } from '../command-context.ts';
import { formatFacts, formatTable } from '../print.ts';

export const addPeopleCommand: AddCommand = (program, context) => {
  const people = program.command('people').description('people who sign in to the console, and their roles');
  addListOptions(people.command('list').description('list them'))
    .addOption(new Option('--role <role>', 'only those of a role').choices([...ROLES]))
    .action(async ({ limit, role }) => {
      const page = await context.api().list('/people', { role }, limit);
      context.show(page, ({ items }) => formatTable(items, COLUMNS, 'Nobody is like that.') + describeRest(page));
    });
  people
    .command('invite')
    .description('make a person, and a link by which they come in for the first time')
    .argument('<email>')
    .argument('<name>')
    .addOption(new Option('--role <role>', 'what they may do').choices([...ROLES]).makeOptionMandatory())
    .action(async (email: string, name: string, { role }: { role: string }) => {
      const person = await context.api().call('POST', '/people', { body: { email, name, role } });
      context.show(person, ({ link, ...rest }) => formatFacts([...describePerson(rest), ...describeLink(link)]));
      context.note('The link is shown only now, and works once. Hand it to the person.');
    });
  people
    .command('show')
    .description('show one')
    .argument('<person>', 'e-mail address or id')
    .action(async (who: string) => {
      context.show(await getPerson(context.api(), who), (person) => formatFacts(describePerson(person)));
    });
  addChanges(people, context);
};

const addChanges: AddCommand = (people, context) => {
  const change = async (who: string, body: object) => {
    const api = context.api();
    const { id } = await getPerson(api, who);
    // Of one change and nothing that was read: whichever revision there is.
    const changed = await api.call('PATCH', pathOf`/people/${id}`, { body, ifMatch: '*' });
    context.show(changed, (person) => formatFacts(describePerson(person)));
  };
  people
    .command('role')
    .description('give a person another role')
    .argument('<person>', 'e-mail address or id')
    .argument('<role>', ROLES.join(', '))
    .action((who: string, role: string) => change(who, { role }));
  people
    .command('disable')
    .description('sign a person out everywhere, and let them in no more')
    .argument('<person>', 'e-mail address or id')
    .action((who: string) => change(who, { disabled: true }));
  people
    .command('enable')
    .description('let a person in again')
    .argument('<person>', 'e-mail address or id')
    .action((who: string) => change(who, { disabled: false }));
  people
    .command('delete')
    .description('delete a person with their sessions and keys')
    .argument('<person>', 'e-mail address or id')
    .action(async (who: string) => {
      const { id, email } = await getPerson(context.api(), who);
      await context.api().call('DELETE', pathOf`/people/${id}`);
      context.show({ deleted: id }, () => `${email} is deleted.\n`);
    });
  people
    .command('reset')
    .description('make a one-time link by which a person chooses a new password')
    .argument('<person>', 'e-mail address or id')
    .option('--second-factor', 'also take away passkeys, authenticator app and recovery codes')
    .action(async (who: string, { secondFactor }: { secondFactor?: boolean }) => {
      const { id, state } = await getPerson(context.api(), who);
      const body = { kind: state === 'invited' ? 'invitation' : 'reset', secondFactor: secondFactor === true };
      const link = await context.api().call('POST', pathOf`/people/${id}/link`, { body });
      context.show(link, () => formatFacts(describeLink(link)));
    });
  people
    .command('sign-out')
    .description('end every session of a person')
    .argument('<person>', 'e-mail address or id')
    .action(async (who: string) => {
      const { id } = await getPerson(context.api(), who);
      const answer = await context.api().call('DELETE', pathOf`/people/${id}/sessions`);
      context.show(answer, ({ ended }) => `${ended} sessions ended.\n`);
    });
};

async function getPerson(api: Api, who: string): Promise<Row> {
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(who)) return await api.call('GET', pathOf`/people/${who}`);
  const { items } = await api.list('/people', { email: who }, 1);
  return items[0] ?? (await api.call('GET', pathOf`/people/${who}`));
}

const COLUMNS = [
  { title: 'E-MAIL', value: (person: Row) => person['email'] },
  { title: 'NAME', value: (person: Row) => person['name'] },
  { title: 'ROLE', value: (person: Row) => person['role'] },
  { title: 'STATE', value: (person: Row) => person['state'] },
  { title: 'LAST SIGN-IN', value: (person: Row) => person['lastSignInAt'] },
  { title: 'ID', value: (person: Row) => person['id'] },
];

function describePerson(person: Row): Array<readonly [string, unknown]> {
  return [
    ['E-mail', person['email']],
    ['Name', person['name']],
    ['Role', person['role']],
    ['State', person['state']],
    ['Authenticator app', person['secondFactor']?.totp],
    ['Passkeys', person['secondFactor']?.passkeys],
    ['Single sign-on', person['singleSignOn']],
    ['Last sign-in', person['lastSignInAt']],
    ['Id', person['id']],
  ];
}

function describeLink(link: Row): Array<readonly [string, unknown]> {
  return [
    ['Link', link['url']],
    ['Good until', link['expiresAt']],
  ];
}
