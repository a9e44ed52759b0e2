import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { backUp } from '../../src/db/index.ts';
import { retentionRoutes } from '../../src/http/retention-routes.ts';
import { createHttpFixture, type HttpFixture } from '../http/http-fixture.ts';

const ADA = '00000000-0000-7000-8000-0000000000ad';
const BOB = '00000000-0000-7000-8000-0000000000b0';
const REQUEST = '00000000-0000-7000-8000-0000000000ee';
const folder = mkdtempSync(join(tmpdir(), 'usher-erasure-'));

/** What would betray the person: every planted value has it, in every form that it is stored in. */
const CANARY = /c[aä]nary/i;
/** By these the person is found in what is stored of others. */
const USERNAME = 'canary.username+1@example.com';
const EMAIL = 'canary"mail"@example.com';
const NAME = 'Cänary Lovelace';

const FIELDS = {
  FirstName: 'Cänary',
  LastName: 'Lovelace',
  Email: EMAIL,
  Title: 'Canary title',
  Street: 'Canary road 1',
  Custom__c: 'canary custom',
  Tags__c: ['canary tag'],
};

let http: HttpFixture;
before(async () => {
  http = await createHttpFixture((ground) => [retentionRoutes(ground)]);
});
after(async () => {
  await http.close();
  rmSync(folder, { recursive: true });
});

async function plant(): Promise<void> {
  const query = (text: string, values: unknown[] = []) => http.ground.pool.query(text, values);
  await query(`insert into profile (name, created_at, updated_at) values ('Standard User', now(), now())`);
  await query(
    `insert into permission_set (name, label, created_at, updated_at) values ('Access', 'Access', now(), now())`,
  );
  await query(`insert into connected_app (name, label, connector, base_url, state, active_version, created_at, updated_at)
    values ('Target', 'Target', 'scim2', 'https://t.example.com', 'active', 1, now(), now())`);
  await query(
    `insert into directory_user (id, username, is_active, profile_id, manager_id, fields, created_at, updated_at, deleted_at)
     values ($2, 'bob@example.com', true, 1, null, '{"LastName": "Bob"}', now(), now(), null),
            ($1, $3, false, 1, $2, $4, now(), now(), now())`,
    [ADA, BOB, USERNAME, FIELDS],
  );
  await query(`insert into permission_set_assignment (user_id, permission_set_id, created_at) values ($1, 1, now())`, [
    ADA,
  ]);
  await query(`insert into link_schedule (app_id, user_id, done_rev) values (1, $1, 1), (1, $2, 1)`, [ADA, BOB]);
  const account = JSON.stringify({ userName: USERNAME, name: { givenName: 'Cänary' }, emails: [{ value: EMAIL }] });
  await query(
    `insert into account_link (app_id, user_id, remote_id, account_state, applied, observed, observed_version, remote_username,
       standing, reason, request_id, request_created_at, updated_at)
     values (1, $1, 'canary-remote', 'deactivated', $2, $2, 'W/"canary"', $3, 'parked', $4, $5, now(), now())`,
    [
      ADA,
      account,
      USERNAME,
      JSON.stringify({ code: 'name_taken', message: `${USERNAME} is taken`, nextStep: 'canary' }),
      REQUEST,
    ],
  );
  const changes = JSON.stringify([{ path: 'userName', before: 'canary.before', after: USERNAME }]);
  await query(
    `insert into provisioning_request (id, created_at, app_id, user_id, operation, state, cause, changes, reason, next_step, note)
     values ($1, now(), 1, $2, 'update', 'Failed', 'directory change', $3, 'canary reason', 'canary step', 'canary note')`,
    [REQUEST, ADA, changes],
  );
  await query(
    `insert into provisioning_log (at, app_id, user_id, request_id, attempt, operation, outcome, message, next_step, exchanges)
     values (now(), 1, $2, $1, 1, 'update', 'parked', 'canary message', 'canary step', $3)`,
    [REQUEST, ADA, JSON.stringify([{ url: '/Users?canary', body: account }])],
  );
  await query(
    `insert into hold (app_id, user_id, guard, operation, change_hash, state, reason, changes, note, opened_at)
     values (1, $1, 'g', 'update', 'canary hash', 'closed', 'canary reason', $2, 'canary note', now())`,
    [ADA, changes],
  );
  const audit = `insert into audit_event (at, actor_kind, actor, action, entity_kind, entity_id, user_id, before, after, reason)
    values (now(), 'person', 'admin', $1, $2, $3, $4, $5, $6, $7)`;
  const old = { Username: 'canary.maiden@example.com', LastName: 'Canary-Maiden' };
  await query(audit, ['user.changed', 'user', ADA, ADA, old, { ...FIELDS, Username: USERNAME }, 'canary married']);
  await query(audit, ['link.made', 'link', `Target/${USERNAME}`, ADA, null, { remoteId: 'canary' }, null]);

  // What is stored of somebody else, and names her: as she was called, as she is, in JSON within JSON, and in addresses.
  const searched = [{ url: `/Users?filter=userName%20eq%20%22${encodeURIComponent(USERNAME)}%22`, body: account }];
  await query(
    `insert into account_link (app_id, user_id, remote_id, account_state, applied, observed, standing, reason, updated_at)
     values (1, $1, 'bob', 'active', $2, $2, 'parked', $3, now())`,
    [
      BOB,
      JSON.stringify({
        userName: 'bob@example.com',
        'manager.displayName': NAME,
        note: 'wcanary.username+1@example.comx',
      }),
      JSON.stringify({
        code: 'owned_by_departed_user',
        message: `belonged to ${USERNAME}, who has left`,
        nextStep: '',
      }),
    ],
  );
  await query(
    `insert into provisioning_log (at, app_id, user_id, request_id, attempt, operation, outcome, message, exchanges)
     values (now(), 1, $1, gen_random_uuid(), 1, 'create', 'parked', $2, $3)`,
    [BOB, `The account belonged to ${USERNAME.toUpperCase()}`, JSON.stringify(searched)],
  );
  await query(audit, [
    'user.changed',
    'user',
    BOB,
    BOB,
    { Email: old.Username },
    { Manager: USERNAME },
    `asked by ${EMAIL}`,
  ]);
}

