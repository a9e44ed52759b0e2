import { join } from 'node:path';
import { CONFIGURATION_INPUT, saveConfiguration } from '../packages/server/src/apps/index.ts';
import { DEFAULT_GUARDS, type GuardSettings } from '../packages/server/src/guards/index.ts';
import {
  commandRollout,
  createRollout,
  createRolloutGround,
  RolloutWatch,
} from '../packages/server/src/rollout/index.ts';
import { type Figure, median } from './figure.ts';
import { type Bench, MAPPING } from './ground.ts';
import { readProcessorTime, since } from './processor-time.ts';
import type { BenchTarget } from './target.ts';

const ACTOR = { kind: 'system', name: 'bench' } as const;
const NO_GUARDS: GuardSettings = { ...DEFAULT_GUARDS, slowBleed: null, thresholds: [] };
/** Beside what holds by default: a threshold that every one of these changes is counted against, and none passes. */
const COUNTED: GuardSettings = {
  ...DEFAULT_GUARDS,
  thresholds: [
    ...DEFAULT_GUARDS.thresholds,
    { name: 'titles', operation: 'update', attribute: 'title', windowMinutes: 60, count: 1e9, percent: 0 },
  ],
};

type Kind = 'plain' | 'reached' | 'careful' | 'counted';

/**
 * What a rollout and the guards cost an update: the same change of everybody on an app with neither, on one whose users a
 * running rollout has reached, on one with the default guards besides, and on one with a threshold that counts each change.
 */
export async function benchRollout(
  bench: Bench,
  target: BenchTarget,
  { users, rounds }: { users: number; rounds: number },
): Promise<Figure[]> {
  const dataDir = join(bench.folder, 'data');
  const ground = createRolloutGround(bench.ground, bench.openApp);
  const watch = new RolloutWatch(ground);
  await bench.addUsers(users);
  await target.reset();
  const apps: Record<Kind, number> = {
    plain: await bench.addApp('plain', target.url),
    reached: await bench.addApp('reached', target.url),
    careful: await bench.addApp('careful', target.url),
    counted: await bench.addApp('counted', target.url),
  };
  await setGuards(bench, apps.plain, NO_GUARDS);
  await setGuards(bench, apps.reached, NO_GUARDS);
  await setGuards(bench, apps.careful, DEFAULT_GUARDS);
  await setGuards(bench, apps.counted, COUNTED);
  await bench.startPumps({ judgeRollout: (appId) => watch.judge(appId) });
  const kinds = Object.keys(apps) as Kind[];
  for (const kind of kinds) await bench.untilQuiet(apps[kind]);
  for (const kind of kinds) if (kind !== 'plain') await rollOut(bench, ground, kind);
  for (const kind of kinds) await bench.untilQuiet(apps[kind]);

  const seconds: Record<Kind, number[]> = { plain: [], reached: [], careful: [], counted: [] };
  const spentUs: Record<Kind, number[]> = { plain: [], reached: [], careful: [], counted: [] };
  for (let round = -1; round < rounds; round += 1) {
    await bench.store.pool.query(`update directory_user set fields = fields || jsonb_build_object('Title', $1::text)`, [
      `Title ${round}`,
    ]);
    // Each in another place of the order each time.
    const order = kinds.map((_, n) => kinds[(n + round + kinds.length) % kinds.length] as Kind);
    for (const kind of order) {
      const before = readProcessorTime(dataDir);
      await bench.markApp(apps[kind]);
      const took = await bench.untilQuiet(apps[kind]);
      const { nodeUs, databaseUs } = since(before, dataDir);
      if (round < 0) continue;
      seconds[kind].push(took);
      spentUs[kind].push((nodeUs + databaseUs) / users);
    }
  }
  await bench.stopPumps();
  await watch.stop();
  const perSecond = (kind: Kind) => median(seconds[kind].map((took) => users / took));
  const rateRatio = (kind: Kind) => median(seconds[kind].map((took, n) => (seconds.plain[n] ?? took) / took));
  const costRatio = (kind: Kind) => median(spentUs[kind].map((us, n) => (spentUs.plain[n] ?? us) / us));
  return [
    { name: 'updates without rollout and guards', value: perSecond('plain'), unit: 'changes/s' },
    {
      ...{ name: 'updates in a rollout, without guards', value: perSecond('reached'), unit: 'changes/s' },
      ratio: rateRatio('reached'),
    },
    {
      ...{ name: 'processor time of an update in a rollout', value: median(spentUs.reached), unit: 'us' },
      ...{ ratio: costRatio('reached'), goal: 'ratio >= 0.95' },
    },
    {
      ...{ name: 'updates in a rollout, with the default guards', value: perSecond('careful'), unit: 'changes/s' },
      ...{ ratio: rateRatio('careful'), goal: 'ratio >= 0.95' },
    },
    {
      ...{ name: 'processor time of such an update', value: median(spentUs.careful), unit: 'us' },
      ...{ ratio: costRatio('careful'), goal: 'ratio >= 0.95' },
    },
    {
      ...{ name: 'updates that a threshold counts besides', value: perSecond('counted'), unit: 'changes/s' },
      ratio: rateRatio('counted'),
    },
    {
      ...{ name: 'processor time of an update that is counted', value: median(spentUs.counted), unit: 'us' },
      ratio: costRatio('counted'),
    },
  ];
}

async function setGuards({ ground }: Bench, appId: number, settings: GuardSettings): Promise<void> {
  await ground.pool.query(
    `insert into app_guards (app_id, document, updated_at, updated_by) values ($1, $2, now(), 'bench')`,
    [appId, JSON.stringify(settings)],
  );
  await ground.pool.query('update connected_app set revision = revision + 1 where id = $1', [appId]);
}

/** A second version that says the same, rolled out to everybody and still running. */
async function rollOut(bench: Bench, ground: ReturnType<typeof createRolloutGround>, app: string): Promise<void> {
  const command = { app, actor: ACTOR, checkRevision: () => {} };
  const configuration = CONFIGURATION_INPUT.parse({ mapping: MAPPING, correlation: { findBeforeCreate: false } });
  const { version } = await saveConfiguration(bench.ground, command, configuration, null);
  const pilot = { users: [], profiles: [], permissionSets: ['access'] };
  const { id } = await createRollout(ground, command, { version, pilot, percentages: [] });
  const given = { command: 'start', checkRevision: () => {}, override: 'A measurement' } as const;
  await commandRollout(ground, command, id, given);
}
