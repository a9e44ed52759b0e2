import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createAppOpener } from '../../src/apps/index.ts';
import { type AppFixture, addPeople, CONFIGURATION, createAppFixture, TOKEN } from './app-fixture.ts';

let fixture: AppFixture;
before(async () => {
  fixture = await createAppFixture();
});
after(() => fixture.close());

const api = (path: string) => `/api/v1/apps${path}`;

describe('a connected app from draft to deletion', () => {
  it('is created as a draft, proposes a mapping from the target, and is configured with it', async () => {
    const { send, change } = fixture;
    const created = await send('POST', api(''), { body: { name: 'Chat', baseUrl: fixture.target.url } });
    assert.equal(created.status, 201, created.text);
    assert.equal(created.json.state, 'draft');
    assert.equal(created.json.label, 'Chat');
    assert.equal(created.json.credential, null);
    assert.equal((await change('PUT', 'Chat', '/credential', { body: { kind: 'bearer', token: TOKEN } })).status, 200);

    const proposal = await send('GET', api('/Chat/mapping/proposal?roles=true'));
    assert.equal(proposal.status, 200, proposal.text);
    assert.equal(proposal.json.schemaSource, 'target');
    assert.deepEqual(proposal.json.missing, []);
    const byTarget = new Map(proposal.json.mapping.map((rule: { target: string }) => [rule.target, rule]));
    assert.deepEqual(byTarget.get('userName'), {
      target: 'userName',
      formula: 'Username',
      required: true,
      apply: 'always',
      blank: 'clear',
    });
    for (const target of [
      'externalId',
      'name.givenName',
      'emails[type eq "work"].value',
      'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value',
      'roles',
    ]) {
      assert.ok(byTarget.has(target), `${target} is proposed`);
    }

    const saved = await send('POST', api('/Chat/configurations'), {
      body: { mapping: proposal.json.mapping, note: 'As proposed' },
    });
    assert.equal(saved.status, 201, saved.text);
    assert.deepEqual([saved.json.version, saved.json.problems, saved.json.warnings], [1, [], []]);
    const read = await send('GET', api('/Chat/configurations/1'));
    assert.equal(read.json.note, 'As proposed');
    assert.deepEqual(read.json.configuration.correlation, {
      matchingAttributes: ['externalId', 'userName'],
      adoption: 'link and update',
      findBeforeCreate: true,
      visibilityDelayMs: 5000,
      targetEnforcesUniqueness: true,
    });
    assert.deepEqual(read.json.configuration.deprovisioning, {
      'user deleted': { action: 'deactivate' },
      'user deactivated': { action: 'deactivate' },
      'assignment lost': { action: 'deactivate' },
    });
  });

  it('passes the test of its connection step by step', async () => {
    const tested = await fixture.send('POST', api('/Chat/test'));
    assert.equal(tested.status, 200, tested.text);
    assert.equal(tested.json.ok, true, tested.text);
    assert.deepEqual(
      tested.json.steps.map(({ step }: { step: string }) => step),
      ['address', 'http', 'credential', 'discovery', 'read'],
    );
  });

  it('marks nobody while it is a draft, and everybody who is granted it when it is activated', async () => {
    const { send, ground } = fixture;
    await addPeople(ground, 'Sales', 3);
    const assigned = await send('POST', api('/Chat/assignments'), { body: { kind: 'profile', name: 'sales' } });
    assert.deepEqual([assigned.status, assigned.json.links], [201, 0]);
    const activated = await send('POST', api('/Chat/activate'), { body: { withoutRollout: 'a test' } });
    assert.equal(activated.status, 200, activated.text);
    assert.deepEqual([activated.json.state, activated.json.links], ['active', 3]);
    // Who passes over drill and pilot is told so.
    const told = activated.json.warnings.map(({ field }: { field: string }) => field);
    assert.deepEqual(told, ['readiness.trial', 'readiness.trial']);
    assert.equal(activated.json.counts.due, 3);
    assert.equal(activated.json.counts.assignments, 1);
  });

  it('marks the holders of a grant when it is given or taken away', async () => {
    const { send, ground } = fixture;
    await addPeople(ground, 'Support', 2);
    const given = await send('POST', api('/Chat/assignments'), { body: { kind: 'profile', name: 'Support' } });
    assert.deepEqual([given.status, given.json.links], [201, 2]);
    const taken = await send('DELETE', api('/Chat/assignments?kind=profile&name=Support'));
    assert.deepEqual([taken.status, taken.json.links], [200, 2]);
    const { rows } = await ground.pool.query('select count(*)::int as urgent from link_schedule where urgency = 0');
    assert.equal(rows[0].urgent, 2);
    const listed = await send('GET', api('/Chat/assignments'));
    assert.deepEqual(
      listed.json.items.map(({ kind, name }: { kind: string; name: string }) => [kind, name]),
      [['profile', 'Sales']],
    );
  });

  it('opens as a runtime whose connector reaches the target, and keeps the compiled mapping of a version', async () => {
    const open = createAppOpener(fixture.ground);
    const appId = (await fixture.send('GET', api('/Chat'))).json.id;
    const runtime = await open(appId);
    assert.ok(runtime);
    const signal = AbortSignal.timeout(5_000);
    const found = await runtime.connect(runtime.transport, signal).accounts.find({ path: 'userName', value: 'nobody' });
    assert.deepEqual(found.accounts, []);
    assert.equal(runtime.evaluationContext().timeZone, 'UTC');
    const again = await open(appId);
    assert.equal(again?.mapping, runtime.mapping);
    await fixture.ground.pool.query(
      `insert into custom_field (name, label, type, created_at, updated_at) values ('Badge__c', 'Badge', 'text', now(), now())`,
    );
    const withField = await open(appId);
    assert.notEqual(withField?.mapping, runtime.mapping);
    for (const opened of [runtime, again, withField]) await opened?.close();
    assert.equal(await open(9999), undefined);
  });

  it('saves each configuration as a version, tells versions apart, and restores one as the newest', async () => {
    const { send } = fixture;
    const mapping = [...CONFIGURATION.mapping, { target: 'title', formula: 'UPPER(Title)' }];
    const saved = await send('POST', api('/Chat/configurations'), {
      body: { mapping, withoutRollout: 'a test' },
    });
    assert.deepEqual([saved.status, saved.json.version, saved.json.links], [201, 2, 5]);
    const diff = await send('GET', api('/Chat/configurations/1/diff/2'));
    const change = (path: string) => diff.json.changes.find((one: { path: string }) => one.path === path);
    assert.deepEqual(change('mapping[title].formula'), {
      path: 'mapping[title].formula',
      before: 'Title',
      after: 'UPPER(Title)',
    });
    assert.equal(change('mapping[roles]').before.formula, 'PermissionSetGroups');
    const restored = await send('POST', api('/Chat/configurations/1/restore'), {
      body: { withoutRollout: 'a test' },
    });
    assert.deepEqual([restored.status, restored.json.version], [201, 3]);
    const versions = (await send('GET', api('/Chat/configurations'))).json.items;
    assert.deepEqual(
      versions.map((one: { version: number; isActive: boolean; note: string }) => [
        one.version,
        one.isActive,
        one.note,
      ]),
      [
        [3, true, 'Restored version 1'],
        [2, false, null],
        [1, false, 'As proposed'],
      ],
    );
    assert.deepEqual((await send('GET', api('/Chat/configurations/1/diff/3'))).json.changes, []);
  });

  it('shows problems and warnings in a dry run and saves nothing', async () => {
    const { send } = fixture;
    const mapping = [{ target: 'userName', formula: 'Usernam' }];
    const dry = await send('POST', api('/Chat/configurations?dryRun=true'), { body: { mapping } });
    assert.equal(dry.status, 200, dry.text);
    assert.equal(dry.json.saved, false);
    assert.equal(dry.json.problems[0].field, 'mapping[0].formula');
    assert.match(dry.json.problems[0].fix, /Username/);
    assert.equal((await send('GET', api('/Chat'))).json.activeVersion, 3);
  });

  it('takes nothing back that was saved meanwhile, where the version that it was made of is named', async () => {
    const { send } = fixture;
    const save = (baseVersion: number) =>
      send('POST', api('/Chat/configurations'), { body: { ...CONFIGURATION, baseVersion } });
    const refused = await save(2);
    assert.deepEqual([refused.status, refused.json.errors[0].field], [412, 'baseVersion']);
    assert.match(refused.json.detail, /version 3 was saved meanwhile/);
    assert.equal((await send('GET', api('/Chat/configurations'))).json.items[0].version, 3);
  });

  it('turns triggers on and off at once', async () => {
    const { change } = fixture;
    const off = await change('PUT', 'Chat', '/triggers', { body: { update: false } });
    assert.deepEqual(off.json.triggers, { create: true, update: false, deactivate: true, reactivate: true });
    const on = await change('PUT', 'Chat', '/triggers', { body: { update: true } });
    assert.equal(on.json.triggers.update, true);
  });

  it('is paused by another address, with every link to be read first, and does not send the credential there', async () => {
    const { change, send, ground } = fixture;
    const moved = await change('PATCH', 'Chat', '', {
      body: { baseUrl: fixture.target.url.replace('127.0.0.1', '127.0.0.2') },
    });
    assert.equal(moved.status, 200, moved.text);
    assert.equal(moved.json.state, 'paused');
    assert.deepEqual(
      moved.json.warnings.map(({ field }: { field: string }) => field),
      ['state', 'credential'],
    );
    assert.equal(moved.json.credential.isForBaseUrl, false);
    const { rows } = await ground.pool.query('select bool_and(read_first) as unverified from link_schedule');
    assert.equal(rows[0].unverified, true);
    const refused = await send('POST', api('/Chat/resume'));
    assert.equal(refused.status, 409);
    assert.match(refused.json.detail, /was entered for .*Enter the credential again/);
    const back = await change('PATCH', 'Chat', '', { body: { baseUrl: fixture.target.url } });
    assert.equal(back.json.credential.isForBaseUrl, true);
    assert.equal((await send('POST', api('/Chat/resume'))).json.state, 'active');
  });

  it('pauses with a reason and resumes', async () => {
    const paused = await fixture.send('POST', api('/Chat/pause'), { body: { reason: 'Maintenance' } });
    assert.equal(paused.json.state, 'paused');
    const resumed = await fixture.send('POST', api('/Chat/resume'));
    assert.deepEqual([resumed.json.state, resumed.json.links > 0], ['active', true]);
  });

  it('is deleted only when it sends nothing and its accounts are accounted for', async () => {
    const { change, send, ground } = fixture;
    const active = await change('DELETE', 'Chat', '');
    assert.deepEqual([active.status, active.json.code], [409, 'conflict']);
    await send('POST', api('/Chat/pause'));
    const { id } = (await send('GET', api('/Chat'))).json;
    await ground.pool.query(
      `insert into account_link (app_id, user_id, remote_id, account_state, updated_at)
       select $1, id, 'r1', 'active', now() from directory_user limit 1`,
      [id],
    );
    const linked = await change('DELETE', 'Chat', '');
    assert.match(linked.json.detail, /an account linked.*accounts=leave/);
    const deleted = await change('DELETE', 'Chat', '?accounts=leave');
    assert.equal(deleted.status, 204, deleted.text);
    assert.equal((await send('GET', api('/Chat'))).status, 404);
    for (const table of ['link_schedule', 'account_link', 'app_configuration', 'app_credential', 'app_assignment']) {
      const { rows } = await ground.pool.query(`select count(*)::int as left from ${table} where app_id = $1`, [id]);
      assert.equal(rows[0].left, 0, table);
    }
  });

  it('left an audit row for every change, and the credential in none', async () => {
    const rows = await fixture.audit();
    const actions = rows.map(({ action }) => action).filter((action) => action.startsWith('app.'));
    for (const action of [
      'app.created',
      'app.credential_set',
      'app.configured',
      'app.assigned',
      'app.activated',
      'app.unassigned',
      'app.triggers_changed',
      'app.moved',
      'app.resumed',
      'app.paused',
      'app.deleted',
    ]) {
      assert.ok(actions.includes(action), `${action} is audited`);
    }
    assert.ok(rows.every(({ text }) => !text.includes(TOKEN)));
  });
});
