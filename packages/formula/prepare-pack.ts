import { execFileSync } from 'node:child_process';
import { existsSync, globSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

// Within this repository the library is run from its sources; whoever installs it gets JavaScript and declarations, for
// Node strips no types below node_modules. `npm pack` calls this before it packs, and afterwards with --restore.

const folder = dirname(fileURLToPath(import.meta.url));
const manifest = join(folder, 'package.json');
const kept = join(folder, 'dist', 'package.source.json');

if (process.argv.includes('--restore')) restore();
else prepare();

function restore(): void {
  if (existsSync(kept)) renameSync(kept, manifest);
}

function prepare(): void {
  // An earlier packing may have been cut off between the two.
  restore();
  rmSync(join(folder, 'dist'), { recursive: true, force: true });
  const compiler = createRequire(import.meta.url).resolve('typescript/package.json');
  execFileSync(process.execPath, [join(dirname(compiler), 'bin', 'tsc'), '-p', 'tsconfig.build.json'], {
    cwd: folder,
    stdio: ['ignore', 2, 2],
  });
  for (const file of globSync('dist/**/*.d.ts', { cwd: folder })) rewriteImports(join(folder, file));
  mkdirSync(dirname(kept), { recursive: true });
  const { scripts: _scripts, exports: _exports, ...packed } = JSON.parse(readFileSync(manifest, 'utf8'));
  renameSync(manifest, kept);
  const entry = { types: './dist/index.d.ts', default: './dist/index.js' };
  writeFileSync(manifest, `${JSON.stringify({ ...packed, exports: { '.': entry } }, null, 2)}\n`);
}

/** The compiler rewrites `./x.ts` in JavaScript only; older compilers do not take it in a declaration. */
function rewriteImports(file: string): void {
  const text = readFileSync(file, 'utf8');
  writeFileSync(file, text.replace(/(from '|import\(")(\.[^'"]+)\.ts(['"])/g, '$1$2.js$3'));
}
