import assert from 'node:assert/strict';
import { once } from 'node:events';
import { get } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { runProgram } from '../../src/cli/program.ts';
import type { Json } from '../mapping/world.ts';
import { gatesOf, mappingWith, RolloutWorld } from './rollout-world.ts';

describe('the careful way, from a draft to everyone', () => {
  let rollout: RolloutWorld;
  let ids: string[];
  let id: number;
  let expected: number;
  before(async () => {
    rollout = await RolloutWorld.start();
    await rollout.world.addApp('Target', mappingWith({}), { active: false });
    const people = Array.from({ length: 20 }, (_, n) => ({
      username: `u${n}@example.com`,
      fields: { Title: 'clerk' },
    }));
    ids = await rollout.world.addUsers(people);
  });
  after(() => rollout.stop());

  /** What the overview is told of. */
  const openRollouts = async () =>
    (await rollout.world.send('GET', '/rollouts')).json.items.map(
      ({ app, id: open, waits, sentence, nextStep }: Json) => [app, open, waits, sentence, nextStep],
    );
  const accounts = () => ids.filter((user) => rollout.world.account(user)).length;

  test('activating a draft names the way that there is', async () => {
    const { world } = rollout;
    const refused = await world.send('POST', '/apps/Target/activate', {});
    assert.equal(refused.status, 409);
    const { fix } = refused.json.errors.find(({ field }: Json) => field === 'withoutRollout');
    assert.match(fix, /POST \/api\/v1\/apps\/Target\/rollouts/);
    const described = (await world.send('GET', '/openapi.json')).json.paths;
    assert.ok(described['/api/v1/apps/{app}/rollouts'].post, 'and it exists');
    assert.ok(
      refused.json.errors.some(({ field }: Json) => field === 'readiness.trial'),
      'what is red is told too',
    );
  });

  test('a plan says what is wrong with it', async () => {
    const { world } = rollout;
    const wrong = async (body: object) => {
      const { status, json } = await world.send('POST', '/apps/Target/rollouts', body);
      return [status, json.errors.map(({ field }: Json) => field)];
    };
    const pilot = { users: ['u0@example.com'] };
    assert.deepEqual(await wrong({ version: 1, pilot: {} }), [422, ['pilot']]);
    assert.deepEqual(await wrong({ version: 1, pilot: { users: ['nobody'], profiles: ['None'] } }), [
      422,
      ['pilot.users', 'pilot.profiles'],
    ]);
    assert.deepEqual(await wrong({ version: 1, pilot, percentages: [50, 10] }), [422, ['percentages[1]']]);
    assert.deepEqual(await wrong({ version: 9, pilot }), [404, ['version']]);
    assert.deepEqual(await wrong({ version: 1, pilot, settings: { soak: 1 } }), [400, ['settings.soak']]);
  });

  test('a plan reaches nobody, and shows what is red before it may start', async () => {
    const made = await rollout.plan({ version: 1, pilot: { users: ['u0@example.com', ids[1]] }, percentages: [25] });
    id = made.id;
    assert.equal(made.phase, 'planned');
    assert.deepEqual(gatesOf(made), ['readiness']);
    assert.match(made.gates[0].message, /No drill has shown/);
    assert.deepEqual(
      made.commands.filter(({ possible }: Json) => possible),
      [
        {
          command: 'start',
          possible: true,
          why: null,
          fix: null,
          leadsTo: 'version 1 serves the pilot',
          needs: ['override'],
        },
      ],
    );
    const refused = await rollout.give(id, 'start');
    assert.deepEqual([refused.status, refused.json.errors[0].field], [409, 'gates.readiness']);
    assert.equal(accounts(), 0);
  });

  test('with a drill that passed the pilot starts, and the rest waits and is told so', async () => {
    const { world } = rollout;
    await rollout.drill();
    const started = await rollout.must(id, 'start');
    assert.deepEqual([started.state, started.stages[0].overrideReason], ['running', null]);
    await world.until(() => accounts() === 2);
    assert.deepEqual(rollout.held(ids.slice(0, 3), 'title'), ['clerk', 'clerk', undefined]);
    const why = await world.send('GET', `/apps/Target/users/${ids[5]}/why`);
    assert.deepEqual([why.json.state, why.json.reason.code], ['waiting', 'rollout_not_reached'], why.text);
    const place = await world.send('GET', `/apps/Target/rollouts/${id}/users/u5@example.com`);
    assert.match(place.json.sentence, /^Not reached: no version serves the user yet; their share is/);
    assert.equal(place.json.stage, null);
    assert.equal(why.json.rollout.sentence, place.json.sentence);
  });

  test('a leaver whom the rollout has not reached is nobody’s account; one of the pilot loses theirs', async () => {
    const { world } = rollout;
    await world.change([ids[1] ?? '', ids[6] ?? ''], 'is_active = false');
    await world.quiet();
    assert.equal(world.account(ids[1] ?? '')?.active, false);
    assert.equal(world.account(ids[6] ?? ''), undefined);
    await world.change([ids[1] ?? '', ids[6] ?? ''], 'is_active = true');
    await world.quiet();
    assert.equal(world.account(ids[1] ?? '')?.active, true);
  });

  test('the stage is watched for 48 hours before the next may begin, unless somebody says why', async () => {
    const begun = performance.now();
    await rollout.watch(47);
    const early = await rollout.give(id, 'advance');
    assert.deepEqual([early.status, early.json.errors.map(({ field }: Json) => field)], [409, ['gates.soak']]);
    const soaking = await rollout.show(id);
    assert.equal(soaking.phase, 'soaking');
    assert.match(soaking.sentence, /in the pilot: 2 of 2 worked, 0 failed, 1 hour to watch/);
    assert.deepEqual(await openRollouts(), [
      ['Target', id, 'soaking', 'Version 1 is watched in the pilot for 1 hour more', null],
    ]);
    await rollout.watch(1);
    assert.equal((await rollout.show(id)).phase, 'ready');
    assert.deepEqual(await openRollouts(), [
      [
        ...['Target', id, 'approval'],
        'Version 1 was watched in the pilot for long enough, and may go on to 25 %',
        'Advance it, or roll it back.',
      ],
    ]);
    const took = performance.now() - begun;
    assert.ok(took < 20_000, `48 hours took ${took} ms`);
    const alerts = await rollout.world.ground.pool.query(
      `select kind, message from alert where kind = 'rollout_ready'`,
    );
    assert.match(alerts.rows[0].message, /^The pilot was watched for long enough/);
  });

  test('how many a stage would bring in is told before anybody decides, and is what it then brings in', async () => {
    const path = `/apps/Target/rollouts/${id}/stages`;
    const { items } = (await rollout.world.send('GET', path)).json;
    assert.deepEqual(
      items.map(({ name, hasBegun }: Json) => [name, hasBegun]),
      [
        ['the pilot', true],
        ['25 %', false],
        ['everyone', false],
      ],
    );
    // Of twenty who are granted the app; the test user of the drill is nobody's.
    const [pilot, share, everyone] = items.map(({ newcomers }: Json) => newcomers);
    assert.deepEqual([pilot, 2 + share + everyone], [0, 20]);
    expected = share;
  });

  test('the next stage brings in exactly those whose share is below its own', async () => {
    const { world } = rollout;
    const advanced = await rollout.must(id, 'advance');
    assert.deepEqual([advanced.stage, advanced.stages[1].reached], [1, expected]);
    const { rows } = await world.ground.pool.query(
      'select u.id from directory_user u where rollout_bucket($1, u.id) < 2500 and u.id = any ($2)',
      [id, ids],
    );
    const reached = new Set([ids[0], ids[1], ...rows.map((row) => row.id)]);
    await world.until(() => accounts() === reached.size);
    assert.deepEqual(new Set(ids.filter((user) => world.account(user))), reached);
    const users = await world.send('GET', `/apps/Target/rollouts/${id}/users?stage=1&limit=2`);
    assert.equal(users.status, 200, users.text);
    assert.ok(users.json.items.every(({ work, because }: Json) => work === 'done' && /^bucket \d+$/.test(because)));
  });

  test('everyone follows with a reason that is kept, and the end comes by itself once the last stage was watched', async () => {
    const { world } = rollout;
    const refused = await rollout.give(id, 'advance');
    assert.equal(refused.status, 409);
    const passed = await rollout.must(id, 'advance', { override: 'The board asked for it' });
    assert.equal(passed.stages[2].overrideReason, 'The board asked for it');
    assert.match(passed.stages[2].overridden[0], /^soak: 2 days|^soak: 48 hours/);
    await world.until(() => accounts() === 20);
    await rollout.watch(48);
    const done = await rollout.show(id);
    assert.deepEqual([done.state, done.phase, done.gates], ['completed', 'over', []]);
    assert.deepEqual(await openRollouts(), []);
    const app = (await world.send('GET', '/apps/Target')).json;
    assert.deepEqual([app.state, app.activeVersion], ['active', 1]);
    const { rows } = await world.ground.pool.query(
      `select action, actor, reason, after -> 'overriddenGates' is not null as overrode from audit_event
       where action like 'rollout.%' order by id`,
    );
    assert.deepEqual(
      rows.map(({ action }) => action),
      ['rollout.created', 'rollout.started', 'rollout.advanced', 'rollout.advanced', 'rollout.completed'],
    );
    assert.deepEqual([rows[3].reason, rows[3].overrode, rows[2].overrode], ['The board asked for it', true, false]);
  });

  test('the command line does all of it', async () => {
    const { world } = rollout;
    await world.api.listen({ host: '127.0.0.1', port: 0 });
    const url = `http://127.0.0.1:${(world.api.server.address() as AddressInfo).port}`;
    const usher = async (...args: string[]) => {
      let [out, err] = ['', ''];
      const output = { out: (text: string) => (out += text), err: (text: string) => (err += text) };
      const handlers = { serve: async () => 0, migrate: async () => 0 };
      const code = await runProgram(['--url', url, '--key', world.key, ...args], handlers, output as never);
      return { code, out, err };
    };
    const version = await rollout.save(mappingWith({ title: 'UPPER(Title)' }));
    const planned = await usher(
      ...[
        '--json',
        'rollouts',
        'plan',
        'Target',
        '--configuration-version',
        String(version),
        '--user',
        'u0@example.com',
      ],
      ...['--percent', '10', '50', '--soak-hours', '0'],
    );
    assert.equal(planned.code, 0, planned.err);
    const made = JSON.parse(planned.out);
    assert.equal(made.baseVersion, 1, 'version 1 serves everyone until it starts');
    assert.deepEqual(
      made.stages.map(({ name }: Json) => name),
      ['the pilot', '10 %', '50 %', 'everyone'],
    );
    const started = await usher('rollouts', 'start', 'Target', String(made.id));
    assert.equal(started.code, 0, started.err);
    assert.match(started.out, /advance\s+version 2 serves 10 %/);
    await world.quiet();
    const open = await usher('rollouts', 'open');
    assert.match(open.out, /Target\s+\d+\s+(?:gate|approval) .*Version 2 was watched in the pilot for long enough/);
    const stale = await usher('rollouts', 'advance', 'Target', String(made.id), '--revision', '1');
    assert.equal(stale.code, 1);
    const shown = await usher('rollouts', 'show', 'Target', String(made.id));
    assert.match(shown.out, /the pilot .* title 1/, shown.out);
    const why = await usher('rollouts', 'why', 'Target', String(made.id), 'u0@example.com');
    assert.match(why.out, /^Reached on .* in the pilot, by name\.\n$/);
    const users = await usher('rollouts', 'users', 'Target', String(made.id));
    assert.match(users.out, /u0@example\.com\s+0 .* done/);
    const listed = await usher('rollouts', 'list', 'Target');
    assert.match(listed.out, /running\s+the pilot[\s\S]*completed\s+everyone/);
    const proving = setInterval(() => world.watch.wake(), 50);
    const back = await usher('rollouts', 'back', 'Target', '--why', 'It was loud', '--wait').finally(() =>
      clearInterval(proving),
    );
    assert.equal(back.code, 0, back.out + back.err);
    assert.match(back.out, /Proved\s+yes\nFound\s+1 of 1 account were? read at the target/, back.out);
    assert.equal(world.account(ids[0] ?? '')?.title, 'clerk');
  });

  test('whoever looks at a rollout is told that it changed, also when they come back', async () => {
    const { world } = rollout;
    const [user = ''] = ids;
    const version = await rollout.save(mappingWith({ title: 'LOWER(Title)' }));
    const { id: watched } = await rollout.plan({ version, pilot: { users: [user] }, settings: { soakHours: 0 } });
    const { port } = world.api.server.address() as AddressInfo;
    const path = `/api/v1/apps/Target/rollouts/${watched}/stream`;
    const follow = async (lastEventId: string, until: RegExp): Promise<string> => {
      const headers = { authorization: `Bearer ${world.key}`, 'last-event-id': lastEventId };
      const [answer] = await once(get({ host: '127.0.0.1', port, path, headers, agent: false }), 'response');
      let text = '';
      for await (const part of answer) {
        text += part;
        if (until.test(text)) break;
      }
      answer.destroy();
      return text;
    };
    const positionOf = (text: string) => /id: (\S+)/.exec(text)?.[1] ?? '';
    const first = positionOf(await follow('', /id: \S+\n/));
    await rollout.must(watched, 'start', { override: 'To be tested' });
    const [, data = ''] = /data: (.*)\n/.exec(await follow(first, /event: rollout\n.*\n/)) ?? [];
    assert.deepEqual([JSON.parse(data).id, JSON.parse(data).state], [watched, 'running']);
    const now = positionOf(await follow('', /id: \S+\n/));
    await world.change([user], `fields = fields || '{"Title": "COOK"}'`);
    assert.match(await follow(now, /event: rollout\n.*\n/), /"state":"running"/);
    assert.match(await follow('x', /errors/), /header\.last-event-id/);
  });
});
