import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import {
  ADMIN,
  comeIn,
  comeInFirst,
  findBarriers,
  lookOf,
  openBrowser,
  openPage,
  PASSWORD,
} from './support/browser.ts';
import { type Instance, startInstance } from './support/instance.ts';
import { totpOf } from './support/totp.ts';

const MOST_MS = 30_000;

let instance: Instance;
let browser: Browser;
let signedIn: Awaited<ReturnType<BrowserContext['storageState']>>;
let secret: string;

before(async () => {
  instance = await startInstance();
  browser = await openBrowser();
});

after(async () => {
  await browser?.close();
  await instance?.stop();
});

test('a new administrator goes from an empty install to a provisioned pilot without leaving the console', async () => {
  const context = await browser.newContext(lookOf({ width: 1440, scheme: 'light' }));
  const { page, troubles } = await openPage(context, instance.url);
  page.setDefaultTimeout(MOST_MS);
  secret = await comeInFirst(page, instance);
  signedIn = await context.storageState();

  await addEntitlement(page, 'profile', 'Employee');
  await addEntitlement(page, 'permission set', 'Wiki_Access');
  await addUser(page, 'Nobody', 'Test');
  await addUser(page, 'Alan', 'Turing');
  await giveToUser(page, 'Wiki_Access');
  await addUser(page, 'Grace', 'Hopper');
  await giveToUser(page, 'Wiki_Access');

  await page.goto(`${instance.url}/apps/new`);
  await page.getByLabel('Name for people').fill('Wiki');
  await page.getByLabel('Address of the target').fill(instance.target.url);
  await page.getByRole('button', { name: 'Make a draft and go on' }).click();

  const steps = page.getByRole('navigation', { name: 'Steps of the set-up' });
  await steps.getByRole('link', { name: /^3/ }).click();
  await page.getByLabel('Token').fill(instance.targetToken);
  await page.getByRole('button', { name: 'Seal and test it' }).click();
  await page.getByText('Accounts can be read').waitFor();
  await steps.getByRole('link', { name: /^4/ }).click();
  await page.getByRole('button', { name: 'Save the proposed mapping' }).click();
  await page.getByRole('link', { name: 'Open the mapping editor' }).waitFor();
  await steps.getByRole('link', { name: /^5/ }).click();
  await page.getByRole('combobox', { name: 'Name', exact: true }).click();
  await page.getByRole('option', { name: 'Wiki_Access' }).click();
  await page.getByRole('button', { name: 'Grant', exact: true }).click();
  await page.getByRole('button', { name: 'Take the grant of Wiki_Access away?' }).waitFor();
  await steps.getByRole('link', { name: /^6/ }).click();

  // Whose accounts there are, before anything is written.
  await page.getByRole('link', { name: 'Matching rules and reports' }).click();
  await page.getByRole('button', { name: 'Make a report' }).click();
  await page.getByText('Ready', { exact: true }).waitFor();
  await page.getByRole('button', { name: /Missing/ }).click();
  await page.getByText('grace@example.com').first().waitFor();

  // The drill, on a user who is nobody.
  await page.getByRole('link', { name: 'Set-up', exact: true }).click();
  await steps.getByRole('link', { name: /^6/ }).click();
  await page.getByRole('button', { name: 'Run a drill' }).click();
  const drill = page.getByRole('dialog', { name: 'Run a drill' });
  await choose(page, drill.getByRole('combobox', { name: 'Mark a user for tests' }), 'nobody');
  await drill.getByRole('button', { name: 'Mark as a test user' }).click();
  await drill.getByRole('combobox', { name: 'Test user' }).waitFor();
  await drill.getByRole('button', { name: 'Run it on 1 test user' }).click();
  await page.getByText('Passed', { exact: true }).first().waitFor();

  // The pilot: named, planned, started.
  await choose(page, page.getByRole('combobox', { name: 'Users of the pilot' }), 'grace');
  await page.getByRole('button', { name: 'Plan with this pilot' }).click();
  await page.getByRole('button', { name: 'Start the pilot' }).click();
  const start = page.getByRole('dialog', { name: 'Start the pilot?' });
  await start.getByRole('button', { name: 'Start 1 rollout' }).click();
  await page.getByText('1 of 1 user done').waitFor();
  await page.getByRole('link', { name: 'Open the rollout' }).click();
  await choose(page, page.getByRole('combobox', { name: 'A user' }), 'grace');
  await page.getByText('In the stage: the pilot').waitFor();
  await choose(page, page.getByRole('combobox', { name: 'A user' }), 'alan');
  await page.getByText('In no stage yet').waitFor();

  await page.goto(`${instance.url}/users?q=grace`);
  await page.getByRole('link', { name: 'Grace Hopper' }).click();
  await page.getByRole('article', { name: 'Wiki' }).getByText('Has account').waitFor();
  assert.equal(instance.target.accounts().filter(({ userName }) => userName === 'grace@example.com').length, 1);
  // Everyone else waits for the stages that follow.
  assert.equal(instance.target.accounts().filter(({ userName }) => userName === 'alan@example.com').length, 0);
  assert.deepEqual(troubles, []);
  await context.close();
});