async function plantMatching(): Promise<void> {
  const query = (text: string, values: unknown[] = []) => http.ground.pool.query(text, values);
  const report = '00000000-0000-7000-8000-0000000000ab';
  await query(
    `insert into matching_report (id, app_id, version, connector, base_url, state, created_at, created_by)
     values ($1, 1, 1, 'scim2', 'https://t.example.com', 'reading', now(), 'admin')`,
    [report],
  );
  await query(
    `insert into matching_item (report_id, id, category, remote_id, account_name, display_name, email, user_id, username)
     values ($1, 1, 'matched', 'canary-remote', $2, $3, $4, $5, $2), ($1, 2, 'orphaned', 'other', $2, $3, $4, null, null)`,
    [report, USERNAME, NAME, EMAIL, ADA],
  );
  await query(
    `insert into matching_account (report_id, remote_id, name, display_name, email, keys) values ($1, 'other', $2, $3, $4, '{}')`,
    [report, USERNAME, NAME, EMAIL],
  );
  await query(
    `insert into matching_user (report_id, user_id, username, standing, keys) values ($1, $2, $3, 'deleted', '{}')`,
    [report, ADA, USERNAME],
  );
  const drill = '00000000-0000-7000-8000-0000000000ac';
  await query(
    `insert into drill (id, app_id, user_id, username, version, fingerprint, connector, base_url, state, created_at, created_by)
     values ($1, 1, $2, $3, 1, '', 'scim2', 'https://t.example.com', 'passed', now(), 'admin')`,
    [drill, ADA, USERNAME],
  );
  await query(
    `insert into drill_step (drill_id, ordinal, step, state, message, started_at, exchanges)
     values ($1, 1, 'create', 'passed', 'canary step', now(), $2)`,
    [drill, JSON.stringify([{ requestBody: USERNAME }])],
  );
}

