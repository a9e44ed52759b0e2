import { existsSync, globSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';

const FOLDER = import.meta.dirname;
const BUILT = join(FOLDER, 'dist', 'index.html');
const SOURCES = ['src/**/*', 'public/**/*', 'index.html', 'vite.config.ts', 'build.ts', 'package.json'];
/** Smaller is not worth a second file. */
const COMPRESS_FROM_BYTES = 1_024;

/** Builds the console into `dist`, with a Brotli file beside each that is worth it. `--if-stale`: only when a source is newer. */
if (!process.argv.includes('--if-stale') || isStale()) await buildConsole();

function isStale(): boolean {
  if (!existsSync(BUILT)) return true;
  const builtAtMs = statSync(BUILT).mtimeMs;
  return SOURCES.flatMap((pattern) => globSync(pattern, { cwd: FOLDER })).some(
    (path) => statSync(join(FOLDER, path)).mtimeMs > builtAtMs,
  );
}

async function buildConsole(): Promise<void> {
  const startMs = performance.now();
  // Loading it takes longer than finding that nothing is to be built.
  const { build } = await import('vite');
  await build({ configFile: join(FOLDER, 'vite.config.ts'), logLevel: 'warn' });
  for (const path of globSync('dist/assets/*.{js,css}', { cwd: FOLDER })) compress(join(FOLDER, path));
  console.log(`Built the console in ${((performance.now() - startMs) / 1000).toFixed(1)} s.`);
}

function compress(file: string): void {
  const content = readFileSync(file);
  if (content.length < COMPRESS_FROM_BYTES) return;
  writeFileSync(`${file}.br`, brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }));
}
