import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeStanding, STANDINGS } from './describe-standing.ts';
import { explainLink, type LinkSituation } from './explain-link.ts';

const NOW = new Date('2026-01-05T08:00:00Z');
const GRANT = { kind: 'profile', name: 'Sales', through: null, expiresAt: null };
type Link = NonNullable<LinkSituation['link']>;

const link = (more: Partial<Link> = {}): Link => ({
  remoteId: 'r1',
  remoteUsername: 'ada@target',
  accountState: 'active',
  standing: 'settled',
  reason: null,
  deleteAt: null,
  updatedAt: NOW,
  requestId: null,
  ...more,
});
const situation = (more: Partial<LinkSituation> = {}): LinkSituation => ({
  user: { username: 'ada', isActive: true, isDeleted: false },
  app: { name: 'Slack', state: 'active', quarantine: null, stoppedUntil: null },
  grants: [GRANT],
  schedule: { wantedRev: 1, doneRev: 1, nextDueAt: null },
  link: link(),
  ...more,
});
const due = { wantedRev: 2, doneRev: 1, nextDueAt: NOW };
const absent = link({ accountState: 'absent', remoteId: null, remoteUsername: null });
const reason = (code: string) => ({ code, message: 'The secret <b>inside</b> of it', nextStep: 'Do it' }) as never;
const paused = { name: 'Slack', state: 'paused', quarantine: null, stoppedUntil: null } as const;

const CASES: ReadonlyArray<readonly [string, LinkSituation, (typeof STANDINGS)[number]]> = [
  ['an account', situation(), 'has account'],
  ['an account with a change on its way', situation({ schedule: due }), 'has account'],
  ['an account whose app is paused', situation({ schedule: due, app: paused }), 'has account'],
  ['no account yet', situation({ link: null, schedule: due }), 'being created'],
  ['a draft', situation({ link: null, app: { ...paused, state: 'draft' } }), 'waiting for stage'],
  ['a pause', situation({ link: absent, schedule: due, app: paused }), 'app paused'],
  ['no grant', situation({ link: null, grants: [] }), 'not assigned'],
  ['a leaver', situation({ link: link({ accountState: 'deactivated' }), grants: [] }), 'not assigned'],
  ['a hold', situation({ link: link({ standing: 'held', reason: reason('over_deactivation_limit') }) }), 'held'],
  [
    'a parked create',
    situation({ link: link({ ...absent, standing: 'parked', reason: reason('name_taken') }) }),
    'parked',
  ],
  [
    'a retry',
    situation({ schedule: due, link: link({ ...absent, standing: 'retrying', reason: reason('transient') }) }),
    'failed',
  ],
  [
    'a trigger that is off',
    situation({ link: link({ ...absent, standing: 'waiting', reason: reason('create_off') }) }),
    'app paused',
  ],
];

for (const [what, found, expected] of CASES) {
  test(`A user with ${what}: ${expected}`, () => {
    const standing = describeStanding(found, explainLink(found, NOW), 'Slack');
    assert.equal(standing.state, expected);
    assert.match(standing.sentence, /^[A-Za-z].*[.!?)…]$/);
    assert.match(standing.sayToCaller, /Slack/);
    assert.doesNotMatch(standing.sayToCaller, /secret|undefined|null/, 'the caller is told nothing of the inside');
  });
}

test('Every state is reached', () => {
  assert.deepEqual([...new Set(CASES.map(([, , state]) => state))].sort(), [...STANDINGS].sort());
});
