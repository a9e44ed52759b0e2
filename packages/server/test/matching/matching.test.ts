import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { activateApp } from '../../src/apps/index.ts';
import { type Json, MAPPING, World } from '../mapping/world.ts';

const BY_EMAIL = {
  correlation: { matchingAttributes: ['externalId', 'userName', 'emails[type eq "work"].value'] },
};
const RULES = [...MAPPING, { target: 'emails[type eq "work"].value', formula: 'Email' }];

/** Asks for a report and waits until it is at its end. */
async function report(world: World, app: string, body: object = {}): Promise<Json> {
  const asked = await world.send('POST', `/apps/${app}/matching-reports`, body);
  assert.equal(asked.status, 202, asked.text);
  return settled(world, app, asked.json.id);
}

async function settled(world: World, app: string, id: string): Promise<Json> {
  let found: Json;
  await world.until(async () => {
    world.matching.wake();
    found = (await world.send('GET', `/apps/${app}/matching-reports/${id}`)).json;
    return ['ready', 'failed', 'cancelled'].includes(found.state);
  }, 30_000);
  return found;
}

const items = async (world: World, app: string, id: string, query = ''): Promise<Json[]> =>
  (await world.send('GET', `/apps/${app}/matching-reports/${id}/items?${query}`)).json.items;