async function addEntitlement(page: Page, kind: 'profile' | 'permission set', name: string): Promise<void> {
  await page.goto(`${instance.url}/entitlements${kind === 'profile' ? '' : '?kind=permission-set'}`);
  await page.getByRole('button', { name: `Add a ${kind}` }).click();
  await page.getByRole('dialog').getByLabel(/^Name/).fill(name);
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await page.getByRole('button', { name, exact: true }).waitFor();
}

/** Types into a field that searches, and takes the first that it finds. */
async function choose(page: Page, field: Locator, typed: string): Promise<void> {
  await field.fill(typed);
  await page
    .getByRole('option', { name: new RegExp(typed, 'i') })
    .first()
    .click();
}

async function addUser(page: Page, first: string, last: string): Promise<void> {
  await page.goto(`${instance.url}/users/new`);
  const address = `${first.toLowerCase()}@example.com`;
  const fields = { Username: address, 'First Name': first, 'Last Name': last, Email: address };
  for (const [label, value] of Object.entries(fields)) {
    await page
      .getByLabel(new RegExp(`^${label}( \\*)?$`))
      .first()
      .fill(value);
  }
  await page.getByRole('combobox', { name: /^Profile/ }).click();
  await page.getByRole('option', { name: 'Employee' }).click();
  await page.getByRole('button', { name: 'Add the user' }).click();
  await page.getByRole('heading', { level: 1, name: `${first} ${last}` }).waitFor();
}

async function giveToUser(page: Page, name: string): Promise<void> {
  await page.getByRole('combobox', { name: 'Permission set or group' }).click();
  await page.getByRole('option', { name }).click();
  await page.getByRole('button', { name: 'Give', exact: true }).click();
  await page.getByRole('button', { name: `Take away: ${name}` }).waitFor();
}

const PAGES = [
  '/',
  '/apps',
  '/apps/new',
  '/apps/Wiki',
  '/apps/Wiki/setup?step=app',
  '/apps/Wiki/setup?step=protocol',
  '/apps/Wiki/setup?step=credential',
  '/apps/Wiki/setup?step=mapping',
  '/apps/Wiki/setup?step=policies',
  '/apps/Wiki/setup?step=start',
  '/apps/Wiki/mapping?row=displayName',
  '/apps/Wiki/mapping?view=versions',
  '/apps/Wiki/mapping?view=tests',
  '/apps/Wiki/plans',
  '/apps/Wiki/matching',
  '/apps/Wiki/drills',
  '/apps/Wiki/rollouts',
  '/apps/Wiki/rollouts?plan=new',
  '/apps/Wiki/rollouts/1',
  '/apps/Wiki/holds',
  '/apps/Wiki/log',
  '/apps/Wiki/settings',
  '/users',
  '/users/grace@example.com',
  '/users/grace@example.com/edit',
  '/users/new',
  '/users/import',
  '/apps/Wiki/undone',
  '/holds',
  '/holds/deletions',
  '/log',
  '/log?view=causes',
  '/entitlements',
  '/credentials',
  '/audit',
  '/settings/me',
  '/settings/people',
  '/settings/alerts',
  '/settings/keys',
  '/settings/fields',
  '/settings/organization',
  '/settings/retention',
  '/settings/single-sign-on',
  '/settings/vault',
];

/** Every role sees every page: what it may, or that it may not; each in another look. */
const VISITS = [
  { role: 'administrator', width: 1440, scheme: 'light', addressed: true },
  { role: 'administrator', width: 360, scheme: 'dark', addressed: false },
  { role: 'operator', width: 1440, scheme: 'dark', addressed: false },
  { role: 'help desk', width: 360, scheme: 'light', addressed: false },
  { role: 'auditor', width: 1440, scheme: 'light', addressed: false },
] as const;

