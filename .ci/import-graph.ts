import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';

/** One import, export-from or dynamic import, type-only ones included. */
export interface Import {
  readonly specifier: string;
  readonly line: number;
  /** What is taken by name; empty for `* as` and side effects. */
  readonly names: readonly string[];
  /** The file of ours that it leads to, from the root; undefined for packages and built-ins. */
  readonly target?: string;
}

export interface SourceFile {
  /** From the root, with slashes. */
  readonly path: string;
  /** Comments and the contents of plain texts taken out, lines kept. */
  readonly code: string;
  readonly imports: readonly Import[];
}

const SKIPPED = new Set(['node_modules', 'generated', 'dist', 'data', '.git', 'console']);

/** Reads every TypeScript file below the folders. */
export function readSources(root: string, folders: readonly string[]): SourceFile[] {
  const packages = readWorkspaceExports(root);
  const sources: SourceFile[] = [];
  const visit = (folder: string): void => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.isDirectory() && !SKIPPED.has(entry.name)) visit(path);
      else if (entry.isFile() && /\.[mc]?tsx?$/.test(entry.name)) sources.push(readSource(root, path, packages));
    }
  };
  for (const folder of folders) if (existsSync(join(root, folder))) visit(join(root, folder));
  return sources;
}

function readSource(root: string, path: string, packages: ReadonlyMap<string, string>): SourceFile {
  const text = readFileSync(path, 'utf8');
  return {
    path: toPosix(relative(root, path)),
    code: blank(text, { texts: true }),
    imports: findImports(blank(text, { texts: false }), blank(text, { texts: true })).map((found) => {
      const target = resolveTarget(root, path, found.specifier, packages);
      return target === undefined ? found : { ...found, target };
    }),
  };
}

const STATEMENT =
  /^[ \t]*(?:import|export)\b([^;'"=()]*?)\bfrom\s*['"]([^'"\n]+)['"]|^[ \t]*import\s*['"]([^'"\n]+)['"]|\bimport\s*\(\s*['"]([^'"\n]+)['"]/gm;

/** `bare` is the same code without its texts: an import that is written in a text is none. */
function findImports(code: string, bare: string): Import[] {
  const statements = [...code.matchAll(STATEMENT)].filter((match) => {
    const start = match.index + match[0].search(/\S/);
    return bare.slice(start, start + 6) === code.slice(start, start + 6);
  });
  return statements.map((match) => {
    const specifier = match[2] ?? match[3] ?? match[4] ?? '';
    const keyword = match[0].search(/\S/);
    const line = code.slice(0, (match.index ?? 0) + keyword).split('\n').length;
    const list = /\{([^}]*)\}/.exec(match[1] ?? '')?.[1] ?? '';
    const names = list
      .split(',')
      .map((name) =>
        name
          .trim()
          .replace(/^type\s+/, '')
          .replace(/\s+as\s+.*$/, ''),
      )
      .filter((name) => name !== '');
    return { specifier, line, names };
  });
}

/** Puts spaces for comments, and for what is inside texts when asked, so that neither is taken for code. */
function blank(text: string, options: { readonly texts: boolean }): string {
  const TOKEN =
    /\/\*[\s\S]*?\*\/|\/\/[^\n]*|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\[\s\S]|[^`\\])*`|(?<=[(,=:[!&|?{};\n]\s*)\/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+\/[a-z]*/g;
  const spaces = (token: string): string => token.replace(/[^\n]/g, ' ');
  return text.replace(TOKEN, (token) => {
    if (token.startsWith('//') || token.startsWith('/*')) return spaces(token);
    if (token.startsWith('/')) return spaces(token);
    if (!options.texts) return token;
    // What is substituted into a template is code.
    if (token.startsWith('`'))
      return token.replace(/\$\{[^}]*\}|[^\n]/g, (part) => (part.startsWith('${') ? part : ' '));
    return spaces(token);
  });
}

function resolveTarget(
  root: string,
  from: string,
  specifier: string,
  packages: ReadonlyMap<string, string>,
): string | undefined {
  if (specifier.startsWith('.')) {
    const path = resolve(dirname(from), specifier);
    return toPosix(relative(root, path));
  }
  return packages.get(specifier);
}

/** `@usher/scim/testing` → `packages/scim/testing/index.ts`, for every entry of every workspace. */
function readWorkspaceExports(root: string): Map<string, string> {
  const entries = new Map<string, string>();
  const folder = join(root, 'packages');
  if (!existsSync(folder)) return entries;
  for (const name of readdirSync(folder)) {
    const manifest = join(folder, name, 'package.json');
    if (!existsSync(manifest) || !statSync(manifest).isFile()) continue;
    const { name: packageName, exports = {} } = JSON.parse(readFileSync(manifest, 'utf8'));
    for (const [entry, file] of Object.entries(exports)) {
      if (typeof file === 'string')
        entries.set(join(packageName, entry).split(sep).join('/'), toPosix(join('packages', name, file)));
    }
  }
  return entries;
}

function toPosix(path: string): string {
  return path.split(sep).join('/');
}

/** One cycle for each knot of files that import each other, as a closed path. */
export function findCycles(sources: readonly SourceFile[]): string[][] {
  const edges = new Map(sources.map((source) => [source.path, source.imports.flatMap((found) => found.target ?? [])]));
  const state = new Map<string, 'open' | 'done'>();
  const cycles: string[][] = [];
  const inCycle = new Set<string>();
  const trail: string[] = [];
  const visit = (path: string): void => {
    state.set(path, 'open');
    trail.push(path);
    for (const next of edges.get(path) ?? []) {
      if (!edges.has(next)) continue;
      if (state.get(next) === 'open') {
        const cycle = trail.slice(trail.indexOf(next));
        if (!cycle.every((member) => inCycle.has(member))) cycles.push([...cycle, next]);
        for (const member of cycle) inCycle.add(member);
      } else if (!state.has(next)) visit(next);
    }
    trail.pop();
    state.set(path, 'done');
  };
  for (const path of [...edges.keys()].sort()) if (!state.has(path)) visit(path);
  return cycles;
}