describe('a matching report', () => {
  let world: World;
  let users: Record<string, string> = {};
  let found: Json;
  const accountOf: Record<string, string> = {};

  before(async () => {
    world = await World.start({ base: 'strict', maxPageSize: 3, uniqueUserName: 'no' } as never);
    await world.addApp('Target', RULES, { active: false, more: BY_EMAIL });
    const names = ['ada', 'bob', 'cyd', 'dan', 'eve', 'fay', 'gus', 'hal', 'ivy', 'jan'];
    const ids = await world.addUsers(
      names.map((name) => ({
        username: `${name}@example.com`,
        fields: { Email: `${name}@mail.example.com` },
        isActive: name !== 'gus',
      })),
    );
    users = Object.fromEntries(names.map((name, index) => [name, ids[index] ?? '']));
    const add = (key: string, attributes: Json) => {
      accountOf[key] = world.target.createAccount({
        schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
        ...attributes,
      }).id;
    };
    const work = (address: string) => [{ type: 'work', value: address }];
    add('ada', { userName: 'ADA@example.com', active: true });
    add('bob1', { userName: 'bob@example.com', active: true });
    add('bob2', { userName: 'bob@example.com', active: true });
    add('cyd', { userName: 'c.yd', emails: work('cyd@mail.example.com'), active: false });
    add('dan', { userName: 'someone', externalId: users['dan'], active: true });
    add('dan-more', { userName: 'dan@example.com', active: true });
    add('gus', { userName: 'gus@example.com', active: true });
    add('svc', { userName: 'svc-backup', active: true });
    add('stranger', { userName: 'zoe@elsewhere.com', active: true });
    add('shared', { userName: 'shared', emails: work('shared@mail.example.com'), active: true });
    await world.ground.pool.query(
      `update directory_user set fields = fields || '{"Email": "shared@mail.example.com"}' where username in ('ivy@example.com', 'jan@example.com')`,
    );
  });
  after(() => world.stop());

  const line = (all: Json[], key: string) => all.find(({ remoteId }) => remoteId === accountOf[key]);

  test('sorts the accounts of the target, page by page, and writes nothing there', async () => {
    found = await report(world, 'Target', { note: 'first look' });
    assert.equal(found.state, 'ready', found.problem);
    assert.deepEqual(found.progress, { pages: 4, accounts: 10, users: 10 });
    const all = await items(world, 'Target', found.id);
    const told = Object.fromEntries(
      Object.keys(accountOf).map((key) => [
        key,
        [line(all, key)?.category, line(all, key)?.username, line(all, key)?.matchedBy],
      ]),
    );
    assert.deepEqual(told, {
      ada: ['matched', 'ada@example.com', 'userName'],
      bob1: ['ambiguous', 'bob@example.com', 'userName'],
      bob2: ['ambiguous', 'bob@example.com', 'userName'],
      cyd: ['inactive', 'cyd@example.com', 'emails[type eq "work"].value'],
      dan: ['matched', 'dan@example.com', 'externalId'],
      'dan-more': ['duplicate', 'dan@example.com', 'userName'],
      gus: ['matched', 'gus@example.com', 'userName'],
      svc: ['orphaned', null, null],
      stranger: ['orphaned', null, null],
      shared: ['ambiguous', null, 'emails[type eq "work"].value'],
    });
    assert.deepEqual(line(all, 'bob1').otherAccounts, [accountOf['bob2']]);
    assert.deepEqual([...line(all, 'shared').otherUsers].sort(), [users['ivy'], users['jan']].sort());
    assert.equal(line(all, 'gus').standing, 'inactive');
    const missing = all.filter(({ category }) => category === 'missing').map(({ username }) => username);
    assert.deepEqual(missing.sort(), ['eve@example.com', 'fay@example.com', 'hal@example.com']);
    assert.deepEqual(found.byCategory, {
      matched: 3,
      ambiguous: 3,
      inactive: 1,
      duplicate: 1,
      orphaned: 2,
      missing: 3,
    });
    assert.deepEqual(found.byMatchedBy, { userName: 2, externalId: 1, 'emails[type eq "work"].value': 1 });
    assert.equal(found.leaversInside, 1);
    assert.match(
      found.headline,
      /^10 accounts and 10 users: 3 matched, 3 ambiguous, 3 missing, 2 orphaned, 1 inactive already, 1 duplicate$/,
    );
    assert.deepEqual(
      world.target.exchanges().filter(({ method }) => method !== 'GET'),
      [],
    );
  });

  test('agrees with what the engine would do for each user', async () => {
    const outcome = async (name: string): Promise<string> => {
      const { json } = await world.send('POST', '/apps/Target/preview', { user: users[name] });
      const ids = json.matches.flatMap(({ remoteIds }: Json) => remoteIds);
      return json.reason?.code ?? (ids.length === 1 ? ids[0] : 'none');
    };
    assert.equal(await outcome('ada'), accountOf['ada']);
    assert.equal(await outcome('bob'), 'ambiguous_match');
    assert.equal(await outcome('cyd'), accountOf['cyd']);
    assert.equal(await outcome('dan'), accountOf['dan']);
    assert.equal(await outcome('eve'), 'none');
  });

  test('pages and filters its lines', async () => {
    const path = `/apps/Target/matching-reports/${found.id}/items`;
    const first = await world.send('GET', `${path}?category=missing&limit=2`);
    const second = await world.send('GET', `${path}?category=missing&limit=2&cursor=${first.json.nextCursor}`);
    assert.deepEqual([first.json.items.length, second.json.items.length, second.json.nextCursor], [2, 1, null]);
    const named = await items(world, 'Target', found.id, 'name=svc-*');
    assert.deepEqual(
      named.map(({ remoteId }) => remoteId),
      [accountOf['svc']],
    );
    const leavers = await items(world, 'Target', found.id, 'standing=inactive&active=true');
    assert.deepEqual(
      leavers.map(({ username }) => username),
      ['gus@example.com'],
    );
    const csv = await world.send('GET', `/apps/Target/matching-reports/${found.id}/export?category=orphaned`);
    assert.equal(csv.text.trim().split('\r\n').length, 3);
  });

  const resolve = (key: string, body: object, all: Json[]) =>
    world.send('POST', `/apps/Target/matching-reports/${found.id}/items/${line(all, key).id}/resolve`, body);
  const links = async () =>
    Object.fromEntries(
      (
        await world.ground.pool.query('select user_id, remote_id from account_link where remote_id is not null')
      ).rows.map(({ user_id, remote_id }) => [user_id, remote_id]),
    );

  test('is resolved line by line, and refuses what cannot be', async () => {
    const all = await items(world, 'Target', found.id);
    const ada = await resolve('ada', { decision: 'link', note: 'checked' }, all);
    assert.equal(ada.status, 200, ada.text);
    assert.deepEqual([ada.json.decision, ada.json.decisionNote], ['link', 'checked']);
    assert.equal((await resolve('ada', { decision: 'link' }, all)).status, 409);
    const unsure = await resolve('bob1', { decision: 'link' }, all);
    assert.equal(unsure.status, 409);
    assert.match(unsure.json.detail, /ambiguous: name the user/);
    const bob = await resolve('bob2', { decision: 'link', user: 'bob@example.com' }, all);
    assert.equal(bob.json.username, 'bob@example.com');
    const adopted = await resolve('dan', { decision: 'ignore' }, all);
    assert.match(adopted.json.detail, /is adopted when that user is provisioned/);
    assert.equal((await resolve('svc', { decision: 'ignore' }, all)).json.decision, 'ignore');
    assert.equal((await resolve('svc', { decision: 'undecided' }, all)).json.decision, null);
    assert.deepEqual(await links(), {
      [users['ada'] ?? '']: accountOf['ada'],
      [users['bob'] ?? '']: accountOf['bob2'],
    });
    const { rows } = await world.ground.pool.query(
      `select count(*)::int as n from audit_event where action = 'link.made'`,
    );
    assert.equal(rows[0].n, 2);
  });

  const resolved = async (body: object): Promise<Json> => {
    const { json, status, text } = await world.send('POST', `/apps/Target/matching-reports/${found.id}/resolve`, body);
    assert.equal(status, 202, text);
    let done: Json;
    await world.until(async () => {
      world.matching.wake();
      const listed = await world.send('GET', `/apps/Target/matching-reports/${found.id}/resolutions`);
      done = listed.json.items.find(({ id }: Json) => id === json.id);
      return ['done', 'failed'].includes(done?.state);
    });
    return done;
  };

  test('is resolved by filter', async () => {
    const done = await resolved({ decision: 'link', filter: { category: 'matched', decided: false } });
    // Linking a leaver's account takes it away once the app works, which a filter must say.
    assert.deepEqual([done.state, done.done, done.refused], ['done', 1, 1], done.problem);
    const [refused] = await items(world, 'Target', found.id, 'category=matched&decided=false');
    assert.match(refused.refusal, /shall have no account \(inactive\), so that linking it would take it away/);
    const leavers = await resolved({ decision: 'link', filter: { category: 'matched', standing: 'inactive' } });
    assert.deepEqual([leavers.done, leavers.refused], [1, 0]);
    const inactive = await resolved({ decision: 'link', filter: { category: 'inactive' } });
    assert.equal(inactive.done, 1);
    const ignored = await resolved({ decision: 'ignore', filter: { category: 'duplicate' }, note: 'old ones' });
    assert.equal(ignored.done, 1);
    const nobody = await resolved({ decision: 'link', filter: { category: 'missing' } });
    assert.deepEqual([nobody.done, nobody.refused], [0, 3]);
    assert.equal(Object.keys(await links()).length, 5);
    assert.deepEqual(
      world.target.exchanges().filter(({ method }) => method !== 'GET'),
      [],
    );
  });

  test('is resolved by rules, and remembers who is ignored', async () => {
    const rules = [{ decision: 'ignore', filter: { category: 'orphaned', name: 'svc-*' }, note: 'machines' }];
    const set = await world.send('PUT', '/apps/Target/matching-rules', { rules });
    assert.equal(set.status, 200, set.text);
    found = await report(world, 'Target');
    await world.until(async () => {
      world.matching.wake();
      return (await items(world, 'Target', found.id, 'decided=true')).length === 2;
    });
    const all = await items(world, 'Target', found.id);
    assert.deepEqual([line(all, 'svc').decision, line(all, 'svc').decidedBy], ['ignore', 'rule 1']);
    assert.equal(line(all, 'dan-more').decision, 'ignore');
    assert.equal(line(all, 'stranger').decision, null);
    assert.equal(found.linked, 5);
    assert.deepEqual([line(all, 'bob1').category, line(all, 'bob2').category], ['duplicate', 'matched']);
  });

  test('what it linked is the user’s when the app works', async () => {
    const command = { actor: { kind: 'system', name: 'test' } as const, app: 'Target', checkRevision: () => {} };
    // Two users who match one account are a person's to settle.
    await world.change([users['jan'] ?? ''], `fields = fields || '{"Email": "jan@mail.example.com"}'`);
    await activateApp(world.ground, command, { withoutRollout: 'a test' });
    await world.quiet();
    const active = (key: string) => world.target.accounts().get(accountOf[key] ?? '')?.attributes['active'];
    assert.equal(world.target.accounts().get(accountOf['ada'] ?? '')?.externalId, users['ada']);
    assert.equal(active('cyd'), true, 'reactivated');
    assert.equal(active('gus'), false, 'a leaver whose account was linked loses it');
    assert.equal(active('bob1'), true, 'what is nobody’s is left alone');
    assert.equal(world.target.accounts().size, 10 + 4);
  });
});

