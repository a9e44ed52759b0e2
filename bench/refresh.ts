import { IN_THE_CREDENTIALS } from '../packages/server/test/credentials/refresh-crash-points.ts';
import { type FleetMember, openRefreshFleet } from '../packages/server/test/credentials/refresh-fleet.ts';
import type { Figure } from './figure.ts';

const REPLICAS = 4;
const LIMITS = { callMs: 1_500, intentMs: 2_000 };

/**
 * So many refreshes by four replicas at once, against an authorization server that ends the whole family at the reuse of
 * one refresh token; every so often one more replica is killed at a crash point. Throws when a family was ended that was
 * not reported as a lost answer.
 */
export async function benchRefresh({
  refreshes,
  killEvery,
}: {
  refreshes: number;
  killEvery: number;
}): Promise<Figure[]> {
  const fleet = await openRefreshFleet(LIMITS);
  const { records } = fleet.fixture.server;
  const startMs = performance.now();
  let done = 0;
  let kills = 0;
  let lost = 0;
  try {
    while (done < refreshes) {
      const before = (await fleet.health()).refreshes;
      const point = IN_THE_CREDENTIALS[kills % IN_THE_CREDENTIALS.length];
      const rounds = Math.min(killEvery, refreshes - done);
      const members: FleetMember[] = await Promise.all(Array.from({ length: REPLICAS }, () => fleet.run(rounds)));
      const doomed = await fleet.run(rounds, `${point}:${1 + (kills % 3)}`);
      await Promise.all([...members, doomed].map(({ ended }) => ended));
      kills += 1;
      const health = await fleet.health();
      done += health.refreshes - before;
      if (health.state === 'dead') {
        if (health.code !== 'lost_answer') throw new Error(`The family died of ${health.code}`);
        lost += 1;
        await fleet.reauthorize();
      }
      if (records.revokedGrants.length !== lost) {
        throw new Error(`${records.revokedGrants.length} families were ended, and ${lost} reported as a lost answer`);
      }
    }
    const seconds = (performance.now() - startMs) / 1000;
    return [
      { name: 'refreshes by four replicas', value: done, unit: 'refreshes', goal: `>= ${refreshes}` },
      { name: 'replicas killed meanwhile', value: kills, unit: 'kills' },
      { name: 'families ended, each reported as a lost answer', value: lost, unit: 'families' },
      { name: 'refreshes a second', value: done / seconds, unit: '1/s' },
    ];
  } finally {
    await fleet.close();
  }
}