describe('every page is in order', { concurrency: 3 }, () => {
  for (const { role, addressed, ...look } of VISITS) {
    test(`for the role ${role} at ${look.width} px in ${look.scheme}`, async () => {
      const storageState = role === 'administrator' ? signedIn : await comeInAs(role);
      const context = await browser.newContext({ ...lookOf(look), storageState });
      const { page, troubles } = await openPage(context, instance.url);
      page.setDefaultTimeout(MOST_MS);
      const wrong: string[] = [];
      await page.goto(instance.url);
      await page.locator('main[data-shown="/"]').waitFor();
      for (const path of PAGES) {
        // One visit comes to each page by its address, as a link in a mail does; the others walk, which is quicker.
        if (addressed) await page.goto(`${instance.url}${path}`);
        else await walk(page, path);
        // In the shell, so signed in.
        await page.getByRole('main').getByRole('heading', { level: 1 }).waitFor();
        // Nothing waits any more: skeletons say that they are busy.
        await page.locator('[aria-busy="true"]').first().waitFor({ state: 'detached' });
        const wide = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
        if (wide > 0) wrong.push(`${path} is ${wide} px too wide`);
        // What other roles see is a part of what the administrator sees, but for these two.
        if (role === 'administrator' || path === '/' || path === '/audit')
          for (const barrier of await findBarriers(page)) wrong.push(`${path} ${barrier}`);
        for (const trouble of troubles.splice(0)) wrong.push(`${path} ${trouble}`);
      }
      assert.deepEqual(wrong, []);
      await context.close();
    });
  }
});

/** To another page without loading the console anew, as its own links lead. */
async function walk(page: Page, path: string): Promise<void> {
  await page.evaluate(`history.pushState({}, '', ${JSON.stringify(path)})`);
  await page.locator(`main[data-shown="${path}"]`).waitFor();
}

/** Invites a person, who comes in by the link and sets up a second factor. */
async function comeInAs(role: string) {
  const email = `${role.replace(' ', '-')}@example.com`;
  const { link } = await instance.call<{ link: { url: string } }>('POST', '/people', { email, name: role, role });
  const context = await browser.newContext(lookOf({ width: 1440, scheme: 'light' }));
  const { page } = await openPage(context, instance.url);
  page.setDefaultTimeout(MOST_MS);
  await comeIn(page, link.url);
  const state = await context.storageState();
  await context.close();
  return state;
}