/** What rollouts, guards, quarantines and alerts keep: her own, and where another's names her. */
async function plantRollout(): Promise<void> {
  const query = (text: string, values: unknown[] = []) => http.ground.pool.query(text, values);
  const own = JSON.stringify([{ path: 'title', before: 'canary before', after: null }]);
  const other = JSON.stringify([{ path: 'manager', before: NAME, after: USERNAME }]);
  await query(
    `insert into rollout (app_id, version, state, settings, without_rollout, halt, note, created_at, created_by, changed_at,
       changed_by, changed_how)
     values (1, 1, 'halted', '{}', $1, $2, $1, now(), 'admin', now(), 'admin', 'x')`,
    [`asked by ${EMAIL}`, JSON.stringify({ reason: `${USERNAME} failed` })],
  );
  await query(
    `insert into rollout_stage (rollout_id, ordinal, kind, override_reason, overridden) values (1, 0, 'pilot', $1, $2)`,
    [USERNAME, JSON.stringify([NAME])],
  );
  await query(`insert into rollout_pilot (rollout_id, user_id) values (1, $1)`, [ADA]);
  await query(
    `insert into rollout_reach (rollout_id, user_id, stage, at, rev, because, observed)
     values (1, $1, 0, now(), 1, 'user', $3), (1, $2, 0, now(), 1, 'user', $4)`,
    [ADA, BOB, JSON.stringify({ title: 'canary title' }), JSON.stringify({ manager: USERNAME })],
  );
  await query(
    `insert into rollback (rollout_id, app_id, from_stage, from_version, state, at, by, reason)
     values (1, 1, 0, 1, 'done', now(), 'admin', $1)`,
    [`wrong for ${USERNAME}`],
  );
  await query(
    `insert into rollback_account (rollback_id, user_id, rev, state, differences, detail)
     values (1, $1, 1, 'differs', $3, 'canary detail'), (1, $2, 1, 'differs', $4, $5)`,
    [ADA, BOB, own, other, `belongs to ${NAME}`],
  );
  await query(
    `insert into dismissal (app_id, user_id, operation, changes, reason, at, by)
     values (1, $1, 'update', $3, 'canary reason', now(), 'admin'), (1, $2, 'update', $4, $5, now(), 'admin')`,
    [ADA, BOB, own, other, `as for ${USERNAME}`],
  );
  await query(`insert into guard_ledger (app_id, guard, user_id, at) values (1, 'titles', $1, now())`, [ADA]);
  await query(`update connected_app set quarantine_detail = $1 where id = 1`, [
    JSON.stringify({ message: 'refused', nextStep: '', targetSaid: `${USERNAME} is locked` }),
  ]);
  await query(
    `insert into alert (id, key, kind, severity, title, message, next_step, facts, created_at)
     values (gen_random_uuid(), 'k', 'test', 'info', $1, $1, $1, $2, now())`,
    [`About ${EMAIL}`, JSON.stringify({ who: USERNAME })],
  );
  await query(
    `insert into ignored_account (app_id, remote_id, at, by, note) values (1, $1, now(), 'admin', $2), (1, 'svc', now(), 'admin', $2)`,
    [USERNAME, `of ${NAME}`],
  );
  await query(`insert into matching_rule (app_id, ordinal, decision, filter, note) values (1, 1, 'ignore', $1, $2)`, [
    JSON.stringify({ name: USERNAME }),
    NAME,
  ]);
}

async function plantPlan(): Promise<void> {
  const plan = '00000000-0000-7000-8000-0000000000aa';
  await http.ground.pool.query(
    `insert into population_plan (id, app_id, state, document, connector, base_url, planned_at, created_at, created_by, note,
       counts, collisions)
     values ($1, 1, 'ready', '{}', 'scim2', 'https://t.example.com', now(), now(), 'admin', $2, '{}', $3)`,
    [plan, `For ${EMAIL}`, JSON.stringify({ userName: [USERNAME] })],
  );
  const change = `insert into population_plan_change (plan_id, user_id, username, operation, hash, cause, changes, paths, reason)
    values ($1, $2, $3, 'update', 'h', 'c', $4, '{}', $5)`;
  const of = (value: string) => [JSON.stringify([{ path: 'x', before: value }]), JSON.stringify({ message: value })];
  await http.ground.pool.query(change, [plan, ADA, USERNAME, ...of('canary value')]);
  await http.ground.pool.query(change, [plan, BOB, 'bob@example.com', ...of(NAME)]);
}

const erase = (body: object, options = {}) =>
  http.send('DELETE', `/api/v1/users/${ADA}/personal-data`, { body: { reason: 'Request 42', ...body }, ...options });

/** Everything that is stored, as a backup has it. */
async function dump(name: string): Promise<string> {
  const path = join(folder, name);
  await backUp({ url: http.database.url, path, now: http.clock.now() });
  return gunzipSync(readFileSync(path)).toString('utf8');
}

