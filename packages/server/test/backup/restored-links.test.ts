import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { completeRestore, describeRestored, pauseRestored } from '../../src/backup/index.ts';
import { endPlans } from '../../src/backup/sql/restored.ts';
import { backUp, restoreBackup } from '../../src/db/index.ts';
import { retryRequest } from '../../src/provisioning/index.ts';
import { Engine } from '../engine/engine-harness.ts';
import { createTestDatabase } from '../support/database.ts';

const folder = mkdtempSync(join(tmpdir(), 'usher-restored-'));
const ACTOR = { kind: 'command line', name: 'test' } as const;
const TAKEN_AT = new Date('2026-05-01T10:00:00Z');

/** What becomes of these people after the backup was taken, none of which the restored instance knows. */
const PEOPLE = ['same', 'renamed', 'left', 'leftThenDeleted', 'madeLater', 'madeLaterThenLeft', 'returned'] as const;
type Person = (typeof PEOPLE)[number];

describe('an instance restored from a backup that is older than the target', () => {
  let lost: Engine;
  let restored: Engine;
  let ids: Record<Person, string>;
  let seen: number;
  let stateAtRestore: { state: string }[];
  let notice: string | undefined;

  before(async () => {
    lost = await Engine.start();
    // Enough of them that the wave of leavers is none for the guard.
    await lost.addUsers(Array.from({ length: 12 }, (_, n) => person(`bystander${n}`)));
    const made = await lost.addUsers(
      PEOPLE.filter((name) => !name.startsWith('madeLater')).map((name) => person(name)),
    );
    await lost.quiet();
    const [same = '', renamed = '', left = '', leftThenDeleted = '', returned = ''] = made;
    await lost.change([returned], 'is_active = false');
    await lost.quiet();
    // Nobody works until the backup is taken: it is not to know of what comes to the target now.
    await lost.halt();
    const [madeLater = '', madeLaterThenLeft = ''] = await lost.addUsers([
      person('madeLater'),
      person('madeLaterThenLeft'),
    ]);
    ids = { same, renamed, left, leftThenDeleted, madeLater, madeLaterThenLeft, returned };
    await backUp({ url: lost.database.url, path: join(folder, 'backup'), now: TAKEN_AT });

    await lost.run();
    await lost.quiet();
    await lost.change([renamed], `username = 'new.name@example.com', fields = fields || '{"Title": "Newer"}'`);
    await lost.change([left, leftThenDeleted, madeLaterThenLeft], 'is_active = false');
    await lost.change([returned], 'is_active = true');
    await lost.quiet();
    lost.target.deleteAccount(String(lost.account(leftThenDeleted)?.['id']));
    await lost.halt();

    const database = await createTestDatabase({ migrated: false, poolSize: 12 });
    restored = Engine.over(lost, database);
    await restoreBackup({
      url: database.url,
      path: join(folder, 'backup'),
      log: lost.ground.log,
      beforeCommit: async (client, header) => void (await pauseRestored(client, header, ACTOR, new Date())),
    });
    await completeRestore(restored.ground);
    stateAtRestore = await restored.rows('select state from connected_app');
    notice = await describeRestored(database.pool);
    seen = lost.target.exchanges().length;
    await restored.run();
    await restored.changeApp(`state = 'active'`);
    await restored.quiet();
  });
  after(async () => {
    await restored.halt();
    await restored.database.close();
    await lost.stop();
    rmSync(folder, { recursive: true });
  });

  const person = (name: string) => ({ username: `${name.toLowerCase()}@example.com`, fields: { Title: 'Older' } });
  /** What was asked of the account with this remote id since the restore. */
  const asked = (remoteId: unknown): string[] =>
    lost.target
      .exchanges()
      .slice(seen)
      .filter(({ url }) => url.includes(String(remoteId)))
      .map(({ method }) => method);

  test('starts paused, says so and what to do, and has it on record', async () => {
    assert.deepEqual(stateAtRestore, [{ state: 'paused' }]);
    assert.match(notice ?? '', /restored from the backup of 2026-05-01T10:00:00.000Z.*paused since then are Target/);
    assert.match(notice ?? '', /usher apps resume NAME.*read at its target before anything is written/);
    const audit = await restored.rows<{ action: string; reason: string }>(
      `select action, reason from audit_event where reason like 'restored%' order by id`,
    );
    assert.deepEqual(audit, [
      { action: 'instance.restored', reason: 'restored from backup of 2026-05-01T10:00:00.000Z' },
      { action: 'app.paused', reason: 'restored from backup of 2026-05-01T10:00:00.000Z' },
    ]);
    assert.equal(await describeRestored(restored.database.pool), undefined, 'silent once the apps are resumed');
  });

  test('makes no account a second time', () => {
    const posts = lost.target
      .exchanges()
      .slice(seen)
      .filter(({ method, url }) => method === 'POST' && /Users$/.test(url));
    assert.deepEqual(
      posts.map(({ url }) => url),
      [],
    );
    for (const name of PEOPLE) assert.ok(restored.accountsOf(ids[name]).length <= 1, name);
  });

  test('reads an account that is as it was, and writes nothing', async () => {
    assert.deepEqual(asked(restored.account(ids.same)?.['id']), ['GET']);
    assert.deepEqual(
      await restored.rows(`select 1 from account_link where unverified and user_id = $1`, [ids.same]),
      [],
    );
  });

  test('corrects what the target was given since, after reading it', () => {
    const account = restored.account(ids.renamed);
    assert.equal(account?.['userName'], 'renamed@example.com');
    assert.equal(account?.['title'], 'Older');
    assert.deepEqual(asked(account?.['id']), ['GET', 'PATCH']);
  });

  test('finds and takes an account that was made since', async () => {
    assert.equal(restored.accountsOf(ids.madeLater).length, 1);
    assert.deepEqual(await restored.log(ids.madeLater), ['link: applied']);
  });

  test('deactivates again who had returned, for the directory knows of no return', () => {
    const account = restored.account(ids.returned);
    assert.equal(account?.['active'], false);
    assert.equal(asked(account?.['id'])[0], 'GET');
  });

  for (const name of ['left', 'madeLaterThenLeft'] as const) {
    test(`does not reactivate the account that was deactivated since (${name})`, async () => {
      assert.equal(restored.account(ids[name])?.['active'], false);
      const why = await restored.why(ids[name]);
      assert.equal(why.state, 'parked');
      assert.equal(why.reason?.code, 'found_deactivated');
      // Nor does the next change of the user.
      await restored.change([ids[name]], `fields = fields || '{"Title": "Changed"}'`);
      await restored.quiet();
      assert.equal(restored.account(ids[name])?.['active'], false);
      assert.equal((await restored.why(ids[name])).reason?.code, 'found_deactivated');
    });
  }

  test('does not make the account anew that was deleted since', async () => {
    assert.equal(restored.accountsOf(ids.leftThenDeleted).length, 0);
    assert.equal((await restored.why(ids.leftThenDeleted)).reason?.code, 'found_gone');
  });

  test('brings an account back when a person says so', async () => {
    const [request] = await restored.rows<{ id: string }>(
      `select id from provisioning_request where user_id = $1 and state = 'Failed'`,
      [ids.left],
    );
    await retryRequest(restored.ground, { kind: 'person', name: 'desk' }, request?.id ?? '');
    await restored.quiet();
    assert.equal(restored.account(ids.left)?.['active'], true);
    assert.equal((await restored.why(ids.left)).state, 'has account');
  });

  test('is quiet in the end: another run writes nothing', async () => {
    const count = restored.writes().length;
    await restored.changeApp('updated_at = updated_at');
    await restored.quiet();
    assert.equal(restored.writes().length, count);
  });

  test('shows followers of the log what comes, and nothing twice', async () => {
    const [row] = await restored.rows<{ ahead: number }>(
      'select count(*)::int as ahead from provisioning_log where tx >= pg_snapshot_xmax(pg_current_snapshot())',
    );
    assert.equal(row?.ahead, 0);
  });
});