/** A request for the page that begins at this account. */
const isPage =
  (start: number) =>
  ({ request }: { request: { url: string } }): boolean =>
    new RegExp(`startIndex=${start}(&|$)`).test(request.url);

describe('a matching report that is interrupted', () => {
  let world: World;
  before(async () => {
    world = await World.start({ base: 'strict', maxPageSize: 2 } as never);
    await world.addApp('Target', MAPPING, { active: false });
    for (let index = 0; index < 9; index++) {
      world.target.createAccount({
        schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
        userName: `u${index}`,
        active: true,
      });
    }
  });
  after(() => world.stop());

  test('bears a target that fails for a while', async () => {
    world.target.setSchedule([
      { id: 'busy', match: { predicate: isPage(5) }, effect: { kind: 'status', status: 503, retryAfter: 1 } },
    ]);
    const found = await report(world, 'Target');
    assert.equal(found.state, 'ready', found.problem);
    assert.equal(found.progress.accounts, 9);
    assert.equal(world.target.fired()['busy'], 1);
    world.target.setSchedule([]);
  });

  test('ends with the fix when the credential is dead, and is resumed from where it stood', async () => {
    world.target.setSchedule([
      { id: 'dead', match: { predicate: isPage(5) }, effect: { kind: 'status', status: 401 } },
    ]);
    const failed = await report(world, 'Target');
    assert.equal(failed.state, 'failed');
    assert.match(failed.problem, /Renew the credential, and resume the report/);
    assert.ok(failed.progress.accounts > 0 && failed.progress.accounts < 9, `${failed.progress.accounts} were read`);
    world.target.setSchedule([]);
    const before = world.target.exchanges().length;
    const path = `/apps/Target/matching-reports/${failed.id}`;
    assert.equal((await world.send('POST', `${path}/resume`)).status, 200);
    const done = await settled(world, 'Target', failed.id);
    assert.equal(done.state, 'ready', done.problem);
    assert.equal(done.progress.accounts, 9);
    const lists = world.target
      .exchanges()
      .slice(before)
      .filter(({ url }) => url.includes('/Users?'));
    assert.ok(
      lists.every(({ url }) => !/startIndex=1(&|$)/.test(url)),
      'it did not begin anew',
    );
  });

  test('is cancelled between two pages', async () => {
    world.target.setSchedule([
      { id: 'slow', match: { method: 'GET', path: '/Users' }, effect: { kind: 'delay', ms: 150 }, maxFires: 20 },
    ]);
    const asked = await world.send('POST', '/apps/Target/matching-reports', {});
    const twice = await world.send('POST', '/apps/Target/matching-reports', {});
    assert.equal(twice.status, 409);
    const path = `/apps/Target/matching-reports/${asked.json.id}`;
    await world.until(async () => (await world.send('GET', path)).json.progress.accounts > 0);
    assert.equal((await world.send('POST', `${path}/cancel`)).status, 200);
    const ended = await settled(world, 'Target', asked.json.id);
    assert.equal(ended.state, 'cancelled');
    assert.ok(ended.progress.accounts < 9);
    world.target.setSchedule([]);
  });
});
