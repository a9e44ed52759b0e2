import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { PATCH_URN, USER_URN } from './attribute-definitions.ts';
import type { FaultRule } from './fault-schedule.ts';
import { type FaultTarget, startFaultTarget } from './fault-target.ts';
import type { JsonObject } from './json.ts';
import {
  assertInvariants,
  checkConverged,
  checkCreatedOnce,
  checkDeactivationLimit,
  checkIntents,
  checkLeases,
  checkNoSecrets,
  checkNoWriteAfterDeactivation,
  checkQuietSince,
  checkStrangersUntouched,
  checkVersionsMonotone,
  checkWritesInSequence,
  listDeactivations,
} from './oracle.ts';

const send = async (target: FaultTarget, method: string, path: string, body?: JsonObject): Promise<JsonObject> => {
  const response = await fetch(`${target.url}${path}`, {
    method,
    headers: { 'content-type': 'application/scim+json' },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return text === '' ? {} : (JSON.parse(text) as JsonObject);
};
const create = (target: FaultTarget, name: string, externalId = name) =>
  send(target, 'POST', '/Users', { schemas: [USER_URN], userName: name, externalId, active: true });
const set = (target: FaultTarget, { id }: JsonObject, path: string, value: string | boolean) =>
  send(target, 'PATCH', `/Users/${id as string}`, {
    schemas: [PATCH_URN],
    Operations: [{ op: 'replace', path, value }],
  });

/** A run in which everything is right: what each oracle must pass, so that its red means something. */
async function goodRun(target: FaultTarget): Promise<void> {
  target.createAccount({ userName: 'stranger', active: true });
  const ann = await create(target, 'ann');
  await set(target, ann, 'title', 'Dr');
  await set(target, ann, 'active', false);
  await set(target, ann, 'active', true);
}

test('a right run passes every check', async () => {
  await using target = await startFaultTarget();
  await goodRun(target);
  assertInvariants(target.evidence());
  assert.deepEqual(checkConverged(target.evidence(), new Map([['ann', { title: 'Dr', active: true }]])), []);
  assert.deepEqual(checkIntents(target.exchanges(), [{ identity: 'ann', committedAtMs: 0, attempts: 4 }]), []);
  assert.deepEqual(checkQuietSince(target.exchanges(), 4), []);
  assert.equal(listDeactivations(target.exchanges()).length, 1);
});

describe('each oracle sees a planted violation', () => {
  const planted = async (schedule: FaultRule[] = [], uniqueExternalId = true) => {
    const target = await startFaultTarget({ schedule, profile: { uniqueExternalId } });
    await goodRun(target);
    return target;
  };
  const seen = (found: string[], pattern: RegExp) => assert.match(found.join('\n'), pattern);

  test('a stranger changed, and one deleted; adoption is no violation', async () => {
    await using target = await planted();
    const { id } = target.getAccount('stranger');
    await set(target, { id }, 'title', 'Mine now');
    seen(checkStrangersUntouched(target.evidence()), /was changed/);
    assert.throws(() => assertInvariants(target.evidence()), /stranger/);
    assertInvariants(target.evidence(), new Set([id]));
    await send(target, 'DELETE', `/Users/${id}`);
    seen(checkStrangersUntouched(target.evidence()), /was deleted/);
  });

  test('a person edits a stranger at the target: nobody under test has touched it', async () => {
    await using target = await planted();
    target.editAccount(target.getAccount('stranger').id, { title: 'Own' });
    assertInvariants(target.evidence());
  });

  test('an account that is not as desired, one missing, one too many', async () => {
    await using target = await planted();
    await create(target, 'bob');
    const found = checkConverged(
      target.evidence(),
      new Map<string, JsonObject | undefined>([
        ['ann', { title: 'Prof' }],
        ['cat', {}],
      ]),
    );
    seen(found, /ann.title is "Dr", not "Prof"/);
    seen(found, /cat has 0 accounts, not 1/);
    seen(found, /bob has an account that is not desired/);
    seen(checkConverged(target.evidence(), new Map([['ann', undefined]])), /ann has 1 accounts, not 0/);
  });

  test('a person created twice', async () => {
    await using target = await planted([], false);
    await create(target, 'ann-2', 'ann');
    seen(checkCreatedOnce(target.exchanges()), /User ann was created by #1 .* and again by #5/);
    assert.throws(() => assertInvariants(target.evidence()), /again/);
  });

  test('a create after a deletion is no second create', async () => {
    await using target = await planted();
    await send(target, 'DELETE', `/Users/${target.getAccount('ann').id}`);
    await create(target, 'ann');
    assertInvariants(target.evidence());
  });

  test('an update and a second deactivation of an inactive account', async () => {
    await using target = await planted();
    const { id } = target.getAccount('ann');
    await set(target, { id }, 'active', false);
    await set(target, { id }, 'active', false);
    await set(target, { id }, 'title', 'Late');
    assert.equal(checkNoWriteAfterDeactivation(target.exchanges()).length, 2);
  });

  test('a repeat after a lost answer is forgiven, but not when asked to be strict', async () => {
    const lost: FaultRule = {
      id: 'lost',
      match: { predicate: ({ request }) => request.body.includes('"gone"') || request.body.includes('false') },
      phase: 'after',
      effect: { kind: 'destroy' },
    };
    await using target = await startFaultTarget({ schedule: [lost] });
    const ann = await create(target, 'ann');
    await assert.rejects(set(target, ann, 'active', false));
    await set(target, ann, 'active', false);
    target.verifyRequired();
    assert.deepEqual(checkNoWriteAfterDeactivation(target.exchanges()), []);
    assert.equal(checkNoWriteAfterDeactivation(target.exchanges(), true).length, 1);
  });

  test('two writes of one account at once, by id and by externalId', async () => {
    const barrier = (id: string, method: string): FaultRule => ({
      id,
      match: { method },
      effect: { kind: 'barrier' },
      minFires: 0,
    });
    await using target = await planted();
    target.setSchedule([barrier('patch', 'PATCH'), barrier('post', 'POST')]);
    const { id } = target.getAccount('ann');
    const slow = set(target, { id }, 'title', 'A');
    await target.barrier('patch');
    await set(target, { id }, 'title', 'B');
    target.release('patch');
    await slow;
    seen(checkWritesInSequence(target.exchanges()), /PATCH began while #5 PATCH of User .* was open/);
    const first = create(target, 'bob');
    await target.barrier('post');
    await create(target, 'bob');
    target.release('post');
    await first;
    seen(checkWritesInSequence(target.exchanges()), /POST began while .* externalId bob was open/);
  });

  test('an older desired version after a newer one, and a revision that goes back', async () => {
    await using target = await planted();
    const journal = [1, 3, 2, 4].map((version) => ({ identity: 'ann', committedAtMs: 0, version }));
    seen(checkVersionsMonotone(target.exchanges(), journal), /applied version 2 after 3/);
    const exchanges = structuredClone(target.exchanges());
    const effect = exchanges[3]?.effects[0];
    assert.ok(effect);
    effect.revisionAfter = 1;
    seen(checkVersionsMonotone(exchanges), /went back to revision 1/);
  });

  test('a write without intent, with a late one, and with one used before', async () => {
    await using target = await planted();
    const used = checkIntents(
      target.exchanges(),
      [1, 2, 3].map(() => ({ identity: 'ann', committedAtMs: 0 })),
    );
    assert.equal(used.length, 1);
    const late = checkIntents(target.exchanges(), [
      { identity: 'ann', committedAtMs: Date.now() + 60_000, attempts: 9 },
    ]);
    assert.equal(late.length, 4);
  });

  test('more deactivations than the guard allows, but for approved ones', async () => {
    await using target = await planted();
    const bob = await create(target, 'bob');
    await set(target, bob, 'active', false);
    await send(target, 'DELETE', `/Users/${target.getAccount('ann').id}`);
    const guard = { limit: 1, windowMs: 60_000 };
    seen(checkDeactivationLimit(target.exchanges(), guard), /2 people deactivated/);
    assert.deepEqual(
      checkDeactivationLimit(target.exchanges(), { ...guard, approvals: [{ identity: 'bob', atMs: 0 }] }),
      [],
    );
    const tooLate = [{ identity: 'bob', atMs: Date.now() + 60_000 }];
    seen(checkDeactivationLimit(target.exchanges(), { ...guard, approvals: tooLate }), /2 people deactivated/);
    await set(target, bob, 'active', true);
    await set(target, bob, 'active', false);
    const two = { ...guard, limit: 2 };
    assert.deepEqual(checkDeactivationLimit(target.exchanges(), two), [], 'one person twice is one person');
  });

  test('a lease held twice, a secret in the open, a write when all was done', async () => {
    await using target = await planted();
    const lease = { lease: 'app', holder: 'a', fromMs: 0, untilMs: 10 };
    seen(checkLeases([lease, { ...lease, holder: 'b', fromMs: 9, untilMs: 12 }]), /held by a and b at once/);
    assert.deepEqual(checkLeases([lease, { ...lease, holder: 'b', fromMs: 10, untilMs: 12 }]), []);
    seen(checkNoSecrets({ log: 'token canary-1', audit: '' }, ['canary-1']), /log holds planted secret 1/);
    seen(checkQuietSince(target.exchanges(), 3), /#4 PATCH/);
  });
});
