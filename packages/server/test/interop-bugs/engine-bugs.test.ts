import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { type FaultTarget, startFaultTarget } from '@usher/scim/testing';
import { accountOf, Instance, isActive, TARGET_TOKEN } from './instance.ts';

// Bugs that users of other outbound clients reported, as far as an engine has or has not them: each by the number that
// docs/reported-bugs.md gives it. Those of the wire are in packages/scim/test/reported-bugs.

describe('bugs reported against other clients', () => {
  let instance: Instance;
  let target: FaultTarget;
  let app: string;
  let last = 0;
  before(async () => {
    instance = await Instance.start();
  });
  after(() => instance?.stop());
  beforeEach(async () => {
    target = await startFaultTarget({ token: TARGET_TOKEN, record: true });
    app = `App${++last}`;
  });
  afterEach(async () => {
    await instance.send('POST', `/apps/${app}/pause`).catch(() => {});
    await target.stop();
  });
  const fresh = (name: string) => `${name}${last}`;
  const logOf = async (person: string): Promise<{ operation: string; outcome: string; detail: string }[]> =>
    (
      await instance.database.pool.query(
        `select l.operation, l.outcome, row_to_json(l)::text as detail from provisioning_log l
         join directory_user u on u.id = l.user_id join connected_app a on a.id = l.app_id
         where u.username = $1 and a.name = $2 order by l.id`,
        [`${person}@example.com`, app],
      )
    ).rows;

  it('7: a conflict at one account aborts nothing: everybody else is created', async () => {
    const taken = fresh('taken');
    target.createAccount({ userName: `${taken}@example.com`, externalId: 'somebody-else', active: true });
    await instance.addApp(app, target, {
      configuration: { correlation: { matchingAttributes: ['externalId'] } },
    });
    await instance.addPerson(taken);
    const others = ['a', 'b', 'c'].map(fresh);
    for (const other of others) await instance.addPerson(other);
    await instance.until('the others', () => others.every((other) => isActive(target, other)));
    await instance.until('the conflict', async () => (await logOf(taken)).length > 0);
  });

  it('8: who loses the assignment loses the access at once, not at the next full pass', async () => {
    await instance.addApp(app, target, { assigned: false });
    await instance.send('POST', '/permission-sets', { Name: fresh('Access'), Label: 'Access' });
    await instance.send('POST', `/apps/${app}/assignments`, { kind: 'permission set', name: fresh('Access') });
    const person = fresh('mover');
    await instance.addPerson(person);
    const user = `/users/${person}@example.com`;
    const { Id: id } = await instance.change('POST', user, '/assignments', { PermissionSet: fresh('Access') });
    await instance.until('the account', () => isActive(target, person));
    const lostAt = performance.now();
    await instance.change('DELETE', user, `/assignments/${id}`);
    await instance.until('the deactivation', () => accountOf(target, person)?.active === false);
    assert.ok(performance.now() - lostAt < 15_000);
  });

  it('9: an account that is gone is no success: it is looked for, made anew, and the log says so', async () => {
    await instance.addApp(app, target);
    const person = fresh('gone');
    await instance.addPerson(person);
    await instance.until('the account', () => isActive(target, person));
    const { id } = accountOf(target, person) ?? { id: '' };
    await fetch(`${target.url}/Users/${id}`, {
      method: 'DELETE',
      headers: { authorization: `Bearer ${TARGET_TOKEN}` },
    });
    await instance.changePerson(person, { Title: 'Back' });
    await instance.until('the new account', () => accountOf(target, person)?.attributes['title'] === 'Back');
    assert.notEqual(accountOf(target, person)?.id, id);
    assert.ok((await logOf(person)).filter(({ operation }) => operation === 'create').length >= 2);
  });

  it('12: an error names the person, what was sent and what the target said', async () => {
    target.setSchedule([
      {
        id: 'refusal',
        match: { method: 'POST', path: '/Users' },
        effect: { kind: 'status', status: 400, detail: 'shoes are missing' },
        maxFires: 99,
      },
    ]);
    await instance.addApp(app, target);
    const person = fresh('barefoot');
    await instance.addPerson(person);
    await instance.until('the refusal', async () => (await logOf(person)).some(({ outcome }) => outcome === 'parked'));
    const why = await instance.send('GET', `/apps/${app}/users/${person}@example.com/why`);
    const told = JSON.stringify(why);
    assert.match(told, /shoes are missing/);
    assert.equal(told.includes('    at '), false, 'no stack trace');
  });

  it('14: a lease that a dead replica left behind keeps no app from its work', async () => {
    await instance.addApp(app, target, { active: false });
    await instance.database.pool.query(
      `insert into pump_lease (app_id, holder, epoch, expires_at)
       select id, 'a replica that is no more', 7, now() + interval '2 seconds' from connected_app where name = $1
       on conflict (app_id) do update set holder = excluded.holder, epoch = 7, expires_at = excluded.expires_at`,
      [app],
    );
    const person = fresh('waiting');
    await instance.addPerson(person);
    await instance.activate(app);
    await instance.until('the account, after the lease', () => isActive(target, person));
  });

  it('17: an app is made by its API alone, and a delete that failed forgets nothing', async () => {
    await instance.addApp(app, target);
    const person = fresh('stays');
    await instance.addPerson(person);
    await instance.until('the account', () => isActive(target, person));
    const { id } = accountOf(target, person) ?? { id: '' };
    target.setSchedule([
      {
        id: 'failure',
        match: { path: `/Users/${id}`, method: ['PATCH', 'DELETE'] },
        effect: { kind: 'status', status: 500 },
        maxFires: 2,
      },
    ]);
    await instance.changePerson(person, { IsActive: false });
    await instance.until('the deactivation, after failures', () => accountOf(target, person)?.active !== true);
    const { rows } = await instance.database.pool.query(
      `select l.remote_id from account_link l join directory_user u on u.id = l.user_id join connected_app a on a.id = l.app_id
       where u.username = $1 and a.name = $2`,
      [`${person}@example.com`, app],
    );
    assert.equal(rows[0]?.remote_id, id, 'the link is there as long as the account is');
  });

  it('18: who was there before the app joined is provisioned when it is activated', async () => {
    const early = ['x', 'y', 'z'].map(fresh);
    for (const person of early) await instance.addPerson(person);
    await instance.addApp(app, target);
    await instance.until('everybody’s account', () => early.every((person) => isActive(target, person)));
  });

  it('20: that nobody is provisioned has a reason, for the app and for each person', async () => {
    const person = fresh('nobody');
    await instance.addPerson(person);
    await instance.addApp(app, target, { assigned: false, active: false });
    const started = (await instance.activate(app)) as { warnings: { problem: string }[] };
    assert.match(JSON.stringify(started.warnings), /nobody is granted the app/);
    const why = await instance.send('GET', `/apps/${app}/users/${person}@example.com/why`);
    assert.match(JSON.stringify(why), /assign|grant/i);
  });

  it('21: externalId at the target is ours and stays, also for an account that was adopted', async () => {
    const person = fresh('adopted');
    target.createAccount({ userName: `${person}@example.com`, active: true });
    const userId = await instance.addPerson(person);
    await instance.addApp(app, target);
    await instance.until('the adoption', () => accountOf(target, person)?.externalId === userId);
    await instance.changePerson(person, { Title: 'Later' });
    await instance.until('the update', () => accountOf(target, person)?.attributes['title'] === 'Later');
    assert.equal(accountOf(target, person)?.externalId, userId);
  });

  it('23: entering and leaving a scoping filter is provisioned as it happens', async () => {
    await instance.addApp(app, target, { configuration: { scopingFilter: 'Title = "In"' } });
    const person = fresh('scoped');
    await instance.addPerson(person);
    await instance.changePerson(person, { Title: 'In' });
    await instance.until('the entry', () => isActive(target, person));
    await instance.changePerson(person, { Title: 'Out' });
    await instance.until('the exit', () => accountOf(target, person)?.active === false);
    await instance.changePerson(person, { Title: 'In' });
    await instance.until('the return', () => isActive(target, person));
  });

  it('25: a changed user name is sent, to the same account', async () => {
    await instance.addApp(app, target);
    const [before, later] = [fresh('before'), fresh('later')];
    await instance.addPerson(before);
    await instance.until('the account', () => isActive(target, before));
    const { id } = accountOf(target, before) ?? { id: '' };
    await instance.changePerson(before, { Username: `${later}@example.com` });
    await instance.until('the rename', () => isActive(target, later));
    assert.equal(accountOf(target, later)?.id, id);
  });

  it('27: 429 is waited out, and becomes no conflict', async () => {
    target.setSchedule([
      {
        id: 'busy',
        match: { method: 'POST' },
        effect: { kind: 'status', status: 429, headers: { 'retry-after': '1' } },
        maxFires: 3,
        minFires: 1,
      },
    ]);
    await instance.addApp(app, target);
    const people = ['p', 'q', 'r'].map(fresh);
    for (const person of people) await instance.addPerson(person);
    await instance.until('everybody', () => people.every((person) => isActive(target, person)));
    target.verifyRequired();
    assert.equal(target.accounts().size >= 3, true);
    for (const person of people) {
      assert.equal(
        (await logOf(person)).some(({ detail }) => detail.includes('already_exists')),
        false,
      );
    }
  });

  it('30: a target whose groups fail still takes accounts, with the groups that they are mapped to', async () => {
    target.setSchedule([
      {
        id: 'groups',
        match: { path: /^\/Groups/ },
        effect: { kind: 'status', status: 500 },
        minFires: 0,
        maxFires: 999,
      },
    ]);
    await instance.send('POST', '/permission-set-groups', { Name: fresh('Team'), Label: 'Team' });
    await instance.addApp(app, target);
    const person = fresh('member');
    await instance.addPerson(person);
    const user = `/users/${person}@example.com`;
    const { Id: id } = await instance.change('POST', user, '/assignments', { PermissionSetGroup: fresh('Team') });
    await instance.until('the role', () =>
      JSON.stringify(accountOf(target, person)?.attributes['roles'] ?? []).includes(fresh('Team')),
    );
    // And 3: a role that is taken away is taken away there.
    await instance.change('DELETE', user, `/assignments/${id}`);
    await instance.until(
      'the role’s end',
      () => !JSON.stringify(accountOf(target, person)?.attributes['roles'] ?? []).includes(fresh('Team')),
    );
    assert.ok(isActive(target, person));
  });

  it('31: nothing is ever addressed without a remote id', async () => {
    await instance.addApp(app, target);
    await instance.addPerson(fresh('addressed'));
    await instance.until('the account', () => isActive(target, fresh('addressed')));
    for (const { method, url } of target.exchanges()) {
      if (method === 'GET' || method === 'POST') continue;
      assert.match(url, /\/Users\/[^/?]+$/);
      assert.doesNotMatch(url, /null|undefined/);
    }
  });
});
