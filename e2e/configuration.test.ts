import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import decodeQR from 'qr/decode.js';
import { comeInFirst, findBarriers, lookOf, openBrowser, openPage, PASSWORD } from './support/browser.ts';
import { type Instance, startInstance } from './support/instance.ts';
import { totpOf } from './support/totp.ts';
import { until } from './support/wiki.ts';

const MOST_MS = 30_000;
/** Four dark pixels. */
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAIAAAD91JpzAAAAFElEQVR42mNkYPhfz8DAwMDEAAUADigBA0mMDskAAAAASUVORK5CYII=',
  'base64',
);

let instance: Instance;
let browser: Browser;
let signedIn: Awaited<ReturnType<BrowserContext['storageState']>>;
let folder: string;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'usher-e2e-files-'));
  instance = await startInstance({ singleSignOn: true });
  browser = await openBrowser();
  const context = await browser.newContext(lookOf({ width: 1440, scheme: 'light' }));
  const { page } = await openPage(context, instance.url);
  page.setDefaultTimeout(MOST_MS);
  await comeInFirst(page, instance);
  signedIn = await context.storageState();
  await context.close();
  await prepare();
});

after(async () => {
  await browser?.close();
  await instance?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** An app with a mapping and a matching report of a target that holds an account of nobody's. */
async function prepare(): Promise<void> {
  const { call, target, targetToken } = instance;
  const csv = [
    'Username,FirstName,LastName,Email,Profile',
    'grace@example.com,Grace,Hopper,grace@example.com,Standard User',
  ];
  await call('POST', '/users/import', csv.join('\n'));
  await fetch(`${target.url}/Users`, {
    method: 'POST',
    headers: { authorization: `Bearer ${targetToken}`, 'content-type': 'application/scim+json' },
    body: JSON.stringify({
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
      userName: 'svc-build',
      active: true,
    }),
  });
  await call('POST', '/apps', { name: 'Wiki', label: 'Wiki', connector: 'scim2', baseUrl: target.url });
  await call('PUT', '/apps/Wiki/credential', { kind: 'bearer', token: targetToken }, { 'if-match': '*' });
  const proposal = await call<{ mapping: unknown; correlation?: unknown }>('GET', '/apps/Wiki/mapping/proposal');
  const correlation = { matchingAttributes: ['externalId', 'userName'] };
  await call('POST', '/apps/Wiki/configurations', { mapping: proposal.mapping, correlation });
  await call('POST', '/apps/Wiki/matching-reports', {});
}

/** A page of the first administrator, and what must not have happened on it at its end. */
async function openAs(look: Parameters<typeof lookOf>[0], run: (page: Page) => Promise<void>, storageState = signedIn) {
  const context = await browser.newContext({ ...lookOf(look), storageState });
  const { page, troubles } = await openPage(context, instance.url);
  page.setDefaultTimeout(MOST_MS);
  await run(page);
  // The browser itself tells of each refusal, which is what some of these are about.
  assert.deepEqual(
    troubles.filter((trouble) => !/the server responded with a status of 4/.test(trouble)),
    [],
  );
  await context.close();
}

test('how accounts are found is put in order, warned of and saved; decisions are added, ordered and taken away', async () => {
  await openAs({ width: 1440, scheme: 'dark' }, async (page) => {
    await page.goto(`${instance.url}/apps/Wiki/setup?step=start`);
    await page.getByRole('link', { name: 'Matching rules and reports' }).click();
    await page.getByText('Nothing speaks against these.').waitFor();
    await page.getByRole('combobox', { name: 'Add an attribute' }).click();
    await page.getByRole('option', { name: 'displayName' }).click();
    await page.getByText(/displayName is not unique at the target/).waitFor();
    await page.getByRole('button', { name: 'Move up: displayName' }).click();
    await page.getByText('displayName is 2 of 3 now').waitFor({ state: 'attached' });
    await page
      .getByText(/by externalId; where that finds none, by displayName; where that finds none, by userName/)
      .waitFor();
    await page.getByRole('button', { name: 'Remove: externalId' }).click();
    await page.getByRole('button', { name: 'Save as a new version' }).click();
    await page.getByText('Version 2', { exact: false }).first().waitFor();
    await aConflictIsTold(page);
    const { configuration } = await instance.call<{ configuration: { correlation: { matchingAttributes: string[] } } }>(
      'GET',
      '/apps/Wiki/configurations/2',
    );
    assert.deepEqual(configuration.correlation.matchingAttributes, ['displayName', 'userName']);

    const dialog = page.getByRole('dialog');
    await page.getByText('A person decides every line.').waitFor();
    await page.getByRole('button', { name: 'Add a decision' }).click();
    await dialog.getByLabel('Name, e-mail address or id').fill('svc-*');
    await dialog.getByText('Ignores orphaned accounts if the name, e-mail address or id fits “svc-*”.').waitFor();
    assert.deepEqual(await findBarriers(page), []);
    await dialog.getByRole('button', { name: 'Add 1 decision' }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Add a decision' }).click();
    await dialog.getByRole('combobox', { name: 'What is decided' }).click();
    await page.getByRole('option', { name: 'Link it with its user' }).click();
    await dialog.getByRole('button', { name: 'Add 1 decision' }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Move up: Links matched accounts with their users.' }).click();
    await page.getByRole('button', { name: 'Move down: Links matched accounts with their users.' }).waitFor();
    const first = page.getByRole('list', { name: 'Decisions, in their order' }).getByRole('listitem').first();
    await first.filter({ hasText: 'Links' }).waitFor();
    await page.getByRole('link', { name: 'What it picks in the latest report' }).last().click();
    await page.getByText('svc-build').first().waitFor();
    await page.goBack();
    await page.getByRole('button', { name: 'Remove: Links matched accounts with their users.' }).click();
    await dialog.getByRole('button', { name: 'Take 1 decision away' }).click();
    await dialog.waitFor({ state: 'detached' });
    const { rules } = await instance.call<{ rules: { decision: string }[] }>('GET', '/apps/Wiki/matching-rules');
    assert.deepEqual(
      rules.map(({ decision }) => decision),
      ['ignore'],
    );
    assert.deepEqual(await findBarriers(page), []);
  });
});

/** Somebody else saves a version while one edits: the draft stays, and the other version is taken only when one says so. */
async function aConflictIsTold(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Move up: userName' }).click();
  const { configuration } = await instance.call<{ configuration: object }>('GET', '/apps/Wiki/configurations/2');
  await instance.call('POST', '/apps/Wiki/configurations', configuration);
  await page.getByRole('button', { name: 'Save as a new version' }).click();
  await page.getByText('saved version 3 meanwhile', { exact: false }).waitFor();
  await page.getByRole('button', { name: 'Go on from version 3' }).click();
  await page.getByText('Version 3', { exact: false }).first().waitFor();
}

function makeCertificate(name: string): void {
  const made = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '60'];
  const paths = ['-keyout', join(folder, `${name}.key`), '-out', join(folder, `${name}.pem`)];
  execFileSync('openssl', [...made, '-subj', `/CN=${name}`, ...paths], { stdio: 'ignore' });
}

test('a client certificate is entered with what is wrong told at its field, shown without its key, replaced and forgotten', async () => {
  makeCertificate('usher');
  makeCertificate('other');
  const lock = ['pkey', '-in', join(folder, 'usher.key'), '-aes256', '-passout', 'pass:x'];
  execFileSync('openssl', [...lock, '-out', join(folder, 'locked.key')], { stdio: 'ignore' });
  await openAs({ width: 360, scheme: 'light' }, async (page) => {
    const seal = page.getByRole('button', { name: 'Seal it' });
    const choose = async (field: string, file: string) =>
      page.locator(`input[type=file][aria-label="Choose a file: ${field}"]`).setInputFiles(join(folder, file));
    await page.goto(`${instance.url}/apps/Wiki/setup?step=credential`);
    await page.getByRole('button', { name: 'Enter a certificate' }).click();
    await page.getByRole('textbox', { name: /^Certificate/ }).fill('no certificate');
    await choose('Private key', 'locked.key');
    await seal.click();
    await page.getByText('The certificate is not one in PEM form.').waitFor();
    await choose('Certificate', 'usher.pem');
    await seal.click();
    await page.getByText('The private key is encrypted with a passphrase.').waitFor();
    await choose('Private key', 'other.key');
    await seal.click();
    await page.getByText('The private key is not the certificate', { exact: false }).waitFor();
    assert.deepEqual(await findBarriers(page), []);
    await choose('Private key', 'usher.key');
    await seal.click();
    await page.getByText('CN=usher', { exact: true }).waitFor();
    await page.getByText('Fingerprint (SHA-256)').waitFor();
    assert.doesNotMatch(await page.content(), /PRIVATE KEY/);

    await page.getByRole('button', { name: 'Replace it' }).last().click();
    await choose('Certificate', 'other.pem');
    await choose('Private key', 'other.key');
    await seal.click();
    await page.getByText('CN=other', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Forget it' }).last().click();
    await page
      .getByRole('dialog')
      .getByText(/1 certificate and its key are forgotten here/)
      .waitFor();
    await page.getByRole('button', { name: 'Forget 1 certificate' }).click();
    await page.getByText('None. Few targets ask for one.').waitFor();
  });
});

test('an app gets a logo and a contact, which its header and the help desk show', async () => {
  await openAs({ width: 1440, scheme: 'light' }, async (page) => {
    await page.goto(`${instance.url}/apps/Wiki/settings`);
    const file = page.locator('input[type=file]');
    const svg = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>';
    await file.setInputFiles({ name: 'logo.svg', mimeType: 'image/svg+xml', buffer: Buffer.from(svg) });
    await page.getByText('SVG is not taken, since it may hold scripts.', { exact: false }).waitFor();
    await file.setInputFiles({ name: 'large.png', mimeType: 'image/png', buffer: Buffer.alloc(200 * 1024) });
    await page.getByText('The picture has 200 KiB. Choose one of at most 128 KiB.').waitFor();
    await file.setInputFiles({ name: 'logo.png', mimeType: 'image/png', buffer: PNG });
    await page.getByRole('img', { name: 'Logo of Wiki' }).waitFor();
    await page.getByRole('button', { name: 'Keep this logo' }).click();
    await page.getByRole('button', { name: 'Choose another' }).waitFor();
    const logo = page.locator('header img').first();
    await until(
      async () => (await logo.evaluate((image) => (image as unknown as { naturalWidth: number }).naturalWidth)) === 2,
      'the logo is drawn',
    );

    await page.getByLabel('Whom to ask').fill('Eva Lang');
    await page.getByLabel('E-mail address').fill('eva@example.com');
    await page.getByRole('region', { name: 'Contact and logo' }).getByRole('button', { name: 'Save' }).click();
    await page.getByRole('link', { name: 'eva@example.com' }).waitFor();
    assert.deepEqual(await findBarriers(page), []);
    await page.goto(`${instance.url}/users/grace@example.com`);
    const standing = page.getByRole('article', { name: 'Wiki' });
    await standing.getByText('Questions about Wiki go to Eva Lang, eva@example.com.').waitFor();
    await standing.getByRole('link', { name: 'eva@example.com' }).waitFor();
    await page.goto(`${instance.url}/apps/Wiki/settings`);
    await page.getByRole('button', { name: 'Take the logo away' }).click();
    await page.getByRole('button', { name: 'Take 1 logo away' }).click();
    await page.getByRole('img', { name: 'No logo' }).waitFor();
  });
});

test('an auditor comes in by the QR code, looks at the vault and single sign-on, and changes neither', async () => {
  const { link } = await instance.call<{ link: { url: string } }>('POST', '/people', {
    ...{ email: 'audit@example.com', name: 'Aud', role: 'auditor' },
  });
  await openAs(
    { width: 360, scheme: 'dark' },
    async (page) => {
      await page.goto(link.url);
      await page.getByLabel(/^Password/).fill(PASSWORD);
      await page.getByRole('button', { name: 'Go on' }).click();
      await page.getByRole('button', { name: 'Use an authenticator app' }).click();
      const code = page.getByRole('img', { name: /^QR code/ });
      await code.waitFor();
      assert.deepEqual(await findBarriers(page), []);
      const secret = (await page.getByLabel('Code for the app').inputValue()).replaceAll(' ', '');
      const scanned = new URL(await scan(page));
      assert.deepEqual([scanned.protocol, scanned.searchParams.get('secret')], ['otpauth:', secret]);
      await page.getByLabel('What the app shows').fill(totpOf(secret, Date.now()));
      await page.getByRole('button', { name: 'Confirm' }).click();
      await page.getByRole('button', { name: 'I have stored them' }).click();
      await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();

      await page.goto(`${instance.url}/settings/vault`);
      await page.getByText('Seals', { exact: true }).waitFor();
      assert.equal(await page.getByRole('button', { name: 'Rotate' }).count(), 0);
      await page.goto(`${instance.url}/settings/single-sign-on`);
      await page.getByText('On: the sign-in page offers “Example login”.', { exact: false }).waitFor();
      assert.equal(await page.getByRole('button', { name: 'Test it' }).count(), 0);
    },
    { cookies: [], origins: [] },
  );
});

/** Reads the code as a telephone would, from what is drawn. */
async function scan(page: Page): Promise<string> {
  const [side, squares] = await page.evaluate<[number, [number, number][]]>(`(() => {
    const svg = document.querySelector('svg[role="img"]');
    const path = svg.querySelector('path').getAttribute('d');
    return [svg.viewBox.baseVal.width, [...path.matchAll(/M(\\d+) (\\d+)h1/g)].map((at) => [Number(at[1]), Number(at[2])])];
  })()`);
  const scale = 4;
  const width = side * scale;
  const data = new Uint8Array(width * width * 4).fill(255);
  for (const [x, y] of squares) {
    for (let row = 0; row < scale; row += 1) {
      const from = ((y * scale + row) * width + x * scale) * 4;
      for (let at = 0; at < scale; at += 1) data.fill(0, from + at * 4, from + at * 4 + 3);
    }
  }
  return decodeQR({ width, height: width, data });
}

test('the keys of the vault are rotated with the effect named, and the audit has it', async () => {
  await openAs({ width: 1440, scheme: 'light' }, async (page) => {
    await page.goto(`${instance.url}/settings/vault`);
    await page.getByText('The keys were never rotated.').waitFor();
    const { keys } = await instance.call<{ keys: { values: number }[] }>('GET', '/vault');
    const [{ values } = { values: 0 }] = keys;
    assert.ok(values > 0);
    const file = join(instance.dataDir, 'master.key');
    writeFileSync(file, `${randomBytes(32).toString('base64')}\n${readFileSync(file, 'utf8')}`);
    await page.getByRole('button', { name: 'Rotate' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText(/Apps go on sending meanwhile/).waitFor();
    await dialog.getByRole('button', { name: /^Seal \d+ secrets? anew$/ }).click();
    await page.getByRole('progressbar', { name: 'Secrets sealed anew' }).waitFor();
    const told = values === 1 ? '1 secret' : `${values} secrets`;
    await page.getByText(`Sealed anew: ${told}`).waitFor();
    await page.getByRole('row', { name: /Opens only.*0/ }).waitFor();
    await page.getByRole('row', { name: new RegExp(`${told} sealed anew`) }).waitFor();
    assert.deepEqual(await findBarriers(page), []);
    await page.getByRole('link', { name: 'In the audit' }).click();
    await page.getByRole('heading', { level: 1, name: 'Audit' }).waitFor();
  });
});

test('single sign-on is shown without its secret, tested, and its redirect address copied', async () => {
  await openAs({ width: 1440, scheme: 'dark' }, async (page) => {
    await page.goto(`${instance.url}/settings/single-sign-on`);
    await page.getByText(`${instance.url}/api/v1/session/single-sign-on/callback`).waitFor();
    await page.getByText('Set; it is never shown').waitFor();
    await page.getByText('USHER_OIDC_ROLES', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Test it' }).click();
    await page.getByText('describes itself, and is the issuer that is set', { exact: false }).waitFor();
    await page.getByText('Its key set has', { exact: false }).waitFor();
    assert.deepEqual(await findBarriers(page), []);
    assert.doesNotMatch(await page.content(), /a secret that no page shows/);
  });
});

test('a refusal and what readiness misses are said in the words of the console, with the way to where they are mended', async () => {
  await instance.call('POST', '/apps', {
    name: 'Bare',
    label: 'Bare',
    connector: 'scim2',
    baseUrl: instance.target.url,
  });
  await openAs({ width: 1440, scheme: 'light' }, async (page) => {
    await page.goto(`${instance.url}/users/nobody@example.com`);
    await page.getByText('Find the user anew.', { exact: false }).waitFor();
    assert.doesNotMatch(await page.getByRole('main').innerText(), /GET |\/api\/|path\./);
    await page.getByRole('main').getByRole('link', { name: 'Users' }).first().click();
    await page.getByRole('heading', { level: 1, name: 'Users' }).waitFor();

    await page.goto(`${instance.url}/apps/Bare/setup?step=start`);
    const readiness = page.getByRole('region', { name: 'Readiness' });
    await readiness.getByText('A drill', { exact: true }).click();
    await readiness.getByText('Save the mapping that is proposed, or one of your own.').first().waitFor();
    assert.doesNotMatch(await readiness.innerText(), /GET |\/api\/|usher /);

    await page.goto(`${instance.url}/apps/Wiki/settings`);
    await page.getByRole('textbox', { name: 'Address', exact: true }).fill('ftp://example.com');
    await page.getByRole('region', { name: 'What it is' }).getByRole('button', { name: 'Save' }).click();
    await page.locator('[class*="Input-error"]').waitFor();
    assert.doesNotMatch(await page.getByRole('main').innerText(), /baseUrl|\/api\//);
  });
});

test('two who work on one mapping lose nothing: what both changed is asked for', async () => {
  const { call } = instance;
  const saveAs = async (formulas: Record<string, string>) => {
    const { items } = await call<{ items: { version: number }[] }>('GET', '/apps/Wiki/configurations');
    const { configuration } = await call<{ configuration: { mapping: { target: string; formula: string }[] } }>(
      'GET',
      `/apps/Wiki/configurations/${items[0]?.version}`,
    );
    const mapping = configuration.mapping.map((rule) => ({ ...rule, formula: formulas[rule.target] ?? rule.formula }));
    return await call<{ version: number }>('POST', '/apps/Wiki/configurations', { ...configuration, mapping });
  };
  await openAs({ width: 1440, scheme: 'light' }, async (page) => {
    const edit = async (row: string, formula: string) => {
      await page.goto(`${instance.url}/apps/Wiki/mapping?row=${row}`);
      await page.locator('.cm-content').first().click();
      await page.keyboard.press('Control+A');
      await page.keyboard.insertText(formula);
      await page.getByText(/not saved/).waitFor();
    };
    await edit('displayName', 'UPPER(Name)');
    await edit('userName', 'LOWER(Username)');
    const { version } = await saveAs({ displayName: 'TRIM(Name)', 'name.familyName': 'UPPER(LastName)' });
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Save 1 version' }).click();
    await dialog.waitFor({ state: 'detached' });
    const goOn = page.getByRole('button', { name: `Go on with version ${version}` });
    assert.ok(await goOn.isDisabled());
    await page.getByText('Choose in every line first.').waitFor();
    assert.ok(await page.getByRole('button', { name: 'Save', exact: true }).isDisabled());
    assert.deepEqual(await findBarriers(page), []);
    await page.getByRole('radiogroup', { name: 'What stays of displayName' }).getByText('Mine').click();
    await goOn.click();
    await page.getByText(`Draft on version ${version}: 2 changes, not saved.`, { exact: false }).waitFor();
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await dialog.getByRole('button', { name: 'Save 1 version' }).click();
    await dialog.waitFor({ state: 'detached' });
    const saved = await call<{ configuration: { mapping: { target: string; formula: string }[] } }>(
      'GET',
      `/apps/Wiki/configurations/${version + 1}`,
    );
    const formulaOf = (target: string) => saved.configuration.mapping.find((rule) => rule.target === target)?.formula;
    assert.deepEqual(['displayName', 'userName', 'name.familyName'].map(formulaOf), [
      'UPPER(Name)',
      'LOWER(Username)',
      'UPPER(LastName)',
    ]);
  });
});
