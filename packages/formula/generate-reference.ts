import { readFile, writeFile } from 'node:fs/promises';
import { writeReferencePage } from './src/reference-page.ts';

/** Where the reference page of the language is kept. */
export const referencePath = new URL('../../docs/formulas.md', import.meta.url);

if (import.meta.main) {
  const page = writeReferencePage();
  if (process.argv.includes('--check')) {
    const kept = await readFile(referencePath, 'utf8').catch(() => '');
    if (kept !== page) {
      console.error('docs/formulas.md is out of date: run "node packages/formula/generate-reference.ts".');
      process.exitCode = 1;
    }
  } else {
    await writeFile(referencePath, page);
  }
}
