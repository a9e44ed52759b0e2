import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findCycles, type Import, readSources, type SourceFile } from './import-graph.ts';

/** What the house forbids: where it was found, what it is, and what to do instead. */
export interface Breach {
  readonly path: string;
  readonly line: number;
  readonly text: string;
}

const FOLDERS = ['packages', 'bench', 'e2e', '.ci'];

/** Packages of ours that each package may import, beside itself. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  scim: [],
  formula: [],
  'connector-sdk': [],
  connectors: ['connector-sdk', 'scim'],
  server: ['connector-sdk', 'connectors', 'scim', 'formula'],
  console: [],
  sandbox: ['server', 'scim'],
};

/** The storeys of the server: a folder imports from its own and from those below. */
const STOREYS: ReadonlyArray<readonly [string, readonly string[]]> = [
  [
    'ground',
    [
      'db',
      'jobs',
      'transport',
      'connector-host',
      'config',
      'clock',
      'csv',
      'log',
      'refusal',
      'ground',
      'crash-point',
      'version',
    ],
  ],
  ['core', ['mapping', 'planning', 'guards', 'correlation']],
  [
    'domain',
    [
      'directory',
      'assignments',
      'apps',
      'provisioning',
      'plans',
      'rollout',
      'readiness',
      'matching',
      'drill',
      'undone',
      'vault',
      'credentials',
      'alerts',
      'audit',
      'access',
      'marking',
      'reconciliation',
      'sources',
      'retention',
      'backup',
      'demo',
    ],
  ],
  ['http', ['http']],
  ['top', ['main', 'serve', 'cli', 'index']],
];

/** Every breach below a root, in the order of the files. */
export function findBreaches(root: string): Breach[] {
  const sources = readSources(root, FOLDERS);
  const breaches = sources.flatMap((source) => [
    ...source.imports.flatMap((found) => checkImport(root, source, found)),
    ...checkCode(source),
  ]);
  for (const cycle of findCycles(sources)) {
    breaches.push({
      path: cycle[0] ?? '',
      line: 1,
      text: `is in an import cycle; move what both need below them:\n    ${cycle.join('\n    → ')}`,
    });
  }
  return breaches;
}

function checkImport(root: string, source: SourceFile, found: Import): Breach[] {
  const texts = [
    checkTarget(root, source, found),
    checkPackage(source, found),
    checkStorey(source, found),
    checkEntrance(source, found),
    ...checkPurpose(source, found),
  ];
  return texts
    .filter((text) => text !== undefined)
    .map((text) => ({ path: source.path, line: found.line, text: `imports ${found.specifier}: ${text}` }));
}

function checkTarget(root: string, { path }: SourceFile, { specifier, target }: Import): string | undefined {
  if (specifier.startsWith('@usher/') && target === undefined)
    return 'that entry does not exist; see the exports of its package.json';
  if (target !== undefined && specifier.startsWith('.') && !existsSync(join(root, target)))
    return `there is no file ${target}`;
  const own = packageOf(path);
  if (own && specifier.startsWith('.') && target !== undefined && packageOf(target) !== own && !isTest(path)) {
    return 'a package is entered by its name, not by a path';
  }
  return undefined;
}

function checkPackage({ path }: SourceFile, { specifier, target }: Import): string | undefined {
  const own = packageOf(path);
  const other = target === undefined ? undefined : packageOf(target);
  if (!own || !other || own === other) return undefined;
  if (isTest(path) && (other === 'scim' || other === 'sandbox' || other === 'connector-sdk')) return undefined;
  if (!(MAY_IMPORT[own] ?? []).includes(other))
    return `${own} may import ${(MAY_IMPORT[own] ?? []).join(', ') || 'nothing of ours'}, not ${other}`;
  const testing = specifier.endsWith('/testing') || target?.includes('/testing/');
  if (testing && !isTest(path) && own !== 'sandbox') return 'testing parts are for tests only';
  return undefined;
}

function checkStorey({ path }: SourceFile, { target }: Import): string | undefined {
  if (isTest(path) || target === undefined) return undefined;
  const from = storeyOf(path);
  const to = storeyOf(target);
  if (!from || !to || to.rank <= from.rank) return undefined;
  return `${from.name} stands below ${to.name}, and imports go down only`;
}

function checkEntrance({ path }: SourceFile, { target }: Import): string | undefined {
  if (isTest(path) || target === undefined) return undefined;
  const from = serverFolderOf(path);
  const to = serverFolderOf(target);
  if (!to || from === to || !path.startsWith('packages/server/src/')) return undefined;
  const storey = storeyOf(target)?.name;
  if (target.includes('/sql/')) return 'statements are for their own folder; go through its index.ts';
  if ((storey === 'domain' || storey === 'core') && !target.endsWith(`/${to}/index.ts`))
    return `the folder ${to} is entered by its index.ts`;
  return undefined;
}

