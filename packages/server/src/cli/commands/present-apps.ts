import { readFile } from 'node:fs/promises';
import { type Command, InvalidArgumentError } from 'commander';
import { pathOf, type Row } from '../api.ts';
import { type AddCommand, ANY_STATE, type CommandContext } from '../command-context.ts';
import { formatFacts } from '../print.ts';
import { readSecret } from '../read-secret.ts';

/** `usher apps contact`, `logo`, `certificate`: what an app shows of itself, to people and to its target. */
export const addAppPresentation: AddCommand = (apps, context) => {
  addContact(apps, context);
  addLogo(apps, context);
  addCertificate(apps, context);
};

interface ContactOptions {
  name?: string;
  email?: string;
  phone?: string;
  url?: string;
}

function addContact(apps: Command, context: CommandContext): void {
  apps
    .command('contact')
    .description('show whom people ask about an app; or say so, where an empty text takes a part away')
    .argument('<app>', 'its name')
    .option('--name <text>', 'who it is')
    .option('--email <address>', 'e-mail address')
    .option('--phone <number>', 'telephone')
    .option('--url <url>', 'where to read more')
    .action(async (app: string, { name, email, phone, url }: ContactOptions) => {
      const path = pathOf`/apps/${app}/presentation`;
      const present = await context.api().call('GET', path);
      const given = Object.entries({ contactName: name, contactEmail: email, contactPhone: phone, infoUrl: url });
      const changed = given.filter(([, value]) => value !== undefined);
      if (changed.length === 0) {
        context.show(present, describeContact);
        return;
      }
      const kept = Object.fromEntries(given.map(([part]) => [part, present[part]]));
      const body = { ...kept, ...Object.fromEntries(changed.map(([part, value]) => [part, value || null])) };
      context.show(await context.api().call('PUT', path, { body, ifMatch: ANY_STATE }), describeContact);
    });
}

function addLogo(apps: Command, context: CommandContext): void {
  apps
    .command('logo')
    .description('keep a logo of an app, PNG, JPEG or WebP of at most 128 KiB; or take it away')
    .argument('<app>', 'its name')
    .option('--set <file>', 'the picture')
    .option('--remove', 'take it away')
    .action(async (app: string, { set, remove }: { set?: string; remove?: true }) => {
      if ((set === undefined) === (remove === undefined)) apps.error('error: give either --set or --remove');
      const path = pathOf`/apps/${app}/logo`;
      const answer =
        set === undefined
          ? await context.api().call('DELETE', path, { ifMatch: ANY_STATE })
          : await context.api().call('PUT', path, { body: await readPicture(set), ifMatch: ANY_STATE });
      context.show(answer, describeContact);
    });
}

async function readPicture(file: string): Promise<{ base64: string }> {
  try {
    return { base64: (await readFile(file)).toString('base64') };
  } catch (error) {
    throw new InvalidArgumentError(`The file ${file} cannot be read: ${(error as Error).message}`);
  }
}

interface CertificateOptions {
  certificate?: string;
  privateKey?: string;
  forget?: true;
}

function addCertificate(apps: Command, context: CommandContext): void {
  apps
    .command('certificate')
    .description('show the client certificate that an app shows to its target; or enter or forget it')
    .argument('<app>', 'its name')
    .option('--certificate <file>', 'PEM; its chain may follow it')
    .option('--private-key <file>', 'its private key, PEM without a passphrase')
    .option('--forget', 'forget the one that is there, and its key')
    .action(async (app: string, { certificate, privateKey, forget }: CertificateOptions) => {
      const path = pathOf`/apps/${app}/client-certificate`;
      if (forget) {
        await context.api().call('DELETE', path, { ifMatch: ANY_STATE });
        context.show({ forgotten: app }, () => `The client certificate of ${app} is forgotten.\n`);
        return;
      }
      if (certificate === undefined && privateKey === undefined) {
        context.show(await context.api().call('GET', path), describeCertificate);
        return;
      }
      if (certificate === undefined || privateKey === undefined) {
        return apps.error('error: give both --certificate and --private-key');
      }
      const body = { certificate: await readSecret(certificate), privateKey: await readSecret(privateKey) };
      context.show(await context.api().call('PUT', path, { body, ifMatch: ANY_STATE }), describeCertificate);
    });
}

function describeContact(found: Row): string {
  return formatFacts([
    ['Whom to ask', found['contactName']],
    ['E-mail', found['contactEmail']],
    ['Telephone', found['contactPhone']],
    ['Read more', found['infoUrl']],
    ['Logo', found['hasLogo'] ? 'yes' : 'none'],
  ]);
}

function describeCertificate(found: Row): string {
  return formatFacts([
    ['Subject', found['subject']],
    ['Issuer', found['issuer']],
    ['Valid from', found['notBefore']],
    ['Ends', found['notAfter']],
    ['SHA-256', found['fingerprint']],
  ]);
}