describe('the erasure of a person', () => {
  before(plant);
  before(plantPlan);
  before(plantMatching);
  before(plantRollout);

  test('the canaries are seen before it', async () => {
    assert.ok((await dump('before')).split('\n').filter((line) => CANARY.test(line)).length >= 9);
  });

  test('needs a reason and the scope', async () => {
    assert.equal((await erase({ reason: ' ' })).status, 400);
    const { key } = await http.makeKey(['directory:write', 'provisioning:write', 'audit:read']);
    assert.equal((await erase({}, { key })).status, 403);
    assert.equal(
      (await http.send('DELETE', '/api/v1/users/nobody/personal-data', { body: { reason: 'x' } })).status,
      404,
    );
  });

  test('is refused while something is still to be done, and says what', async () => {
    await http.ground.pool.query(`update account_link set account_state = 'active' where user_id = $1`, [ADA]);
    await http.ground.pool.query('update directory_user set deleted_at = null where id = $1', [ADA]);
    const refused = await erase({});
    assert.equal(refused.status, 409);
    assert.deepEqual(
      refused.json.errors.map(({ field, problem }: { field: string; problem: string }) => [field, problem]),
      [
        ['path.user', 'is not deleted'],
        ['Target', 'the account is active'],
      ],
    );
    await http.ground.pool.query(`update account_link set account_state = 'deactivated' where user_id = $1`, [ADA]);
    await http.ground.pool.query('update directory_user set deleted_at = now() where id = $1', [ADA]);
  });

  test('a dry run says what would be erased, and erases nothing', async () => {
    const before = await http.ground.pool.query('select * from audit_event order by id');
    const { status, json } = await erase({ dryRun: true });
    assert.equal(status, 200);
    assert.deepEqual(json, {
      dryRun: true,
      rows: {
        user: 1,
        assignments: 1,
        links: 1,
        requests: 1,
        logLines: 1,
        holds: 1,
        dismissals: 1,
        planned: 1,
        audit: 2,
        mentions: 19,
      },
      unfinished: [],
    });
    const after = await http.ground.pool.query('select * from audit_event order by id');
    assert.deepEqual(after.rows, before.rows);
    assert.match(await dump('dry'), CANARY);
  });

  test('leaves none of it anywhere, and what happened to whom', async () => {
    const { status, json } = await erase({});
    assert.equal(status, 200, JSON.stringify(json));
    assert.equal(json.dryRun, false);
    const left = (await dump('after')).split('\n').filter((line) => CANARY.test(line));
    // Another's longer value is not torn apart.
    assert.deepEqual(
      left.flatMap((line) => line.match(/[^"{}]*c[aä]nary[^"{}]*/gi)),
      ['wcanary.username+1@example.comx', 'wcanary.username+1@example.comx'],
    );
  });

  test('is on record, with what it replaced', async () => {
    const { rows } = await http.ground.pool.query(
      'select id, action, actor, user_id, before, after, reason, erasure_id from audit_event where user_id = $1 order by id',
      [ADA],
    );
    const record = rows.at(-1);
    assert.deepEqual(
      [record.action, record.reason, record.after],
      ['user.erased', 'Request 42', { force: false, unfinished: [] }],
    );
    for (const row of rows.slice(0, -1)) {
      assert.deepEqual([row.actor, row.before, row.after, row.erasure_id], ['admin', null, null, record.id]);
    }
    const other = await http.ground.pool.query(`select before, after, reason from audit_event where user_id = $1`, [
      BOB,
    ]);
    assert.deepEqual(other.rows, [
      { before: { Email: 'erased' }, after: { Manager: 'erased' }, reason: 'asked by erased' },
    ]);
  });

  test('opens the audit to nobody else', async () => {
    const { pool } = http.ground;
    const [record] = (await pool.query(`select id from audit_event where action = 'user.erased'`)).rows;
    for (const change of [
      `update audit_event set reason = 'other'`,
      `update audit_event set reason = 'other', erasure_id = ${record.id}`,
      `update audit_event set reason = 'other', erasure_id = id`,
      `delete from audit_event`,
    ]) {
      await assert.rejects(pool.query(change), /append-only/, change);
    }
    const client = await pool.connect();
    try {
      await client.query('begin');
      const { rows } = await client.query(
        `insert into audit_event (at, actor_kind, actor, action, entity_kind, entity_id)
         values (now(), 'system', 'x', 'user.erased', 'user', 'x') returning id`,
      );
      await assert.rejects(
        client.query(`update audit_event set actor = 'other', erasure_id = $1 where id < $1`, [rows[0].id]),
        /append-only/,
        'who did it stays, even then',
      );
    } finally {
      await client.query('rollback');
      client.release();
    }
  });

  test('goes on with an account that is not finished with, when forced', async () => {
    const { pool } = http.ground;
    await pool.query(
      `update account_link set account_state = 'active', remote_id = 'still-there', applied = '{"userName": "x"}' where user_id = $1`,
      [BOB],
    );
    const { status, json } = await http.send('DELETE', `/api/v1/users/${BOB}/personal-data`, {
      body: { reason: 'Request 43', force: true },
    });
    assert.equal(status, 200);
    assert.deepEqual(json.unfinished, [{ app: 'Target', why: 'the account is active' }]);
    const { rows } = await pool.query(
      `select l.remote_id, l.account_state, l.applied, s.wanted_rev > s.done_rev as due, s.urgency, u.is_active, u.username
       from account_link l join link_schedule s using (app_id, user_id) join directory_user u on u.id = l.user_id where u.id = $1`,
      [BOB],
    );
    assert.deepEqual(rows, [
      {
        remote_id: 'still-there',
        account_state: 'active',
        applied: {},
        due: true,
        urgency: 0,
        is_active: false,
        username: `erased-${BOB}`,
      },
    ]);
  });
});