const CONNECTOR_WAYS_OUT =
  /^(?:node:)?(?:net|http|https|http2|tls|dns|dgram|fs|child_process|worker_threads|cluster|vm|inspector|module|process)(?:\/|$)/;
const INPUT_OUTPUT =
  /^(?:node:)?(?:net|http|https|http2|tls|dns|dgram|fs|child_process|worker_threads|cluster|timers|os|process|readline)(?:\/|$)/;
const ADDRESS_NAMES = new Set(['isIP', 'isIPv4', 'isIPv6', 'BlockList', 'SocketAddress', 'AddressInfo']);

function checkPurpose({ path }: SourceFile, { specifier, names }: Import): Array<string | undefined> {
  const folder = serverFolderOf(path);
  const test = isTest(path);
  const inServer = path.startsWith('packages/server/src/') && !test;
  const storey = storeyOf(path)?.name;
  const bare = specifier.replace(/^node:/, '');
  return [
    inServer && /^(pg|kysely)$/.test(specifier) && folder !== 'db' && folder !== 'ground' && !path.includes('/sql/')
      ? 'only db/ and sql/*.ts speak to the database'
      : undefined,
    inServer && specifier === 'undici' && folder !== 'transport' && folder !== 'vault'
      ? 'only transport/ and vault/ send requests'
      : undefined,
    inServer &&
    /^(?:http|https|http2|tls|dns)(?:\/|$)/.test(bare) &&
    folder !== 'transport' &&
    folder !== 'vault' &&
    folder !== 'http'
      ? 'only transport/, vault/ and http/ speak to the network'
      : undefined,
    inServer &&
    bare === 'net' &&
    !/^(transport|vault|http|db|connector-host)$/.test(folder ?? '') &&
    !names.every((name) => ADDRESS_NAMES.has(name))
      ? 'only transport/, vault/, http/, db/ and connector-host/ open sockets'
      : undefined,
    inServer && /^(fastify|fastify-type-provider-zod|@fastify\/.*)$/.test(specifier) && folder !== 'http'
      ? 'only http/ knows the web server'
      : undefined,
    inServer && storey === 'core' && INPUT_OUTPUT.test(specifier) ? 'the pure core does no input or output' : undefined,
    inServer && storey === 'core' && bare === 'crypto' && names.some((name) => name !== 'createHash')
      ? 'the pure core has no randomness; it may hash'
      : undefined,
    !test && /^packages\/(scim|formula|connector-sdk)\/src\//.test(path) && INPUT_OUTPUT.test(specifier)
      ? 'the library is pure; its input and output are injected'
      : undefined,
    !test && path.startsWith('packages/connectors/') && CONNECTOR_WAYS_OUT.test(specifier)
      ? 'a connector has no way out but ctx.http'
      : undefined,
    !test && path.startsWith('packages/connectors/') && specifier === 'undici'
      ? 'a connector has no way out but ctx.http'
      : undefined,
    /^(?:vm|vm2|isolated-vm)$/.test(bare) ? 'running code from text is not isolation' : undefined,
    /^(express|middie|@fastify\/(?:express|middie))$/.test(specifier) && !test && packageOf(path) !== 'sandbox'
      ? 'a second web framework skips the checks of the first'
      : undefined,
  ];
}

interface Ban {
  readonly pattern: RegExp;
  readonly applies: (path: string) => boolean;
  readonly why: string;
}

const inServer = (path: string): boolean => path.startsWith('packages/server/src/');
const isPureCore = (path: string): boolean => storeyOf(path)?.name === 'core';
const isLibrary = (path: string): boolean =>
  /^packages\/(scim|formula|connector-sdk)\/src\/|^packages\/connectors\//.test(path);

