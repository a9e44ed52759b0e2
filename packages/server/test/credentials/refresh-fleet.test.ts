import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { IN_THE_CREDENTIALS } from './refresh-crash-points.ts';
import { openRefreshFleet, type RefreshFleet } from './refresh-fleet.ts';

let fleet: RefreshFleet;
before(async () => {
  fleet = await openRefreshFleet({ callMs: 1_500, intentMs: 2_000 });
});
after(() => fleet.close());

/** Refresh tokens that the authorization server was shown, with how often. */
function countShown(): Map<string, number> {
  const shown = new Map<string, number>();
  for (const { grantType, params } of fleet.fixture.server.tokenRequests) {
    const token = params['refresh_token'];
    if (grantType === 'refresh_token' && token) shown.set(token, (shown.get(token) ?? 0) + 1);
  }
  return shown;
}

describe('four replicas that renew the tokens of one app, with reuse detection', { concurrency: 1 }, () => {
  it('show each refresh token once, and none is lost', { timeout: 120_000 }, async () => {
    const rounds = 25;
    const members = await Promise.all(Array.from({ length: 4 }, () => fleet.run(rounds)));
    await Promise.all(members.map(({ ended }) => ended));
    for (const { news } of members) assert.deepEqual(Object.keys(news.at(-1) ?? {}), ['ended'], JSON.stringify(news));
    const health = await fleet.health();
    assert.equal(health.state, 'live');
    assert.ok(health.refreshes >= rounds, `${health.refreshes}`);
    assert.deepEqual(fleet.fixture.server.records.revokedGrants, []);
    assert.ok([...countShown().values()].every((times) => times === 1));
  });

  for (const point of IN_THE_CREDENTIALS) {
    it(`survive one that is killed at ${point}`, { timeout: 120_000 }, async () => {
      const { fixture, run, health, reauthorize } = fleet;
      const revokedBefore = fixture.server.records.revokedGrants.length;
      const before = await health();
      const doomed = await run(1, point);
      await doomed.ended;
      assert.equal(doomed.child.signalCode, 'SIGKILL');
      const heirs = await Promise.all([run(3), run(3), run(3)]);
      await Promise.all(heirs.map(({ ended }) => ended));
      const found = await health();
      if (point === 'refresh-answered') {
        // The one case that cannot be saved: the only copy of the new refresh token died with the process.
        assert.deepEqual([found.state, found.code], ['dead', 'lost_answer']);
        assert.equal(fixture.server.records.revokedGrants.length, revokedBefore + 1);
        await reauthorize();
        const again = await health();
        assert.deepEqual([again.state, again.lost, again.code], ['live', false, null]);
        return;
      }
      assert.equal(found.state, 'live', JSON.stringify(found));
      assert.ok(found.refreshes > before.refreshes);
      assert.equal(fixture.server.records.revokedGrants.length, revokedBefore);
    });
  }
});
