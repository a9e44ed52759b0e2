import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, describe, test } from 'node:test';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { comeInFirst, findBarriers, lookOf, openBrowser, openPage } from './support/browser.ts';
import { type Instance, startInstance } from './support/instance.ts';
import { prepareWiki, saveTitles, until } from './support/wiki.ts';

const MOST_MS = 20_000;
const PEOPLE = ['ann', 'ben', 'cleo', 'dora', 'emil', 'fay', 'gus', 'hal'];
const DELETED_LATER = { action: 'deactivate', deleteAfterDays: 5 };

let instance: Instance;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let troubles: string[];

before(async () => {
  instance = await startInstance();
  browser = await openBrowser();
  await prepareWiki(instance, PEOPLE);
  context = await browser.newContext(lookOf({ width: 1440, scheme: 'light' }));
  ({ page, troubles } = await openPage(context, instance.url));
  page.setDefaultTimeout(MOST_MS);
  await comeInFirst(page, instance);
  await until(() => accountsWith('Clerk') === PEOPLE.length, 'everybody has an account');
});

after(async () => {
  await browser?.close();
  await instance?.stop();
});

function accountsWith(title: string): number {
  return instance.target.accounts().filter((account) => account['title'] === title).length;
}

function accountOf(name: string) {
  return instance.target.accounts().find(({ userName }) => userName === `${name}@example.com`);
}

/** Opens a command of the page, fills in what it asks for, and confirms. */
async function confirm(button: string, verb: string, given: { reason?: string; typed?: string } = {}): Promise<void> {
  await page.getByRole('button', { name: button, exact: true }).first().click();
  const dialog = page.getByRole('dialog');
  if (given.reason !== undefined) await dialog.getByLabel(/^Reason/).fill(given.reason);
  if (given.typed !== undefined) await dialog.getByLabel(/^Type/).fill(given.typed);
  await dialog.getByRole('button', { name: verb, exact: true }).click();
  await dialog.waitFor({ state: 'detached' });
}

async function change(name: string, fields: object): Promise<void> {
  await instance.call('PATCH', `/users/${name}@example.com`, fields, { 'if-match': '*' });
}

/** What the file holds that a menu gives. */
async function download(menu: RegExp, item: string): Promise<string> {
  const coming = page.waitForEvent('download');
  await page.getByRole('button', { name: menu }).click();
  await page.getByRole('menuitem', { name: item }).click();
  return await readFile(await (await coming).path(), 'utf8');
}

