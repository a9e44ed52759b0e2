import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { brotliCompressSync, constants } from 'node:zlib';
import { comeInFirst, lookOf, openBrowser, openPage } from '../e2e/support/browser.ts';
import { type Instance, startInstance } from '../e2e/support/instance.ts';
import type { Figure } from './figure.ts';

const DIST = new URL('../packages/console/dist/', import.meta.url);
const KB = 1_000;
const ENTRY = 'index.html';
/** Routes with a budget of their own. */
const MAPPING = 'src/pages/mapping/mapping-page.tsx';

interface Chunk {
  file: string;
  imports?: string[];
  dynamicImports?: string[];
  isDynamicEntry?: boolean;
}

/** Compressed JavaScript of the console's first page and of each page after it; from its build. */
export function measureConsoleSize(): Figure[] {
  const path = new URL('.vite/manifest.json', DIST);
  if (!existsSync(path)) throw new Error('The console is not built: run "npm run build:console"');
  const manifest = JSON.parse(readFileSync(path, 'utf8')) as Record<string, Chunk>;
  const shell = reach(manifest, ENTRY);
  const pages = Object.keys(manifest)
    .filter((name) => name.startsWith('src/pages/') && manifest[name]?.isDynamicEntry)
    .map((name) => ({
      name,
      bytes: sizeOf(
        manifest,
        [...reach(manifest, name)].filter((each) => !shell.has(each)),
      ),
    }));
  const largest = pages.filter(({ name }) => name !== MAPPING).sort((a, b) => b.bytes - a.bytes)[0];
  const mapping = pages.find(({ name }) => name === MAPPING);
  if (!largest || !mapping) throw new Error('The build has no pages');
  return [
    { name: 'console, shell', value: sizeOf(manifest, [...shell]) / KB, unit: 'kB JS', goal: '<= 180 kB' },
    {
      name: `console, largest of ${pages.length - 1} ordinary routes (${largest.name.replace('src/pages/', '')})`,
      value: largest.bytes / KB,
      unit: 'kB JS',
      goal: '<= 40 kB',
    },
    { name: 'console, mapping route', value: mapping.bytes / KB, unit: 'kB JS', goal: '<= 140 kB' },
  ];
}

/** Everything that has to be there before a chunk runs. */
function reach(manifest: Record<string, Chunk>, from: string): Set<string> {
  const found = new Set<string>();
  const visit = (name: string): void => {
    if (found.has(name)) return;
    found.add(name);
    for (const next of manifest[name]?.imports ?? []) visit(next);
  };
  visit(from);
  return found;
}

function sizeOf(manifest: Record<string, Chunk>, names: readonly string[]): number {
  const files = new Set(names.map((name) => manifest[name]?.file).filter((file) => file?.endsWith('.js')));
  return [...files].reduce((sum, file) => sum + compressed(readFileSync(new URL(file ?? '', DIST))), 0);
}

function compressed(content: Buffer): number {
  return brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length;
}

/** The longest task of the log page while it shows as many events a second as a target is asked for. */
export async function benchLiveLog({ perSecond, seconds }: { perSecond: number; seconds: number }): Promise<Figure[]> {
  const instance = await startInstance();
  const browser = await openBrowser();
  try {
    const context = await browser.newContext(lookOf({ width: 1440, scheme: 'light' }));
    const { page } = await openPage(context, instance.url);
    await comeInFirst(page, instance);
    const users = perSecond * (seconds + 2);
    await prepareApp(instance, users, perSecond);
    await page.goto(`${instance.url}/log?live=on`);
    await page.getByRole('heading', { level: 1, name: 'Log' }).waitFor();
    await page.evaluate(
      'globalThis.tasks = []; new PerformanceObserver((list) => tasks.push(...list.getEntries().map((e) => e.duration))).observe({ type: "longtask" })',
    );
    await instance.call('POST', '/apps/Live/activate', { withoutRollout: 'To be measured' });
    await page.getByRole('row').nth(5).waitFor();
    await page.evaluate('tasks.length = 0');
    const before = instance.target.accounts().length;
    await delay(seconds * 1000);
    const shown = instance.target.accounts().length - before;
    const tasks = await page.evaluate<number[]>('tasks');
    return [
      { name: 'console, log: events a second while measured', value: shown / seconds, unit: 'events/s' },
      { name: 'console, log: longest task', value: Math.max(0, ...tasks), unit: 'ms', goal: '<= 50 ms' },
    ];
  } finally {
    await browser.close();
    await instance.stop();
  }
}

async function prepareApp(instance: Instance, users: number, perSecond: number): Promise<void> {
  const { call } = instance;
  await call('POST', '/permission-sets', { Name: 'Live_Access' });
  const rows = Array.from({ length: users }, (_, at) => {
    const address = `user${at}@example.com`;
    return `${address},First${at},Last${at},${address},Standard User,Live_Access`;
  });
  const csv = ['Username,FirstName,LastName,Email,Profile,PermissionSets', ...rows].join('\n');
  await call('POST', '/users/import', csv);
  await call('POST', '/apps', {
    ...{ name: 'Live', label: 'Live', connector: 'scim2', baseUrl: instance.target.url },
    // An account takes three requests: two searches, and its creation.
    ...{ maxPerSecond: perSecond * 3, maxConcurrency: 16 },
  });
  await call('PUT', '/apps/Live/credential', { kind: 'bearer', token: instance.targetToken }, { 'if-match': '*' });
  const { mapping } = await call<{ mapping: unknown[] }>('GET', '/apps/Live/mapping/proposal');
  await call('POST', '/apps/Live/configurations', { mapping });
  await call('POST', '/apps/Live/assignments', { kind: 'permission set', name: 'Live_Access' });
}