/** Every table: those that the erasure sees to, and those that say nothing of the people in the directory. */
const SEEN_TO = [
  'account_link',
  'alert',
  'alert_delivery',
  'audit_event',
  'connected_app',
  'credential_health',
  'credential_life',
  'directory_user',
  'dismissal',
  'drill',
  'drill_step',
  'hold',
  'ignored_account',
  'matching_account',
  'matching_item',
  'matching_report',
  'matching_resolution',
  'matching_rule',
  'matching_user',
  'permission_set_assignment',
  'population_plan',
  'population_plan_change',
  'provisioning_log',
  'provisioning_request',
  'rollback',
  'rollback_account',
  'rollout',
  'rollout_reach',
  'rollout_stage',
];
/** Of people who sign in to the console, and of whom a target's administrator asks: they are erased where they are managed. */
const OF_OTHER_PEOPLE = [
  'access_link',
  'app_presentation',
  'authorization_attempt',
  'passkey',
  'person',
  'person_identity',
  'recovery_code',
  'session',
  'sign_in_attempt',
  'sign_in_limit',
];
const OF_NOBODY = [
  'alert_channel',
  'client_certificate',
  'credential_expiry',
  'oauth_settings',
  'sealed_secret',
  'api_key',
  'app_assignment',
  'app_configuration',
  'app_credential',
  'custom_field',
  'instance_setting',
  'permission_set',
  'permission_set_group',
  'permission_set_group_component',
  'profile',
  'pump_lease',
  'schema_migration',
  // The id of a user and nothing of theirs, or hashes that a running plan needs.
  'app_guards',
  'deactivation_ledger',
  'guard_ledger',
  'link_schedule',
  'open_intent',
  'population_plan_user',
  'population_plan_value',
  'rollout_pilot',
];

test('a new table is seen to by the erasure, or known to say nothing of people', async () => {
  const { rows } = await http.ground.pool.query(
    `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relispartition`,
  );
  const known = new Set([...SEEN_TO, ...OF_OTHER_PEOPLE, ...OF_NOBODY]);
  const unknown = rows.map(({ name }) => name).filter((name) => !known.has(name));
  assert.deepEqual(unknown, [], 'see to it in src/retention/sql/erasure.ts and plant canaries in it here, or list it');
});

describe('the retention settings', () => {
  test('are 90 days until they are changed, with the ETag, in the audit', async () => {
    const shown = await http.send('GET', '/api/v1/retention');
    assert.deepEqual(shown.json, { days: 90, bodyDays: 90 });
    const put = (body: object, etag: unknown = shown.headers['etag']) =>
      http.send('PUT', '/api/v1/retention', { body, headers: { 'if-match': String(etag) } });
    assert.equal((await http.send('PUT', '/api/v1/retention', { body: { days: 1, bodyDays: 1 } })).status, 428);
    const wrong = await put({ days: 10, bodyDays: 11 });
    assert.equal(wrong.status, 422);
    assert.match(wrong.json.errors[0].problem, /longer than the log/);
    assert.equal((await put({ days: 0, bodyDays: 0 })).status, 400);
    const changed = await put({ days: 30, bodyDays: 7 });
    assert.deepEqual(changed.json, { days: 30, bodyDays: 7 });
    assert.equal((await put({ days: 31, bodyDays: 7 })).status, 412);
    const { rows } = await http.ground.pool.query(
      `select before, after from audit_event where action = 'retention.changed'`,
    );
    assert.deepEqual(rows, [{ before: { days: 90, bodyDays: 90 }, after: { days: 30, bodyDays: 7 } }]);
  });
});
