import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/*
 * Before `npm pack`: JavaScript and declarations into dist/, and a package.json that names them, since Node strips no
 * types below node_modules. The workspaces run from source; restore.ts puts their package.json back.
 */
const root = fileURLToPath(new URL('..', import.meta.url));
const manifest = join(root, 'package.json');
const kept = join(root, '.package.source.json');

if (existsSync(kept)) throw new Error('A pack before was broken off. Run: node pack/restore.ts');
rmSync(join(root, 'dist'), { recursive: true, force: true });
execFileSync(process.execPath, [findTsc(root), '-p', join(root, 'pack', 'tsconfig.json')], { stdio: 'inherit' });
cpSync(join(root, 'new', 'template'), join(root, 'dist', 'new', 'template'), { recursive: true });

const source = readFileSync(manifest, 'utf8');
const { scripts: _ours, ...described } = JSON.parse(source) as Record<string, unknown>;
const entry = (path: string) => ({ types: `./dist/${path}.d.ts`, default: `./dist/${path}.js` });
const packed = {
  ...described,
  engines: { node: '>=24' },
  bin: { 'usher-connector-new': './dist/new/main.js' },
  exports: { '.': entry('src/index'), './testing': entry('testing/index') },
};
writeFileSync(kept, source);
writeFileSync(manifest, `${JSON.stringify(packed, null, 2)}\n`);

function findTsc(from: string): string {
  const found = join(from, 'node_modules', 'typescript', 'bin', 'tsc');
  if (existsSync(found)) return found;
  const above = dirname(from);
  if (above === from) throw new Error('There is no TypeScript. Run npm install first.');
  return findTsc(above);
}
