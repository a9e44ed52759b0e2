import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { SMTPServer } from 'smtp-server';
import { AlertSender, planRetry, raiseAlert, signWebhook } from '../../src/alerts/index.ts';
import { alertRoutes } from '../../src/http/alert-routes.ts';
import { holdRoutes } from '../../src/http/hold-routes.ts';
import { createVault, readMasterKeys, Secret } from '../../src/vault/index.ts';
import { createHttpFixture, type HttpFixture } from '../http/http-fixture.ts';

let fixture: HttpFixture;
let ground: Parameters<typeof alertRoutes>[0];
let receiver: Server;
let hook: string;
let mailer: SMTPServer;
const posted: { headers: Record<string, unknown>; body: string }[] = [];
const mails: { from: string; to: string[]; user: string | undefined; text: string }[] = [];
let answer = 204;

before(async () => {
  const vault = createVault(
    await readMasterKeys({ kind: 'value', key: Buffer.from('0123456789abcdef0123456789abcdef') }),
  );
  fixture = await createHttpFixture((base) => {
    const networkPolicy = {
      allowHttp: true,
      allowedNetworks: [{ address: '127.0.0.0', prefix: 8, family: 4 as const }],
    };
    ground = { ...base, vault, networkPolicy, version: '0.0.0', publicUrl: 'https://usher.example' };
    return [alertRoutes(ground), holdRoutes(base)];
  });
  receiver = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      posted.push({ headers: request.headers, body });
      response.writeHead(answer, answer === 302 ? { location: 'http://127.0.0.1:1/' } : {}).end();
    });
  }).listen(0, '127.0.0.1');
  mailer = new SMTPServer({
    authOptional: false,
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    onAuth: ({ username, password }, _session, done) =>
      password === 'the-smtp-password' ? done(null, { user: username }) : done(new Error('wrong')),
    onData: (stream, session, done) => {
      let text = '';
      stream.on('data', (chunk) => {
        text += chunk;
      });
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope;
        const from = mailFrom === false ? '' : mailFrom.address;
        mails.push({ from, to: rcptTo.map(({ address }) => address), user: session.user, text });
        done();
      });
    },
  });
  await Promise.all([
    new Promise((resolve) => receiver.once('listening', resolve)),
    new Promise<void>((resolve) => mailer.listen(0, '127.0.0.1', () => resolve())),
  ]);
  hook = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`;
});
after(async () => {
  receiver.close();
  await new Promise<void>((resolve) => mailer.close(() => resolve()));
  await fixture.close();
});

const raise = (key: string) =>
  raiseAlert(
    ground.pool,
    ground.clock.uuid(),
    {
      ...({
        key,
        kind: 'credential_dead',
        severity: 'critical',
        app: 'Chat',
        title: 'Chat: the credential\r\nno longer works',
      } as const),
      ...{ message: 'It ended.', nextStep: 'Authorize it.', link: 'https://usher.example/apps/Chat/credential' },
    },
    ground.clock.now(),
  );

describe('alerts', { concurrency: 1 }, () => {
  let secret = '';
  let channel = 0;

  it('go by a signed webhook, whose secret is shown once', async () => {
    const { send } = fixture;
    const made = await send('POST', '/api/v1/alert-channels', {
      body: { name: 'Ops', config: { kind: 'webhook', url: hook } },
    });
    assert.equal(made.status, 201, made.text);
    ({ secret, id: channel } = made.json);
    assert.match(secret, /^whsec_/);
    assert.ok(!(await send('GET', `/api/v1/alert-channels/${channel}`)).text.includes('whsec_'));
    await raise('death 1');
    assert.equal(await new AlertSender(ground).work(), 1);
    const { headers, body } = posted[0] ?? { headers: {}, body: '' };
    const seconds = Number(headers['webhook-timestamp']);
    assert.equal(
      headers['webhook-signature'],
      signWebhook(new Secret(secret), String(headers['webhook-id']), seconds, body),
    );
    assert.equal(JSON.parse(body).data.app, 'Chat');
  });

  it('of one cause are told once, and by one replica', async () => {
    await Promise.all([raise('death 1'), raise('death 2'), raise('death 2')]);
    const before = posted.length;
    await Promise.all([1, 2, 3].map(() => new AlertSender(ground).work()));
    assert.equal(posted.length, before + 1);
  });

  it('are tried again later and later, by a clock, until they are taken; a redirect is not followed', async () => {
    const { clock, send } = fixture;
    answer = 302;
    await raise('death 3');
    const before = posted.length;
    await new AlertSender(ground).work();
    await new AlertSender(ground).work();
    assert.equal(posted.length, before + 1, 'not at once again');
    answer = 500;
    clock.jumpTo(new Date(clock.now().getTime() + 11_000));
    await new AlertSender(ground).work();
    assert.equal(posted.length, before + 2);
    const newest = (await send('GET', '/api/v1/alerts?limit=1')).json.items[0];
    const [delivery] = (await send('GET', `/api/v1/alerts/${newest.id}`)).json.deliveries;
    assert.deepEqual([delivery.state, delivery.attempts], ['waiting', 2]);
    assert.match(delivery.lastProblem, /answered 500/);
    answer = 204;
    clock.jumpTo(new Date(clock.now().getTime() + 31_000));
    await new AlertSender(ground).work();
    assert.equal((await send('GET', `/api/v1/alerts/${newest.id}`)).json.deliveries[0].state, 'delivered');
  });

  it('are given up after three days, and no sooner', () => {
    let now = new Date(0);
    let attempts = 0;
    for (let next = planRetry(++attempts, now); next; next = planRetry(++attempts, now)) now = next;
    assert.ok(now.getTime() > 3 * 86_400_000, now.toISOString());
  });

  it('go by mail, with no line of their own in its head', async () => {
    const { send } = fixture;
    const { port } = mailer.server.address() as AddressInfo;
    const config = {
      kind: 'email',
      host: '127.0.0.1',
      port,
      tls: 'none',
      username: 'usher',
      from: 'usher@example.com',
      to: ['ops@example.com', 'desk@example.com'],
    };
    const refused = await send('POST', '/api/v1/alert-channels', { body: { name: 'Mail', config } });
    assert.match(refused.text, /config.password/);
    const made = await send('POST', '/api/v1/alert-channels', {
      body: { name: 'Mail', config: { ...config, password: 'the-smtp-password' } },
    });
    assert.equal(made.status, 201, made.text);
    assert.ok(!made.text.includes('the-smtp-password'));
    const tested = await send('POST', `/api/v1/alert-channels/${made.json.id}/test`);
    assert.deepEqual(tested.json, { ok: true, problem: null });
    await raise('death 4');
    await new AlertSender(ground).work();
    const mail = mails.at(-1);
    assert.deepEqual(
      [mail?.from, mail?.to, mail?.user],
      ['usher@example.com', ['ops@example.com', 'desk@example.com'], 'usher'],
    );
    assert.match(mail?.text ?? '', /^Subject: \[Usher\] Chat: the credential no longer works\r?$/m);
    assert.match(mail?.text ?? '', /https:\/\/usher\.example\/apps\/Chat\/credential/);

    const etag = { 'if-match': '*' };
    const moved = await send('PUT', `/api/v1/alert-channels/${made.json.id}`, {
      headers: etag,
      body: { name: 'Mail', config: { ...config, host: 'localhost' } },
    });
    assert.match(moved.text, /one that was entered for another server is not sent there/);
    const wrong = await send('PUT', `/api/v1/alert-channels/${made.json.id}`, {
      headers: etag,
      body: { name: 'Mail', config: { ...config, password: 'wrong-password' } },
    });
    assert.equal(wrong.status, 200, wrong.text);
    const failed = await send('POST', `/api/v1/alert-channels/${made.json.id}/test`);
    assert.match(failed.json.problem, /does not take the user name and password/);
  });

  it('never go to an address that nothing is sent to', async () => {
    const { send } = fixture;
    for (const url of [
      'http://169.254.169.254/latest',
      'http://10.0.0.1/hook',
      'file:///etc/passwd',
      'https://u:p@example.com/',
    ]) {
      const made = await send('POST', '/api/v1/alert-channels', {
        body: { name: `Evil ${url}`, config: { kind: 'webhook', url } },
      });
      assert.equal(made.status, 422, url);
    }
  });

  it('tell of holds on deactivations at once and every hour', async () => {
    const { ground: base, clock } = fixture;
    const { pool } = base;
    const { rows } = await pool.query(
      `insert into connected_app (name, label, connector, base_url, created_at, updated_at)
       values ('Crm', 'Crm', 'scim2', 'https://crm.example', $1, $1) returning id`,
      [clock.now()],
    );
    await pool.query(
      `insert into hold (app_id, user_id, guard, operation, change_hash, reason, opened_at)
       select $1, gen_random_uuid(), 'deactivation threshold', 'deactivate', n::text, 'too many', $2 from generate_series(1, 3) n`,
      [rows[0].id, clock.now()],
    );
    const told = async () => (await pool.query(`select title from alert where kind = 'hold_waiting'`)).rows;
    await Promise.all([new AlertSender(ground).work(), new AlertSender(ground).work()]);
    assert.deepEqual(await told(), [{ title: 'Crm: 3 held deactivations wait' }]);
    clock.jumpTo(new Date(clock.now().getTime() + 1_800_000));
    await new AlertSender(ground).work();
    assert.equal((await told()).length, 1);
    clock.jumpTo(new Date(clock.now().getTime() + 1_900_000));
    await new AlertSender(ground).work();
    assert.equal((await told()).length, 2);
    await pool.query(`update hold set state = 'released'`);
    clock.jumpTo(new Date(clock.now().getTime() + 3_700_000));
    await new AlertSender(ground).work();
    assert.equal((await told()).length, 2);
  });

  it('tell nobody of a hold that was snoozed, until its time is over', async () => {
    const { ground: base, clock, send } = fixture;
    const { pool } = base;
    const {
      rows: [made],
    } = await pool.query(
      `with p as (insert into profile (name, created_at, updated_at) values ('Snoozed', $1, $1) returning id),
       u as (insert into directory_user (id, username, is_active, profile_id, fields, created_at, updated_at)
         select gen_random_uuid(), 'snoozed@example.com', false, p.id, '{}', $1, $1 from p returning id)
       insert into hold (app_id, user_id, guard, operation, change_hash, reason, changes, opened_at)
       select a.id, u.id, 'protected user', 'deactivate', 'snoozed', 'r', '[]', $1 from connected_app a, u where a.name = 'Crm' returning id`,
      [clock.now()],
    );
    const told = async () =>
      (await pool.query(`select count(*)::int as n from alert where kind = 'hold_waiting'`)).rows[0].n;
    const inHours = (hours: number) => new Date(clock.now().getTime() + hours * 3_600_000);
    const snooze = (until: Date) =>
      send('POST', `/api/v1/holds/${made.id}/snooze`, { body: { until: until.toISOString(), note: 'Asked HR' } });
    await new AlertSender(ground).work();
    const before = await told();
    for (const wrong of [inHours(-1), inHours(169)]) {
      const refused = await snooze(wrong);
      assert.deepEqual([refused.status, refused.json.errors[0].field], [422, 'until']);
    }
    const snoozed = await snooze(inHours(5));
    assert.deepEqual([snoozed.status, snoozed.json.state], [200, 'open'], snoozed.text);
    assert.equal(snoozed.json.remindAt, inHours(5).toISOString());
    clock.jumpTo(inHours(4));
    await new AlertSender(ground).work();
    assert.equal(await told(), before, 'not in between');
    clock.jumpTo(inHours(2));
    await new AlertSender(ground).work();
    assert.equal(await told(), before + 1);
    const { rows } = await pool.query(`select reason from audit_event where action = 'hold.snoozed'`);
    assert.deepEqual(rows, [{ reason: 'Asked HR' }]);
    await pool.query(`update hold set state = 'rejected' where id = $1`, [made.id]);
    assert.equal((await snooze(inHours(1))).status, 409);
  });

  it('tell of holds that keep nobody inside once a day, and louder of those that do after hours', async () => {
    const { ground: base, clock } = fixture;
    const { pool } = base;
    await pool.query('delete from alert');
    await pool.query('delete from hold');
    const { rows } = await pool.query(`select id from connected_app where name = 'Crm'`);
    const hold = (guard: string, operation: string) =>
      pool.query(
        `insert into hold (app_id, user_id, guard, operation, change_hash, reason, opened_at)
         values ($1, gen_random_uuid(), $2, $3, '', 'r', $4)`,
        [rows[0].id, guard, operation, clock.now()],
      );
    const told = async () =>
      (await pool.query(`select title, severity, next_step from alert where kind = 'hold_waiting' order by created_at`))
        .rows;
    const pass = async (ms: number) => {
      clock.jumpTo(new Date(clock.now().getTime() + ms));
      await new AlertSender(ground).work();
    };
    await hold('approval', 'create');
    await pass(0);
    assert.deepEqual(await told(), [
      {
        title: 'Crm: 1 held change waits',
        severity: 'warning',
        next_step: 'Whoever may approve them looks at the holds.',
      },
    ]);
    await pass(7_200_000);
    assert.equal((await told()).length, 1, 'not every hour');
    await pass(80_000_000);
    assert.equal((await told()).length, 2, 'but every day');
    await hold('protected user', 'deactivate');
    for (const expected of ['warning', 'warning', 'warning', 'critical']) {
      await pass(3_600_001);
      const [last] = (await told()).slice(-1);
      assert.deepEqual([last.title, last.severity], ['Crm: 1 held deactivation waits', expected]);
    }
  });

  it('tell of a quarantine that lasts, again every hour, and of its end', async () => {
    const { ground: base, clock } = fixture;
    const { pool } = base;
    await pool.query('delete from alert');
    const pass = async (ms: number) => {
      clock.jumpTo(new Date(clock.now().getTime() + ms));
      await Promise.all([new AlertSender(ground).work(), new AlertSender(ground).work()]);
    };
    const told = async () =>
      (
        await pool.query(
          `select kind, severity, title, resolved_at is null as open from alert where kind like 'app%' order by created_at`,
        )
      ).rows;
    const detail = { message: 'The target answered 503.', nextStep: 'Look whether the target is up' };
    await pool.query(
      `update connected_app set state = 'active', quarantined_at = $1, quarantine_cause = 'target', quarantine_detail = $2
       where name = 'Crm'`,
      [clock.now(), detail],
    );
    await pass(10_000);
    assert.deepEqual(await told(), [], 'a moment is no news');
    await pass(15_000);
    const quarantined = { kind: 'app_quarantined', open: true };
    assert.deepEqual(await told(), [{ ...quarantined, severity: 'warning', title: 'Crm fails' }]);
    await pass(3_700_000);
    assert.equal((await told())[1].title, 'Crm fails, for an hour now');
    for (let hour = 0; hour < 3; hour += 1) await pass(3_700_000);
    assert.equal((await told()).at(-1).severity, 'critical');
    await pool.query(`update connected_app set quarantined_at = null, quarantine_detail = null where name = 'Crm'`);
    await pass(1_000);
    const all = await told();
    assert.deepEqual(all.at(-1), {
      ...{ kind: 'app_quarantine_ended', severity: 'info', title: 'Crm works again', open: true },
    });
    assert.equal(all.filter(({ kind, open }) => kind === 'app_quarantined' && open).length, 0);
  });

  it('tell once a day of accounts that will be deleted within three days', async () => {
    const { ground: base, clock } = fixture;
    const { pool } = base;
    const at = new Date(clock.now().getTime() + 2 * 86_400_000);
    await pool.query(
      `insert into account_link (app_id, user_id, remote_id, account_state, delete_at, standing, updated_at)
       select id, gen_random_uuid(), 'r' || n, 'deactivated', case n when 3 then $1::timestamptz + interval '5 days' else $1 end, 'waiting', $1
       from connected_app, generate_series(1, 3) n where name = 'Crm'`,
      [at],
    );
    const told = async () => (await pool.query(`select title from alert where kind = 'deletions_pending'`)).rows;
    await new AlertSender(ground).work();
    await new AlertSender(ground).work();
    assert.deepEqual(await told(), [{ title: 'Crm: 2 accounts will be deleted within 3 days' }]);
    clock.jumpTo(new Date(clock.now().getTime() + 86_400_000));
    await new AlertSender(ground).work();
    assert.equal((await told()).length, 2);
  });
});
