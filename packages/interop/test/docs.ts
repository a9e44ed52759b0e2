import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeDialectPage } from './dialect-page.ts';

export const dialectPage = fileURLToPath(new URL('../../../docs/dialects.md', import.meta.url));

/** Writes docs/dialects.md; the tests compare it. */
if (import.meta.main) {
  writeFileSync(resolve(dialectPage), await writeDialectPage());
  console.log(`Wrote ${dialectPage}`);
}
