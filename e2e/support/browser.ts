import { existsSync } from 'node:fs';
import { AxeBuilder } from '@axe-core/playwright';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import type { Instance } from './instance.ts';
import { totpOf } from './totp.ts';

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
export const PASSWORD = 'four calm words together';
export const ADMIN = { name: 'Ada Admin', email: 'ada@example.com' };

export async function openBrowser(): Promise<Browser> {
  const executablePath = CHROMIUM.find((path) => existsSync(path));
  if (executablePath === undefined) throw new Error('There is no Chromium: install the package "chromium"');
  // Tests run as root in containers, where its own sandbox cannot.
  return await chromium.launch({ executablePath, args: ['--no-sandbox'] });
}

export interface Look {
  readonly width: number;
  readonly scheme: 'light' | 'dark';
}

export interface Watched {
  readonly page: Page;
  /** Errors of the console, failed scripts, and requests to other origins. */
  readonly troubles: string[];
}

/** A page that keeps note of everything that must not happen on it. */
export async function openPage(context: BrowserContext, origin: string): Promise<Watched> {
  const page = await context.newPage();
  const troubles: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning')
      troubles.push(`${message.type()}: ${message.text()}`);
  });
  page.on('pageerror', (error) => troubles.push(`script: ${error.message}`));
  page.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith(origin) && !/^(?:data|blob):/.test(url)) troubles.push(`another origin: ${url}`);
  });
  return { page, troubles };
}

export function lookOf({ width, scheme }: Look) {
  return { viewport: { width, height: 800 }, colorScheme: scheme, reducedMotion: 'reduce' } as const;
}

/** Makes the first administrator by the link of the terminal, with an authenticator app, as a person would. Gives the secret. */
export async function comeInFirst(page: Page, instance: Instance): Promise<string> {
  return await comeIn(page, instance.firstLink, ADMIN);
}

/** Uses a one-time link; `who` is asked for only where nobody was invited. Gives the authenticator's secret. */
export async function comeIn(page: Page, link: string, who?: typeof ADMIN): Promise<string> {
  await page.goto(link);
  if (who) {
    await page.getByLabel('E-mail address').fill(who.email);
    await page.getByLabel('Your name').fill(who.name);
  }
  await page.getByLabel(/^Password/).fill(PASSWORD);
  await page.getByRole('button', { name: 'Go on' }).click();
  await page.getByRole('button', { name: 'Use an authenticator app' }).click();
  const secret = await page.getByLabel('Code for the app').inputValue();
  await page.getByLabel('What the app shows').fill(totpOf(secret, Date.now()));
  await page.getByRole('button', { name: 'Confirm' }).click();
  await page.getByRole('button', { name: 'I have stored them' }).click();
  await page.getByRole('heading', { level: 1, name: 'Overview' }).waitFor();
  return secret;
}

/** What is wrong with a page for those who cannot see, hear or point, as text; nothing when it is in order. */
export async function findBarriers(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`).join(' | ')}`,
  );
}