const BANS: readonly Ban[] = [
  {
    pattern: /\bprocess\.env\b/g,
    applies: (path) => (inServer(path) && path !== 'packages/server/src/config.ts') || isLibrary(path),
    why: 'reads process.env; only config.ts does, and hands it on',
  },
  {
    pattern: /\bDate\.now\b|\brandomUUID\b|\bnew Date\(\)/g,
    applies: (path) => (inServer(path) && path !== 'packages/server/src/clock.ts') || isLibrary(path),
    why: 'asks the time or makes an id by itself; only clock.ts does, elsewhere now is an argument',
  },
  {
    pattern: /\bMath\.random\b/g,
    applies: (path) => inServer(path) || isLibrary(path),
    why: 'uses Math.random, which can be guessed; take randomBytes, or get the number as an argument',
  },
  {
    pattern: /(?<![.\w$])fetch\s*\(|\bglobalThis\.fetch\b/g,
    applies: (path) =>
      (inServer(path) &&
        !/^packages\/server\/src\/(?:transport|vault)\//.test(path) &&
        path !== 'packages/server/src/cli/api.ts') ||
      isLibrary(path),
    why: 'calls fetch; only transport/, vault/ and cli/api.ts send requests',
  },
  {
    pattern: /\beval\s*\(|\bnew Function\s*\(/g,
    applies: () => true,
    why: 'runs code from text',
  },
  {
    pattern: /\bsetTimeout\s*\(|\bsetInterval\s*\(/g,
    applies: isPureCore,
    why: 'waits; the pure core knows no time',
  },
];

function checkCode({ path, code }: SourceFile): Breach[] {
  if (isTest(path)) return [];
  return BANS.filter((ban) => ban.applies(path)).flatMap(({ pattern, why }) =>
    [...code.matchAll(pattern)].map((match) => ({
      path,
      line: code.slice(0, match.index).split('\n').length,
      text: why,
    })),
  );
}

function packageOf(path: string): string | undefined {
  return /^packages\/([^/]+)\//.exec(path)?.[1];
}

function isTest(path: string): boolean {
  return /\.test\.tsx?$|^packages\/[^/]+\/(?:test|testing)\/|^packages\/connectors\/[^/]+\/test\/|^(?:bench|e2e|\.ci)\//.test(
    path,
  );
}

/** The folder of a file of the server, or the file's name when it stands in none. */
function serverFolderOf(path: string): string | undefined {
  return /^packages\/server\/src\/([^/]+?)(?:\/|\.tsx?$)/.exec(path)?.[1];
}

function storeyOf(path: string): { readonly rank: number; readonly name: string } | undefined {
  const folder = serverFolderOf(path);
  if (folder === undefined) return undefined;
  const rank = STOREYS.findIndex(([, folders]) => folders.includes(folder));
  return rank < 0 ? undefined : { rank, name: STOREYS[rank]?.[0] ?? '' };
}

/** A folder of the server that no storey lists could import anything. */
export function findHomeless(root: string): Breach[] {
  const homeless = readSources(root, ['packages/server/src']).filter(
    (source) => !isTest(source.path) && !storeyOf(source.path),
  );
  return homeless.map(({ path }) => ({
    path,
    line: 1,
    text: 'stands on no storey; name its folder in STOREYS of .ci/fences.ts',
  }));
}

/** Packages that a workspace uses without naming them in its package.json. */
export function findUndeclared(root: string): Breach[] {
  // Tests stand beside peers that other workspaces bring.
  const everywhere = new Set(
    ['.', ...listPackages(root)].flatMap((folder) => Object.keys(readManifest(root, folder).all)),
  );
  return readSources(root, ['packages']).flatMap((source) => {
    const own = packageOf(source.path) ?? '';
    const manifest = readManifest(root, join('packages', own));
    return source.imports.flatMap(({ specifier, line }) => {
      if (/^(?:\.|node:|#)/.test(specifier)) return [];
      const name = specifier
        .split('/')
        .slice(0, specifier.startsWith('@') ? 2 : 1)
        .join('/');
      const declared =
        name === manifest.name ||
        name in manifest.all ||
        (isTest(source.path) && (everywhere.has(name) || name.startsWith('@usher/')));
      return declared
        ? []
        : [{ path: source.path, line, text: `imports ${name}, which packages/${own}/package.json does not name` }];
    });
  });
}

function listPackages(root: string): string[] {
  const folder = join(root, 'packages');
  return existsSync(folder) ? readdirSync(folder).map((name) => join('packages', name)) : [];
}

function readManifest(root: string, folder: string): { name: string; all: Record<string, string> } {
  const path = join(root, folder, 'package.json');
  if (!existsSync(path)) return { name: '', all: {} };
  const { name, dependencies, devDependencies, optionalDependencies } = JSON.parse(readFileSync(path, 'utf8'));
  return { name, all: { ...dependencies, ...devDependencies, ...optionalDependencies } };
}

export function formatBreach({ path, line, text }: Breach): string {
  return `${path}:${line} ${text}`;
}

/** All fences of a root. */
export function checkFences(root: string): string[] {
  return [...findBreaches(root), ...findHomeless(root), ...findUndeclared(root)].map(formatBreach);
}

if (import.meta.main) {
  const found = checkFences(resolve(dirname(fileURLToPath(import.meta.url)), '..'));
  for (const text of found) console.error(text);
  console.log(found.length === 0 ? 'The fences stand.' : `${found.length} broken.`);
  process.exitCode = found.length === 0 ? 0 : 1;
}