describe('a call that was under way when the backup was taken', () => {
  const DONE = '00000000-0000-7000-8000-00000000d09e';
  const OPEN = '00000000-0000-7000-8000-00000000000a';
  let engine: Engine;
  before(async () => {
    engine = await Engine.start({ started: false, app: `state = 'paused'` });
  });
  after(() => engine.stop());

  test('is read first; one that had ended is not, although transactions are counted anew', async () => {
    const [done = '', open = ''] = await engine.addUsers([
      { username: 'done@example.com' },
      { username: 'open@example.com' },
    ]);
    await engine.rows(
      `insert into open_intent (tx, app_id, epoch, written_at, deadline, request_ids, created_ats, user_ids, operations, causes,
         versions, attempts)
       values ('9000000000', $1, 1, now(), now(), array[$2, $3]::uuid[], array[now(), now()], array[$4, $5]::uuid[],
         array['create', 'create'], array['test', 'test'], array[1, 1], array[1, 1])`,
      [engine.appId, DONE, OPEN, done, open],
    );
    await engine.rows(
      `insert into provisioning_log (tx, at, app_id, user_id, request_id, attempt, operation, outcome, message)
       values ('9000000001', now(), $1, $2, $3, 1, 'create', 'applied', 'Created')`,
      [engine.appId, done, DONE],
    );
    await engine.rows(`insert into instance_setting values ('restored', $1, now())`, [
      JSON.stringify({ takenAt: TAKEN_AT, restoredAt: TAKEN_AT, apps: [], completed: false }),
    ]);
    await completeRestore(engine.ground);
    await completeRestore(engine.ground);
    const links = await engine.rows(
      `select user_id, read_first, request_id, unverified from link_schedule join account_link using (app_id, user_id) order by user_id`,
    );
    assert.deepEqual(links, [
      { user_id: done, read_first: false, request_id: null, unverified: true },
      { user_id: open, read_first: true, request_id: OPEN, unverified: true },
    ]);
    assert.deepEqual(await engine.rows('select 1 from open_intent'), []);
    assert.deepEqual(await engine.rows('select state, user_id from provisioning_request'), [
      { state: 'Requested', user_id: open },
    ]);
  });
});

test('long work of before the restore is ended, and writes nothing anywhere', async () => {
  const database = await createTestDatabase();
  try {
    const { pool } = database;
    await pool.query(`insert into connected_app (name, label, connector, base_url, state, created_at, updated_at)
      values ('Target', 'Target', 'scim2', 'https://t.example.com', 'active', now(), now())`);
    const plain = `gen_random_uuid(), 1, now(), 'admin'`;
    await pool.query(`insert into drill (id, app_id, created_at, created_by, user_id, username, version, fingerprint, connector, base_url, state)
      values (${plain}, gen_random_uuid(), 'drill@example.com', 1, '', 'scim2', 'https://t.example.com', 'running')`);
    await pool.query(`insert into matching_report (id, app_id, created_at, created_by, version, connector, base_url, state)
      values (${plain}, 1, 'scim2', 'https://t.example.com', 'reading')`);
    await endPlans(pool, new Date());
    const { rows } = await pool.query(
      'select state, problem from drill union all select state, problem from matching_report',
    );
    assert.deepEqual(
      rows.map(({ state }) => state),
      ['failed', 'failed'],
    );
    assert.match(rows[0].problem, /restored from a backup/);
  } finally {
    await database.close();
  }
});
