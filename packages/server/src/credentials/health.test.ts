import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { judgePersonal } from './account-behind.ts';
import { describeSpan, type LifePolicy, learnFromAnswer, learnFromLives, predictLife, refreshFrom } from './health.ts';
import { parseTokenAnswer } from './token-answer.ts';

const DAY = 86_400;
const at = (seconds: number): Date => new Date(Date.UTC(2026, 0, 1) + seconds * 1000);
const oauth = {
  kind: 'oauth',
  grantType: 'authorization_code',
  authorizedAt: at(0),
  obtainedAt: at(10 * DAY),
  accessExpiresAt: at(10 * DAY + 3600),
  hasRefreshToken: true,
};

describe('the end of a credential', () => {
  const cases: [
    name: string,
    facts: Partial<typeof oauth>,
    policy: LifePolicy | null,
    death: number | null,
    keepAlive: number | null,
  ][] = [
    ['of an unknown policy is unknown, and it is refreshed daily', {}, null, null, 11 * DAY],
    [
      'of a fixed lifetime counts from the authorization',
      {},
      { lifetimeSeconds: 90 * DAY, source: 'entered' },
      90 * DAY,
      17 * DAY,
    ],
    [
      'of an idle lifetime counts from the last refresh, which comes at its half',
      {},
      { idleSeconds: 4 * DAY, source: 'entered' },
      14 * DAY,
      12 * DAY,
    ],
    [
      'of a long idle lifetime is put off weekly',
      {},
      { idleSeconds: 90 * DAY, source: 'learned' },
      100 * DAY,
      17 * DAY,
    ],
    [
      'of both is the sooner one',
      {},
      { idleSeconds: 4 * DAY, lifetimeSeconds: 12 * DAY, source: 'entered' },
      12 * DAY,
      12 * DAY,
    ],
    ['until revoked does not come', {}, { untilRevoked: true, source: 'entered' }, null, 17 * DAY],
    ['without a refresh token is the end of the access token', { hasRefreshToken: false }, null, 10 * DAY + 3600, null],
    ['of client credentials does not come', { grantType: 'client_credentials' }, null, null, null],
    [
      'of a static bearer is what was entered',
      { kind: 'bearer' },
      { lifetimeSeconds: 30 * DAY, source: 'entered' },
      30 * DAY,
      null,
    ],
  ];
  for (const [name, facts, policy, death, keepAlive] of cases) {
    it(name, () => {
      const found = predictLife({ ...oauth, ...facts }, policy, null);
      assert.deepEqual(
        [found.deathAt, found.keepAliveAt],
        [death === null ? null : at(death), keepAlive === null ? null : at(keepAlive)],
      );
    });
  }

  it('is learned from what the target announces with each refresh', () => {
    const first = learnFromAnswer(null, { seconds: 14 * DAY, at: at(0) }, undefined, at(0));
    assert.equal(first.idleSeconds, 14 * DAY);
    const before = { seconds: 14 * DAY, at: at(0) };
    const sliding = learnFromAnswer(first, { seconds: 14 * DAY, at: at(DAY) }, before, at(0));
    assert.deepEqual([sliding.idleSeconds, sliding.lifetimeSeconds], [14 * DAY, undefined]);
    const fixed = learnFromAnswer(first, { seconds: 13 * DAY, at: at(DAY) }, before, at(0));
    assert.deepEqual([fixed.idleSeconds, fixed.lifetimeSeconds], [undefined, 14 * DAY]);
  });

  it('is learned from two lives that ended alike, and from nothing less', () => {
    const life = (ageSeconds: number, idleSeconds: number, cause = 'ended_at_target') => ({
      ageSeconds,
      idleSeconds,
      cause,
    });
    assert.equal(learnFromLives([life(90 * DAY, 60), life(91 * DAY, 9000)])?.lifetimeSeconds, 90 * DAY);
    assert.equal(learnFromLives([life(50 * DAY, 30 * DAY), life(99 * DAY, 30 * DAY)])?.idleSeconds, 30 * DAY);
    assert.equal(learnFromLives([life(90 * DAY, 60)]), null);
    assert.equal(learnFromLives([life(90 * DAY, 60), life(90 * DAY, 60, 'lost_answer')]), null);
  });
});

