import { openStore } from '../../src/db/index.ts';
import { createTestLog } from '../support/test-log.ts';

// A server in miniature, for tests to kill: node engine-process.ts DATA_DIR [write] [share]
// It prints a line of JSON when it is ready, and then the number of each row that it has committed.

const [dataDir = '', ...modes] = process.argv.slice(2);
const log = createTestLog();
try {
  const store = await openStore(
    { dataDir, databasePoolSize: 4, shareDatabase: modes.includes('share'), replica: 'engine' },
    log,
  );
  process.on('SIGTERM', () => void store.close().then(() => process.exit(0)));
  // Two that make it at once do not see each other's.
  await store.pool.query('create table if not exists row_written (number int primary key)').catch(() => {});
  process.stdout.write(`${JSON.stringify({ ready: true, url: store.url, uid: process.getuid?.() })}\n`);
  for (let number = 1; modes.includes('write'); number++) {
    await store.pool.query('insert into row_written values ($1)', [number]);
    process.stdout.write(`${number}\n`);
  }
} catch (error) {
  process.stdout.write(`${JSON.stringify({ ready: false, message: (error as Error).message })}\n`);
  process.exitCode = 1;
}
