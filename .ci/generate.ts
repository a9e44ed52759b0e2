import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeApiTypes } from '../packages/console/generate-api.ts';
import { writeReferencePage } from '../packages/formula/src/reference-page.ts';
import { readConfig } from '../packages/server/src/config.ts';
import { dumpSchema, generateDatabaseTypes } from '../packages/server/src/db/index.ts';
import { createLog } from '../packages/server/src/log.ts';
import { startServer } from '../packages/server/src/serve.ts';
import { createTestDatabase } from '../packages/server/test/support/database.ts';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const CHECK = process.argv.includes('--check');

/** Every file that is written from the code, by its path. */
async function generate(): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  const database = await createTestDatabase();
  const dataDir = mkdtempSync(join(tmpdir(), 'usher-generate-'));
  try {
    files.set('packages/server/src/db/generated/schema.sql', await dumpSchema(database.pool));
    files.set('packages/server/src/db/generated/database.ts', await generateDatabaseTypes(database.pool));
    const description = await readApiDescription(database.url, dataDir);
    files.set('packages/server/src/http/generated/openapi.json', description);
    files.set('packages/console/src/api/generated/openapi.ts', await writeApiTypes(description));
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
    await database.close();
  }
  files.set('docs/formulas.md', writeReferencePage());
  return files;
}

/** As the whole server describes itself, so that no family of routes can be forgotten. */
async function readApiDescription(databaseUrl: string, dataDir: string): Promise<string> {
  const config = readConfig({
    DATABASE_URL: databaseUrl,
    USHER_DATA_DIR: dataDir,
    USHER_PORT: '0',
    USHER_LOG_LEVEL: 'error',
  });
  const server = await startServer(config, createLog({ level: 'error' }));
  try {
    const answer = await fetch(`${server.url}/api/v1/openapi.json`);
    if (!answer.ok) throw new Error(`The server did not describe its API: ${answer.status} ${await answer.text()}`);
    return `${JSON.stringify(await answer.json(), null, 2)}\n`;
  } finally {
    await server.stop();
  }
}

const stale: string[] = [];
for (const [path, text] of await generate()) {
  const file = join(ROOT, path);
  const present = readPresent(file);
  if (present === text) continue;
  stale.push(path);
  if (CHECK) continue;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}
if (CHECK && stale.length > 0) {
  for (const path of stale) console.error(`${path} is not what the code makes; run "npm run generate" and commit it`);
  process.exitCode = 1;
} else {
  console.log(stale.length === 0 ? 'Generated files are current.' : `Wrote ${stale.join(', ')}`);
}

function readPresent(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').replaceAll('\r\n', '\n');
  } catch {
    return undefined;
  }
}