describe('an access token is renewed', () => {
  for (const [life, margin] of [
    [3600, 300],
    [600, 60],
    [60, 30],
    [10, 5],
  ] as const) {
    it(`${margin} s before the end of ${life} s`, () =>
      assert.deepEqual(refreshFrom(at(0), at(life)), at(life - margin)));
  }
  it('never by time when nobody said how long it lives', () => assert.equal(refreshFrom(at(0), null), null));
});

describe('an account', () => {
  const person = { id: 'x', username: 'ada@example.com', name: 'Ada Lovelace' };
  const cases: [label: string | null, email: string | null, looksPersonal: boolean][] = [
    ['Ada Lovelace', 'ada@example.com', true],
    [null, 'ada.lovelace@example.com', true],
    ['Usher Service', 'svc-usher@example.com', false],
    ['Provisioning Bot', 'bot@example.com', false],
    [null, 'admin@example.com', false],
    [null, 'x91@example.com', false],
    [null, null, false],
  ];
  for (const [label, email, looksPersonal] of cases) {
    it(`${label ?? email} ${looksPersonal ? 'looks' : 'does not look'} like a person's`, () =>
      assert.equal(judgePersonal({ label, email, subject: null }, undefined) !== null, looksPersonal));
  }
  it('of the directory is certain', () =>
    assert.match(
      judgePersonal({ label: 'svc', email: null, subject: 's' }, person) ?? '',
      /Ada Lovelace \(ada@example.com\), who is in the directory/,
    ));
});

describe('a token answer', () => {
  const good = { access_token: 'a', token_type: 'Bearer', expires_in: 60 };
  const refused: [name: string, answer: Record<string, unknown>, says: RegExp][] = [
    ['without an access token', { token_type: 'Bearer' }, /is missing/],
    ['with one that is no text', { ...good, access_token: { evil: true } }, /is missing/],
    ['with a line break in it', { ...good, access_token: 'a\r\nX-Evil: 1' }, /no header can carry/],
    ['with one of 20,000 characters', { ...good, access_token: 'a'.repeat(20_000) }, /more than/],
    ['with a hostile refresh token', { ...good, refresh_token: 'r\n' }, /refresh token holds/],
    ['of another token type', { ...good, token_type: 'DPoP' }, /not Bearer/],
  ];
  for (const [name, answer, says] of refused) {
    it(`${name} is refused, and not repeated`, () => {
      const parsed = parseTokenAnswer(answer, undefined);
      assert.match(parsed.ok ? '' : parsed.problem, says);
      assert.ok(!JSON.stringify(parsed).includes('Evil'));
    });
  }
  const lives: [value: unknown, seconds: number | undefined][] = [
    [60, 60],
    ['3600', 3600],
    [-1, undefined],
    [Number.NaN, undefined],
    [1e300, 366 * DAY],
    ['soon', undefined],
    [{}, undefined],
  ];
  for (const [value, seconds] of lives) {
    it(`that expires in ${JSON.stringify(value)} is read as ${seconds}`, () => {
      const parsed = parseTokenAnswer({ ...good, expires_in: value }, undefined);
      assert.equal(parsed.ok && parsed.tokens.expiresInSeconds, seconds);
    });
  }
  it('pollutes nothing', () => {
    parseTokenAnswer(JSON.parse('{"access_token":"a","token_type":"Bearer","__proto__":{"polluted":true}}'), undefined);
    assert.equal(({} as { polluted?: boolean }).polluted, undefined);
  });
});

it('a span is said in the largest unit that fits', () => {
  assert.deepEqual([86_400, 30 * DAY, 7200, 90, 10 * DAY + 5].map(describeSpan), [
    '1 day',
    '30 days',
    '2 hours',
    '90 seconds',
    'about 10 days',
  ]);
});
