import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { ADMIN, comeInFirst, findBarriers, lookOf, openBrowser, openPage, PASSWORD } from './support/browser.ts';
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

test('a new administrator goes from an empty install to a provisioned user without leaving the console', async () => {
  const context = await browser.newContext(lookOf({ width: 1440, scheme: 'light' }));
  const { page, troubles } = await openPage(context, instance.url);
  page.setDefaultTimeout(MOST_MS);
  secret = await comeInFirst(page, instance);
  signedIn = await context.storageState();

  await addEntitlement(page, 'profile', 'Employee');
  await addEntitlement(page, 'permission set', 'Wiki_Access');
  await addUser(page);
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
  await page.getByRole('button', { name: 'Activate for everyone at once' }).click();
  const dialog = page.getByRole('dialog', { name: /Activate Wiki/ });
  await dialog.getByLabel(/^Reason/).fill('One person, to try it');
  await dialog.getByRole('button', { name: 'Activate 1 app for everyone' }).click();
  await page.getByText('The app works.').waitFor();

  await page.goto(`${instance.url}/users?q=grace`);
  await page.getByRole('link', { name: 'Grace Hopper' }).click();
  await page.getByRole('article', { name: 'Wiki' }).getByText('Has account').waitFor();
  assert.equal(instance.target.accounts().filter(({ userName }) => userName === 'grace@example.com').length, 1);
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

async function addUser(page: Page): Promise<void> {
  await page.goto(`${instance.url}/users/new`);
  const fields = {
    Username: 'grace@example.com',
    'First Name': 'Grace',
    'Last Name': 'Hopper',
    Email: 'grace@example.com',
  };
  for (const [label, value] of Object.entries(fields)) {
    await page
      .getByLabel(new RegExp(`^${label}( \\*)?$`))
      .first()
      .fill(value);
  }
  await page.getByRole('combobox', { name: /^Profile/ }).click();
  await page.getByRole('option', { name: 'Employee' }).click();
  await page.getByRole('button', { name: 'Add the user' }).click();
  await page.getByRole('heading', { level: 1, name: 'Grace Hopper' }).waitFor();
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
  '/apps/Wiki/holds',
  '/apps/Wiki/log',
  '/apps/Wiki/settings',
  '/users',
  '/users/grace@example.com',
  '/users/grace@example.com/edit',
  '/users/new',
  '/users/import',
  '/holds',
  '/log',
  '/log?view=causes',
  '/entitlements',
  '/audit',
  '/settings/keys',
  '/settings/fields',
  '/settings/organization',
  '/settings/retention',
];

for (const look of [
  { width: 1440, scheme: 'light' },
  { width: 360, scheme: 'dark' },
] as const) {
  test(`every page is in order at ${look.width} px in ${look.scheme}`, async () => {
    const context = await browser.newContext({ ...lookOf(look), storageState: signedIn });
    const { page, troubles } = await openPage(context, instance.url);
    page.setDefaultTimeout(MOST_MS);
    const wrong: string[] = [];
    for (const path of PAGES) {
      await page.goto(`${instance.url}${path}`);
      await page.getByRole('heading', { level: 1 }).waitFor();
      // Nothing waits any more: skeletons say that they are busy.
      await page.waitForFunction('document.querySelector(\'[aria-busy="true"]\') === null');
      const wide = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
      if (wide > 0) wrong.push(`${path} is ${wide} px too wide`);
      for (const barrier of await findBarriers(page)) wrong.push(`${path} ${barrier}`);
      for (const trouble of troubles.splice(0)) wrong.push(`${path} ${trouble}`);
    }
    assert.deepEqual(wrong, []);
    await context.close();
  });
}

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
  await page.keyboard.press('Tab');
  await page.evaluate('document.activeElement.blur()');
  await page.keyboard.press('j');
  await page.waitForFunction("document.activeElement.textContent === 'Grace Hopper'");
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
