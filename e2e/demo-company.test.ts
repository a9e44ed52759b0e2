import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { comeInFirst, findBarriers, lookOf, openBrowser, openPage } from './support/browser.ts';
import { type Instance, startInstance } from './support/instance.ts';

let instance: Instance;
let browser: Browser;

before(async () => {
  instance = await startInstance();
  browser = await openBrowser();
});

after(async () => {
  await browser?.close();
  await instance?.stop();
});

test('who has an empty install tries it with a demo company, and is rid of it in one act', async () => {
  const context = await browser.newContext(lookOf({ width: 1440, scheme: 'light' }));
  const { page, troubles } = await openPage(context, instance.url);
  page.setDefaultTimeout(20_000);
  await comeInFirst(page, instance);
  const dialog = page.getByRole('dialog');
  await page.getByRole('button', { name: 'Load a demo company' }).click();
  await dialog.getByText('Nothing is sent anywhere').waitFor();
  await dialog.getByRole('button', { name: 'Load 20 users' }).click();
  await page.getByText('this is the demo company').waitFor();
  assert.deepEqual(await findBarriers(page), []);
  await page.goto(`${instance.url}/users`);
  await page.getByRole('link', { name: 'Milan Novák' }).waitFor();
  await page.getByRole('button', { name: 'Remove the demo company' }).click();
  await dialog.getByRole('button', { name: 'Remove 20 users' }).click();
  await page.getByText('There are no users yet').waitFor();
  await page.getByRole('button', { name: 'Load a demo company' }).waitFor();
  assert.deepEqual(await findBarriers(page), []);
  assert.deepEqual(troubles, []);
  await context.close();
});
