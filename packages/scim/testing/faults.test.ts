import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { describe, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { USER_URN } from './attribute-definitions.ts';
import type { FaultEffect, FaultRule } from './fault-schedule.ts';
import { type FaultTarget, startFaultTarget } from './fault-target.ts';
import type { JsonObject } from './json.ts';

const post = (target: FaultTarget, name: string, signal?: AbortSignal) =>
  fetch(`${target.url}/Users`, {
    method: 'POST',
    headers: { 'content-type': 'application/scim+json' },
    body: JSON.stringify({ schemas: [USER_URN], userName: name, externalId: `x-${name}` }),
    redirect: 'manual',
    ...(signal && { signal }),
  });

const start = (effect: FaultEffect, more: Partial<FaultRule> = {}) =>
  startFaultTarget({ schedule: [{ id: 'f', effect, ...more }] });

async function list(target: FaultTarget, query = ''): Promise<JsonObject> {
  return (await (await fetch(`${target.url}/Users${query}`)).json()) as JsonObject;
}

describe('whether the change was applied is decided by the phase', () => {
  const effects: FaultEffect[] = [
    { kind: 'destroy' },
    { kind: 'destroy', reset: true },
    { kind: 'status', status: 500 },
    { kind: 'status', status: 502 },
    { kind: 'status', status: 503 },
    { kind: 'hang', ms: 20 },
    { kind: 'html' },
    { kind: 'empty-body' },
    { kind: 'body', body: '[1,' },
    { kind: 'redirect', location: 'http://elsewhere.invalid/scim/v2/Users' },
  ];
  for (const effect of effects) {
    for (const phase of ['before', 'after'] as const) {
      test(`${JSON.stringify(effect)} ${phase}`, async () => {
        await using target = await start(effect, { phase });
        const outcome = await post(target, 'ann').then(
          (response) => response.status,
          () => 'lost',
        );
        const expected =
          effect.kind === 'destroy' || effect.kind === 'hang'
            ? 'lost'
            : effect.kind === 'redirect'
              ? 307
              : 'status' in effect
                ? effect.status
                : 200;
        assert.equal(outcome, expected);
        assert.equal(target.accounts().size, phase === 'after' ? 1 : 0);
        const [exchange] = target.exchanges();
        assert.deepEqual(exchange?.faults, ['f']);
        assert.equal(exchange?.delivered, expected !== 'lost');
        assert.equal(exchange?.effects.length, phase === 'after' ? 1 : 0);
        target.verifyRequired();
        // once only: the second attempt goes through
        assert.equal((await post(target, 'bob')).status, 201);
      });
    }
  }
});

describe('answers that are spoilt after the change', () => {
  test('a cut body', async () => {
    await using target = await start({ kind: 'cut-body' });
    const response = await post(target, 'ann');
    assert.equal(response.status, 201);
    await assert.rejects(response.text());
    assert.equal(target.exchanges()[0]?.delivered, false);
  });

  test('truncated JSON with its own length', async () => {
    await using target = await start({ kind: 'truncated-json' });
    await assert.rejects((await post(target, 'ann')).json(), SyntaxError);
  });

  test('truncated JSON that another effect alters again', async () => {
    const schedule: FaultRule[] = [
      { id: 'one', effect: { kind: 'truncated-json' } },
      { id: 'two', effect: { kind: 'truncated-json' } },
      { id: 'three', effect: { kind: 'reuse-id' } },
    ];
    await using target = await startFaultTarget({ schedule });
    const response = await post(target, 'ann');
    assert.equal(response.status, 201);
    await assert.rejects(response.json(), SyntaxError);
    assert.deepEqual(target.exchanges()[0]?.faults, ['one', 'two', 'three']);
  });

  test('a wrong content type', async () => {
    await using target = await start({ kind: 'wrong-content-type', contentType: 'text/json' });
    assert.equal((await post(target, 'ann')).headers.get('content-type'), 'text/json');
  });

  test('an endless body ends when its reader goes', async () => {
    await using target = await start({ kind: 'endless-body' });
    const gone = new AbortController();
    const response = await post(target, 'ann', gone.signal);
    const reader = response.body?.getReader();
    let bytes = 0;
    while (bytes < 1_000_000) {
      const part = await reader?.read();
      assert.equal(part?.done, false, 'the body ended');
      bytes += part?.value?.length ?? 0;
    }
    gone.abort();
    while (target.exchanges()[0]?.endedTick === undefined) await wait(5);
    assert.equal(target.exchanges()[0]?.delivered, false);
  });

  test('an endless body is bounded without that', async () => {
    await using target = await start({ kind: 'endless-body', maxBytes: 300_000 });
    await assert.rejects((await post(target, 'ann')).text());
  });

  test('a small answer that unpacks to much', async () => {
    await using target = await start({ kind: 'gzip-bomb', bytes: 3_000_000 });
    assert.equal((await (await post(target, 'ann')).text()).length, 3_000_000);
  });

  test('a slow answer', async () => {
    await using target = await start({ kind: 'slow-loris', bytesPerChunk: 100, everyMs: 10 });
    const began = performance.now();
    assert.equal(((await (await post(target, 'ann')).json()) as JsonObject)['userName'], 'ann');
    assert.ok(performance.now() - began > 20);
  });

  test('a used id, wrong case, text for booleans, schemas too many and none', async () => {
    await using target = await startFaultTarget({
      schedule: [
        { id: 'id', match: { user: 'a' }, effect: { kind: 'reuse-id' } },
        { id: 'case', match: { user: 'b' }, effect: { kind: 'wrong-case' } },
        { id: 'text', match: { user: 'c' }, effect: { kind: 'string-booleans' } },
        { id: 'more', match: { user: 'd' }, effect: { kind: 'extra-schemas' } },
        { id: 'none', match: { user: 'e' }, effect: { kind: 'missing-schemas' } },
      ],
    });
    const old = target.createAccount({ userName: 'old' });
    const read = async (name: string) => (await (await post(target, name)).json()) as JsonObject;
    assert.equal((await read('a'))['id'], old.id);
    assert.equal((await read('b'))['userName'], 'B');
    assert.equal((await read('c'))['active'], 'true');
    assert.equal(((await read('d'))['schemas'] as string[]).length, 2);
    assert.equal((await read('e'))['schemas'], undefined);
    target.verifyRequired();
    assert.equal(target.accounts().size, 6);
  });
});

describe('lists that mislead', () => {
  const table: [FaultEffect, (body: JsonObject) => unknown, unknown][] = [
    [{ kind: 'empty-list' }, ({ totalResults, Resources }) => [totalResults, Resources], [0, []]],
    [
      { kind: 'shrinking-total' },
      ({ totalResults, Resources }) => [totalResults, (Resources as JsonObject[]).length],
      [0, 2],
    ],
    [
      { kind: 'duplicate-records' },
      ({ Resources }) => (Resources as JsonObject[]).map(({ userName }) => userName),
      ['c', 'd', 'c', 'd'],
    ],
    [{ kind: 'missing-record' }, ({ Resources }) => (Resources as JsonObject[]).map(({ userName }) => userName), ['d']],
    [{ kind: 'same-page' }, ({ Resources }) => (Resources as JsonObject[]).map(({ userName }) => userName), ['a', 'b']],
  ];
  for (const [effect, look, expected] of table) {
    test(effect.kind, async () => {
      await using target = await start(effect);
      for (const userName of ['a', 'b', 'c', 'd', 'e']) target.createAccount({ userName });
      assert.deepEqual(look(await list(target, '?startIndex=3&count=2')), expected);
      assert.deepEqual(target.fired(), { f: 1 });
    });
  }

  test('the cursor of a page that repeats leads on for ever', async () => {
    await using target = await startFaultTarget({
      profile: { cursor: 'forced' },
      schedule: [{ id: 'f', effect: { kind: 'same-page' }, maxFires: 9 }],
    });
    for (const userName of ['a', 'b', 'c']) target.createAccount({ userName });
    const first = await list(target, '?count=2');
    const second = await list(target, `?count=2&cursor=${first['nextCursor'] as string}`);
    assert.deepEqual(second, first);
  });
});

test('each form of Retry-After is sent', async () => {
  const forms = [
    7,
    { dateInMs: 60_000 },
    'negative',
    'ten-years',
    'ten-years-date',
    'garbage',
    'empty',
    undefined,
  ] as const;
  const now = Date.UTC(2026, 0, 1);
  const schedule = forms.map(
    (retryAfter, index): FaultRule => ({
      id: `r${index}`,
      effect: { kind: 'status', status: 429, ...(retryAfter !== undefined && { retryAfter }) },
    }),
  );
  await using target = await startFaultTarget({ schedule, now: () => now });
  const sent: (string | null)[] = [];
  for (const _ of forms) sent.push((await post(target, 'ann')).headers.get('retry-after'));
  assert.deepEqual(sent, [
    '7',
    'Thu, 01 Jan 2026 00:01:00 GMT',
    '-30',
    '315360000',
    'Sun, 30 Dec 2035 00:00:00 GMT',
    'soon, perhaps',
    '',
    null,
  ]);
  assert.equal(target.counts.rateLimited, forms.length);
});

test('a created account stays hidden from reads, not from uniqueness', async () => {
  let now = 1_000;
  await using target = await startFaultTarget({
    schedule: [{ id: 'late', effect: { kind: 'hide', ms: 500 } }],
    now: () => now,
  });
  const made = (await (await post(target, 'ann')).json()) as JsonObject;
  assert.equal((await fetch(`${target.url}/Users/${made['id']}`)).status, 404);
  assert.equal((await list(target))['totalResults'], 0);
  assert.equal((await post(target, 'ann')).status, 409);
  now += 500;
  assert.equal((await list(target))['totalResults'], 1);
});

test('a barrier holds a request until it is released', async () => {
  await using target = await start({ kind: 'barrier' }, { phase: 'after', match: { method: 'POST' } });
  const answer = post(target, 'ann');
  await target.barrier('f');
  assert.equal(target.accounts().size, 1);
  assert.equal(target.exchanges()[0]?.endedTick, undefined);
  target.release('f');
  assert.equal((await answer).status, 201);
});

test('a reader that goes away while it waits ends its exchange there', async () => {
  await using target = await start({ kind: 'delay', ms: 500 });
  const reader = new AbortController();
  const answer = post(target, 'ann', reader.signal);
  // A reader that goes away before its request is there leaves nothing to look at.
  while (target.exchanges()[0] === undefined) await wait(5);
  reader.abort();
  await assert.rejects(answer);
  while (target.exchanges()[0]?.appliedTick === undefined || target.exchanges()[0]?.endedTick === undefined)
    await wait(5);
  const [exchange] = target.exchanges();
  assert.equal(exchange?.delivered, false);
  assert.ok((exchange?.endedTick ?? 0) < (exchange?.appliedTick ?? 0), 'the target applied what nobody waited for');
});

test('rules match by method, path, attempt, user, operation, predicate and chance', async () => {
  const status = (code: number): FaultEffect => ({ kind: 'status', status: code });
  await using target = await startFaultTarget({
    seed: 7,
    schedule: [
      { id: 'second', match: { method: 'POST', path: '/Users', user: 'X-ANN', attempt: 2 }, effect: status(500) },
      {
        id: 'body',
        match: { predicate: ({ request }) => request.body.includes('bob') },
        effect: status(501),
        maxFires: 2,
      },
      { id: 'read', match: { operation: 'get', path: '/Users/*' }, effect: status(418) },
      { id: 'chance', match: { operation: 'list', probability: 0.5 }, effect: status(503), maxFires: 1000 },
    ],
  });
  assert.deepEqual(
    [(await post(target, 'ann')).status, (await post(target, 'ann')).status, (await post(target, 'ann')).status],
    [201, 500, 409],
  );
  assert.deepEqual(
    [(await post(target, 'bob')).status, (await post(target, 'bob')).status, (await post(target, 'bob')).status],
    [501, 501, 201],
  );
  assert.equal((await fetch(`${target.url}/Users/none`)).status, 418);
  let failed = 0;
  for (let attempt = 0; attempt < 60; attempt++)
    if ((await fetch(`${target.url}/Users?count=0`)).status === 503) failed++;
  assert.ok(failed > 15 && failed < 45, `${failed} of 60 failed`);
  target.verifyRequired();
});

test('401 from now on is a rule without end, and a custom effect may answer anything', async () => {
  await using target = await startFaultTarget();
  assert.equal((await post(target, 'ann')).status, 201);
  target.setSchedule([{ id: 'dead', effect: { kind: 'status', status: 401 }, maxFires: Number.POSITIVE_INFINITY }]);
  assert.deepEqual([(await post(target, 'b')).status, (await post(target, 'c')).status], [401, 401]);
  target.setSchedule([
    {
      id: 'own',
      phase: 'after',
      effect: { kind: 'custom', run: ({ answer }) => ({ status: 207, headers: {}, body: String(answer?.status) }) },
    },
  ]);
  const response = await post(target, 'd');
  assert.deepEqual([response.status, await response.text()], [207, '201']);
});

test('a fault that did not fire fails the test, and impossible rules are refused', async () => {
  await using target = await start({ kind: 'status', status: 500 }, { match: { user: 'nobody' } });
  await post(target, 'ann');
  assert.throws(() => target.verifyRequired(), /"f" fired 0 of 1 times/);
  assert.throws(
    () => target.setSchedule([{ id: 'x', phase: 'before', effect: { kind: 'cut-body' } }]),
    /its phase is "after"/,
  );
  assert.throws(
    () =>
      target.setSchedule([
        { id: 'x', effect: { kind: 'html' } },
        { id: 'x', effect: { kind: 'html' } },
      ]),
    /two fault rules/i,
  );
});

test('stop ends what hangs, and bytes that are no HTTP harm nobody', async () => {
  const target = await start({ kind: 'hang' });
  const answer = post(target, 'ann').then(
    () => 'answered',
    () => 'lost',
  );
  while (target.exchanges().length === 0) await wait(2);
  const socket = connect(Number(new URL(target.url).port), '127.0.0.1');
  socket.on('error', () => undefined);
  socket.end('no http\r\n\r\n');
  const began = performance.now();
  await target.stop();
  assert.equal(await answer, 'lost');
  assert.ok(performance.now() - began < 1000);
});