test('an app is authorized by OAuth at the target’s own page, and its secret rotated', async () => {
  const context = await browser.newContext({ ...lookOf({ width: 1440, scheme: 'dark' }), storageState: signedIn });
  const { page, troubles } = await openPage(context, instance.url);
  page.setDefaultTimeout(MOST_MS);
  const app = { name: 'Files', label: 'Files', connector: 'scim2', baseUrl: instance.target.url };
  await instance.call('POST', '/apps', app);
  await page.goto(`${instance.url}/apps/Files/setup?step=credential`);
  await page.getByRole('button', { name: 'Set up OAuth' }).click();
  await page.getByLabel('Issuer').fill(instance.authorization.issuer);
  await page.getByRole('button', { name: 'Read its discovery document' }).click();
  await page.getByText(instance.authorization.issuer, { exact: true }).first().waitFor();
  await page.getByRole('button', { name: 'Save and look at the server' }).click();
  await page.getByRole('button', { name: 'Register automatically' }).click();
  await page.getByText('registered by Usher').waitFor();
  await page.getByText('Hand-over sheet').click();
  await page.getByText(`${instance.url}/oauth/callback/Files`).last().waitFor();
  assert.deepEqual(await findBarriers(page), []);
  assert.deepEqual(troubles, []);

  await page.getByRole('button', { name: 'Authorize', exact: true }).click();
  await page.locator('input[name=login]').fill('svc-usher');
  await page.locator('input[name=password]').fill('any');
  await page.locator('button[type=submit]').click();
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.waitForURL(/setup\?step=credential/);
  // What the target's own page asks for is not ours.
  troubles.splice(0);
  await page.getByText('Works', { exact: true }).waitFor();
  await page.getByText('Accounts can be read').waitFor();

  await page.getByRole('button', { name: 'Stage a second pair' }).click();
  await page.getByRole('button', { name: 'Stage it' }).click();
  await page.getByRole('button', { name: 'I have stored it' }).click();
  await page.getByRole('button', { name: 'Discard it' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Discard 1 pair' }).click();
  await page.getByRole('button', { name: 'Stage a second pair' }).waitFor();

  await page.goto(`${instance.url}/credentials`);
  await page.getByRole('row', { name: /Files.*OAuth/ }).waitFor();
  assert.deepEqual(troubles, []);
  await context.close();
});

test('an administrator sets guards, invites a person and makes a key', async () => {
  const context = await browser.newContext({ ...lookOf({ width: 1440, scheme: 'light' }), storageState: signedIn });
  const { page, troubles } = await openPage(context, instance.url);
  page.setDefaultTimeout(MOST_MS);
  const dialog = page.getByRole('dialog');
  await page.goto(`${instance.url}/apps/Wiki/settings`);
  await choose(page, page.getByRole('combobox', { name: 'Users', exact: true }), 'alan');
  await page.getByLabel('Delete: needs approval').check();
  await page.getByRole('button', { name: 'Save the guards' }).click();
  await page.getByText('Saved; effective at once').waitFor();
  await page.reload();
  await page.getByRole('button', { name: 'Leave alan@example.com out' }).waitFor();

  await page.goto(`${instance.url}/settings/people`);
  await page.getByRole('button', { name: 'Invite a person' }).click();
  await dialog.getByLabel('Name').fill('Olga');
  await dialog.getByLabel('E-mail address').fill('olga@example.com');
  await dialog.getByRole('button', { name: 'Invite', exact: true }).click();
  await page.getByText('/join#').waitFor();
  await page.getByRole('button', { name: 'I have handed it over' }).click();
  await page.getByRole('button', { name: 'Actions for Olga' }).click();
  await page.getByRole('menuitem', { name: 'Change name or role' }).click();
  await dialog.getByRole('combobox', { name: 'Role' }).click();
  await page.getByRole('option', { name: 'Auditor' }).click();
  await dialog.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('row', { name: /Olga.*Auditor/ }).waitFor();

  await page.goto(`${instance.url}/settings/me`);
  await page.getByRole('button', { name: 'Make a key' }).click();
  await dialog.getByLabel('Who or what uses it').fill('my laptop');
  await dialog.getByLabel('See users and entitlements').check();
  await dialog.getByRole('button', { name: 'Make a key' }).click();
  await page.getByRole('button', { name: 'I have stored it' }).click();
  await page.getByText('my laptop').waitFor();
  assert.deepEqual(troubles, []);
  await context.close();
});

test('who has a small screen walks by the menu', async () => {
  const context = await browser.newContext({ ...lookOf({ width: 360, scheme: 'light' }), storageState: signedIn });
  const { page, troubles } = await openPage(context, instance.url);
  page.setDefaultTimeout(MOST_MS);
  await page.goto(instance.url);
  await page.getByRole('button', { name: 'Open navigation' }).click();
  await page.getByRole('dialog').getByRole('link', { name: 'Users' }).click();
  await page.getByRole('heading', { level: 1, name: 'Users' }).waitFor();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  assert.deepEqual(troubles, []);
  await context.close();
});

test('a page asks for nothing but its own, and runs no text as code', async () => {
  const { headers } = await fetch(`${instance.url}/apps`, { headers: { accept: 'text/html' } });
  const policy = headers.get('content-security-policy') ?? '';
  assert.match(policy, /default-src 'none'; script-src 'self';/);
  assert.doesNotMatch(policy, /unsafe/);
});

test('who uses the keyboard only signs in, finds a person and comes back', async () => {
  const context = await browser.newContext(lookOf({ width: 1440, scheme: 'light' }));
  const { page, troubles } = await openPage(context, instance.url);
  page.setDefaultTimeout(MOST_MS);
  await page.goto(`${instance.url}/users`);
  await page.getByLabel('E-mail address').waitFor();
  await page.keyboard.type(ADMIN.email);
  await page.keyboard.press('Tab');
  await page.keyboard.type(PASSWORD);
  await page.keyboard.press('Enter');
  await page.getByLabel('Code from your authenticator app').waitFor();
  // The code of the enrolment is used up, and the server takes the next one too.
  await page.keyboard.type(totpOf(secret, Date.now() + 30_000));
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: 'Users' }).waitFor();

  await page.keyboard.press('/');
  await page.keyboard.type('grace');
  await page.waitForURL(/q=grace/);
  await page.getByRole('link', { name: 'Alan Turing' }).waitFor({ state: 'detached' });
  await page.keyboard.press('Tab');
  await page.evaluate('document.activeElement.blur()');
  await page.keyboard.press('j');
  await page.locator('a:focus', { hasText: 'Grace Hopper' }).waitFor();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: 'Grace Hopper' }).waitFor();
  await page.keyboard.press('Control+K');
  await page.getByPlaceholder('Search people, apps and pages').waitFor();
  await page.keyboard.type('Wiki');
  await page.getByRole('dialog').getByText('Wiki', { exact: true }).waitFor();
  await page.keyboard.press('Escape');
  await page.keyboard.press('g');
  await page.keyboard.press('l');
  await page.getByRole('heading', { level: 1, name: 'Log' }).waitFor();
  assert.deepEqual(troubles, []);
  await context.close();
});