describe('whoever operates Wiki', () => {
  test('takes a version from its pilot to a share, halts and continues it, and goes the ways back', async () => {
    const version = await saveTitles(instance, 'UPPER(Title)');
    const { id } = await instance.call<{ id: number }>('POST', '/apps/Wiki/rollouts', {
      version,
      pilot: { users: ['ann@example.com'] },
      percentages: [99],
      settings: { soakHours: 0 },
    });
    await page.goto(`${instance.url}/apps/Wiki/rollouts/${id}`);
    await confirm('Start the pilot', 'Start 1 rollout', { reason: 'No drill was made' });
    await page.getByText('1 of 1 user done').waitFor();
    assert.equal(accountOf('ann')?.['title'], 'CLERK');

    await confirm('Pause', 'Pause 1 rollout');
    await page.getByText('Paused', { exact: true }).waitFor();
    assert.match(await page.title(), /paused/i);
    await page.goto(instance.url);
    await page.getByText('A rollout of Wiki is paused').waitFor();
    assert.deepEqual(await findBarriers(page), []);
    await page.getByRole('link', { name: 'Open the rollout' }).click();
    await confirm('Continue', 'Continue 1 rollout');
    await page.getByText('Running', { exact: true }).waitFor();

    await confirm('Advance now', 'Advance 1 stage', { reason: 'Ann is content' });
    await page.getByText('7 of 7 users done').waitFor();
    assert.equal(accountsWith('CLERK'), PEOPLE.length);
    assert.match(await page.title(), /99 %/);

    await confirm('Undo this stage', 'Undo 1 stage', { reason: 'Too loud for most' });
    await until(() => accountsWith('CLERK') === 1, 'only the pilot has the version');
    await page.getByText('Proved at the target').waitFor();
    await confirm('Roll back', 'Roll back 1 version', { reason: 'Too loud for all' });
    await page.getByText('Rolled back', { exact: true }).waitFor();
    await until(() => accountsWith('Clerk') === PEOPLE.length, 'everybody has the version before');
    await page.getByText('Proved at the target').waitFor();
    assert.deepEqual(await findBarriers(page), []);
    assert.deepEqual(troubles, []);
  });

  test('sees why nothing is sent, what failed first, and asks the target again', async () => {
    instance.target.setFaults({ rules: [{ answer: { status: 401, detail: 'The credential was revoked' } }] });
    await change('ben', { Title: 'Baker' });
    await page.goto(`${instance.url}/apps/Wiki`);
    const banner = page.getByRole('status').filter({ hasText: 'The credential was revoked' });
    await banner.waitFor();
    await banner.getByText('The first failure').click();
    await banner.getByText('401').first().waitFor();
    assert.deepEqual(await findBarriers(page), []);
    await page.goto(instance.url);
    await page.getByText('Wiki is quarantined').waitFor();
    await page.getByRole('listitem').filter({ hasText: 'Wiki is quarantined' }).getByRole('link').click();

    await banner.getByRole('button', { name: 'Test now' }).click();
    await page.getByText('The target was asked, and it still fails').waitFor();
    instance.target.setFaults({ rules: [] });
    await banner.getByRole('button', { name: 'Test now' }).click();
    await page.getByText('The target answers again').waitFor();
    await banner.waitFor({ state: 'detached' });
    await until(() => accountOf('ben')?.['title'] === 'Baker', 'what waited was sent');
    troubles.splice(0);
  });

  test('retries everything that failed for one cause', async () => {
    instance.target.setFaults({ rules: [{ answer: { status: 400, detail: 'No cooks here' }, method: 'PATCH' }] });
    await change('cleo', { Title: 'Cook' });
    await change('dora', { Title: 'Cook' });
    await page.goto(`${instance.url}/`);
    const need = page.getByRole('listitem').filter({ hasText: '2 users are parked at Wiki' });
    await need.getByRole('link', { name: 'Look at the causes' }).click();
    const cause = page.getByRole('article').filter({ hasText: '2 users: values refused by the target' });
    await cause.waitFor();
    instance.target.setFaults({ rules: [] });
    await confirm('Try again', 'Try 2 users again');
    await until(() => accountsWith('Cook') === 2, 'both were tried again');
    await cause.waitFor({ state: 'detached' });
    assert.deepEqual(troubles, []);
  });

  test('releases one hold and rejects another, by keys', async () => {
    await instance.call('PATCH', '/apps/Wiki', { deactivationLimit: { count: 0, percent: 0 } }, { 'if-match': '*' });
    await change('emil', { IsActive: false });
    await change('fay', { IsActive: false });
    await page.goto(`${instance.url}/holds`);
    const row = (name: string) => page.getByRole('row').filter({ hasText: `${name}@example.com` });
    await row('emil').waitFor();
    await row('fay').waitFor();
    await row('emil').getByRole('button', { name: 'emil@example.com' }).focus();
    await page.keyboard.press('s');
    await page.getByRole('dialog').getByRole('button', { name: 'Snooze 1 hold' }).click();
    await page.getByText('Snoozed 1 hold').waitFor();
    const decide = async (name: string, keys: string, verb: RegExp) => {
      await row(name)
        .getByRole('button', { name: `${name}@example.com` })
        .focus();
      for (const key of keys) await page.keyboard.press(key);
      await page.getByRole('dialog').getByRole('button', { name: verb }).click();
      await row(name).waitFor({ state: 'detached' });
    };
    await decide('emil', 'xr', /^Release and deactivate 1 account/);
    await until(() => accountOf('emil')?.['active'] === false, 'what was released is sent');
    await decide('fay', 'e', /^Reject 1 change/);
    assert.equal(accountOf('fay')?.['active'], true);
    await page.getByText('No holds').waitFor();
    await page.keyboard.press('?');
    await page.getByText('In holds: release what is chosen').waitFor();
    await page.keyboard.press('Escape');
    await page.goto(`${instance.url}/holds?state=rejected`);
    await row('fay').waitFor();
    assert.deepEqual(troubles, []);
  });

  test('deletes an account of the inbox now, and keeps another', async () => {
    const rules = {
      'user deactivated': DELETED_LATER,
      'user deleted': DELETED_LATER,
      'assignment lost': DELETED_LATER,
    };
    const version = await saveTitles(instance, 'Title', { deprovisioning: rules });
    await instance.call(
      'POST',
      `/apps/Wiki/configurations/${version}/activate`,
      { withoutRollout: 'To be tested' },
      { 'if-match': '*' },
    );
    await instance.call(
      'PATCH',
      '/apps/Wiki',
      { deactivationLimit: { count: 100, percent: 100 } },
      { 'if-match': '*' },
    );
    await change('gus', { IsActive: false });
    await change('hal', { IsActive: false });
    await until(() => accountOf('hal')?.['active'] === false, 'they are deactivated');
    await page.goto(`${instance.url}/holds/deletions`);
    const row = (name: string) => page.getByRole('row').filter({ hasText: `${name}@example.com` });
    await row('gus').getByRole('button', { name: 'Delete now' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel(/^Reason/).fill('They asked for it');
    await dialog.getByRole('button', { name: 'Delete 1 account' }).click();
    await row('gus').waitFor({ state: 'detached' });
    await until(() => accountOf('gus') === undefined, 'the account is gone');
    await row('hal').getByRole('button', { name: 'Keep' }).click();
    await dialog.getByLabel(/^Reason/).fill('They may return');
    await dialog.getByRole('button', { name: 'Keep 1 account' }).click();
    await row('hal').waitFor({ state: 'detached' });
    assert.ok(accountOf('hal'));
    assert.deepEqual(troubles, []);
  });

  test('looks at tables in their own way, and takes what they filtered along', async () => {
    await page.goto(`${instance.url}/users?q=cleo`);
    await page.getByRole('link', { name: /cleo Tester/ }).waitFor();
    const view = page.getByRole('button', { name: 'View' });
    await view.click();
    await page.getByRole('menuitemcheckbox', { name: 'E-mail' }).click();
    await page.getByRole('menuitemradio', { name: 'Compact' }).click();
    await page.getByRole('menuitem', { name: 'Keep this view' }).click();
    await page.getByRole('dialog').getByLabel(/^Name/).fill('Cooks');
    await page.getByRole('dialog').getByRole('button', { name: 'Keep it' }).click();
    await page.getByRole('columnheader', { name: 'E-mail' }).waitFor();
    await page.goto(`${instance.url}/users`);
    await page.getByRole('link', { name: /dora Tester/ }).waitFor();
    await page.getByRole('columnheader', { name: 'E-mail' }).waitFor();
    await view.click();
    await page.getByRole('menuitem', { name: 'Cooks' }).click();
    await page.waitForURL(/q=cleo/);
    await page.getByRole('link', { name: /dora Tester/ }).waitFor({ state: 'detached' });
    assert.match(await download(/^Export$/, 'Export CSV'), /^Id,.*\r\n[^\r]*cleo@example\.com[^\r]*\r\n$/);

    await page.goto(`${instance.url}/log`);
    await view.click();
    await page.getByRole('menuitemcheckbox', { name: 'Brought about by' }).click();
    await page.getByRole('menuitem', { name: 'Leavers' }).click();
    await page.waitForURL(/operation=deactivate/);
    await page.getByRole('columnheader', { name: 'Brought about by' }).waitFor();
    assert.match(await download(/^Export$/, 'Export CSV'), /deactivate/);
    assert.deepEqual(await findBarriers(page), []);
    assert.deepEqual(troubles, []);
  });
});
