import { type AppCommand, changeApp, getApp, getVersion } from '../apps/index.ts';
import { type FieldProblem, Refusal } from '../refusal.ts';
import { DEFAULT_SETTINGS, type Rollout, type RolloutSettings } from './rollout.ts';
import type { RolloutGround } from './rollout-ground.ts';
import { findPilotNames } from './sql/pilot-names.ts';
import { deleteRollout, findRollout, insertRollout, lockRollout } from './sql/rollouts.ts';

/** What a new rollout is to be. Names are as people write them. */
export interface RolloutDraft {
  version: number;
  pilot: { users: string[]; profiles: string[]; permissionSets: string[] };
  /** Ascending shares of everyone, between the pilot and everyone; may be none. */
  percentages: number[];
  settings?: Partial<RolloutSettings> | undefined;
  note?: string | null | undefined;
}

/** Makes a rollout of a saved version. Nobody is reached before it is started. */
export async function createRollout(ground: RolloutGround, command: AppCommand, draft: RolloutDraft): Promise<Rollout> {
  const checked = await getApp(ground, command.app);
  await getVersion(ground, checked.id, checked.name, draft.version, 'version');
  assertPercentages(draft.percentages);
  return changeApp(ground, command, async ({ db, app, now, author, audit }) => {
    if (app.state !== 'draft' && app.rolloutId === null && app.activeVersion === draft.version) {
      throw new Refusal('conflict', `Version ${draft.version} serves everyone of ${app.name} already.`);
    }
    const names = await findPilotNames(db, draft.pilot);
    assertPilot(draft, names.unknown);
    const stages = [
      { kind: 'pilot' as const, percent: null },
      ...draft.percentages.map((percent) => ({ kind: 'percent' as const, percent })),
      { kind: 'everyone' as const, percent: null },
    ];
    const settings = { ...DEFAULT_SETTINGS, ...withoutBlanks(draft.settings ?? {}) };
    const made = {
      appId: app.id,
      version: draft.version,
      settings,
      note: draft.note ?? null,
      stages,
      pilot: names.ids,
    };
    const id = await insertRollout(db, made, now, author);
    const after = { rollout: id, version: draft.version, pilot: draft.pilot, percentages: draft.percentages, settings };
    await audit('rollout.created', { after });
    return getRow(await findRollout(db, id));
  });
}

function assertPercentages(percentages: readonly number[]): void {
  const wrong = percentages.findIndex((percent, index) => percent <= (percentages[index - 1] ?? 0) || percent >= 100);
  if (wrong < 0) return;
  const problem = 'must be above the one before, and between 0 and 100';
  const fix = 'Give rising shares, such as 10, 50: everyone comes after the last one by itself.';
  throw new Refusal('invalid_value', `percentages[${wrong}] ${problem}.`, [
    { field: `percentages[${wrong}]`, problem, fix },
  ]);
}

function assertPilot({ pilot }: RolloutDraft, unknown: readonly FieldProblem[]): void {
  if (unknown.length > 0) {
    const list = unknown.map(({ field, problem }) => `${field}: ${problem}`).join('; ');
    throw new Refusal('invalid_value', `The pilot names what there is not. ${list}`, [...unknown]);
  }
  if (pilot.users.length + pilot.profiles.length + pilot.permissionSets.length > 0) return;
  const problem = 'names nobody';
  const fix = 'Name users, profiles or permission sets: people who will tell you when something is wrong.';
  throw new Refusal('invalid_value', `pilot ${problem}.`, [{ field: 'pilot', problem, fix }]);
}

function withoutBlanks<T extends object>(given: T): Partial<T> {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as Partial<T>;
}

function getRow(rollout: Rollout | undefined): Rollout {
  if (!rollout) throw new Error('The rollout was written in this transaction');
  return rollout;
}

/** The rollout of an app with this id. */
export async function getRollout(
  { pool }: Pick<RolloutGround, 'pool'>,
  app: { id: number; name: string },
  id: number,
): Promise<Rollout> {
  const rollout = await findRollout(pool, id);
  if (rollout?.appId === app.id) return rollout;
  throw new Refusal('not_found', `${app.name} has no rollout ${id}.`, [
    {
      ...{ field: 'path.rollout', problem: 'does not exist', place: 'rollouts' },
      fix: `GET /api/v1/apps/${app.name}/rollouts lists them.`,
    },
  ]);
}

/** Takes a plan back that was never started: nobody was reached. */
export async function discardRollout(
  ground: RolloutGround,
  command: AppCommand,
  id: number,
  checkRevision: (rollout: Rollout) => void,
): Promise<void> {
  await getRollout(ground, await getApp(ground, command.app), id);
  await changeApp(ground, command, async ({ db, audit }) => {
    const rollout = await lockRollout(db, id);
    if (!rollout) return;
    checkRevision(rollout);
    if (rollout.state !== 'planned') {
      const fix = 'Stop it or roll it back; what it did stays on record.';
      throw new Refusal('conflict', `Rollout ${id} was started already (${rollout.state}). ${fix}`);
    }
    await deleteRollout(db, id);
    await audit('rollout.discarded', { before: { rollout: id, version: rollout.version, note: rollout.note } });
  });
}
