import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { basename, extname, join, relative, sep } from 'node:path';

/** A custom connector on disk. */
export interface ConnectorModule {
  /** For people, before the connector has told its id. */
  readonly name: string;
  /** Absolute, without symbolic links: the file that is imported. */
  readonly entry: string;
  /** What its process may read: its folder, with a separator at its end, or the one file that it is. */
  readonly bundle: string;
}

const EXTENSIONS = new Set(['.ts', '.mts', '.js', '.mjs']);
const ENTRY_NAMES = ['connector', 'index'];
const MOST_FILES = 5_000;

export type FoundModules = { modules: ConnectorModule[]; problems: string[] };

/**
 * The modules that paths name: a file, which is then a whole connector; a folder with a `package.json` that has a `main`,
 * or with a `connector.ts` or `index.ts` (or `.js`); or a folder of such files and folders.
 */
export function findModules(paths: readonly string[]): FoundModules {
  const modules: ConnectorModule[] = [];
  const problems: string[] = [];
  for (const path of paths) {
    const found = findAt(path);
    if (found.length > 0) modules.push(...found);
    else problems.push(`${path} ${existsSync(path) ? 'holds no connector' : 'does not exist'}`);
  }
  return { modules, problems };
}

function findAt(path: string): ConnectorModule[] {
  if (!existsSync(path)) return [];
  const found = findOne(path);
  if (found || !statSync(path).isDirectory()) return found ? [found] : [];
  return readdirSync(path)
    .filter((name) => !name.startsWith('.') && name !== 'node_modules')
    .sort()
    .flatMap((name) => findOne(join(path, name)) ?? []);
}

function findOne(path: string): ConnectorModule | undefined {
  const place = realpathSync(path);
  if (!statSync(place).isDirectory()) {
    if (!EXTENSIONS.has(extname(place)) || /\.(?:test|d)\.[cm]?[jt]s$/.test(place)) return undefined;
    return { name: basename(path, extname(path)), entry: place, bundle: place };
  }
  const entry = findEntry(place);
  return entry === undefined ? undefined : { name: basename(place), entry: realpathSync(entry), bundle: place + sep };
}

function findEntry(folder: string): string | undefined {
  const manifest = join(folder, 'package.json');
  if (existsSync(manifest)) {
    const main = readMain(manifest);
    if (main !== undefined && existsSync(join(folder, main))) return join(folder, main);
  }
  for (const name of ENTRY_NAMES) {
    for (const extension of EXTENSIONS) {
      const file = join(folder, name + extension);
      if (existsSync(file)) return file;
    }
  }
  return undefined;
}

function readMain(manifest: string): string | undefined {
  try {
    const { main } = JSON.parse(readFileSync(manifest, 'utf8')) as { main?: unknown };
    return typeof main === 'string' ? main : undefined;
  } catch {
    return undefined;
  }
}

/**
 * SHA-256 over the names and contents of a bundle, without `node_modules` and dotfiles: what was described is what runs.
 */
export function hashBundle({ bundle, entry }: ConnectorModule): string {
  const hash = createHash('sha256');
  const files = bundle === entry ? [entry] : listFiles(bundle, entry);
  for (const file of files) {
    const content = readFileSync(file);
    hash.update(`${relative(bundle, file)}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
}

function listFiles(bundle: string, entry: string): string[] {
  const files: string[] = [];
  const folders = [bundle];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for (const found of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, found.name);
      if (found.isDirectory() && found.name !== 'node_modules' && !found.name.startsWith('.')) folders.push(path);
      else if (found.isFile() && /\.(?:[cm]?[jt]s|json|wasm)$/.test(found.name)) files.push(path);
    }
    if (files.length > MOST_FILES) return [entry];
  }
  return files.sort();
}
