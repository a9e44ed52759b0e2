import { Refusal } from '../refusal.ts';
import { describeStage, type Rollout } from './rollout.ts';
import type { RolloutGround } from './rollout-ground.ts';
import { findPlace, type PlaceRow } from './sql/progress.ts';
import { findRollout, loadPilot } from './sql/rollouts.ts';

/** Why a user is in the stage that they are in, or in none yet. */
export interface Place {
  rollout: number;
  /** The stage that reached the user; null: none has. */
  stage: number | null;
  /** Which version serves the user; null: none does yet. */
  version: number | null;
  since: Date | null;
  sentence: string;
  /** Where the hash of rollout and user puts them: the first share above it brings them in. Of 10,000. */
  bucket: number;
  /** The stage that will reach them, unless one has. */
  nextStage: number | null;
}

/** "Why is this user in this stage?" */
export async function explainPlace(
  ground: Pick<RolloutGround, 'pool' | 'clock'>,
  id: number,
  userId: string,
): Promise<Place> {
  const { pool, clock } = ground;
  const rollout = await findRollout(pool, id);
  const place = rollout && (await findPlace(pool, id, userId, clock.now()));
  if (!rollout || !place) throw new Refusal('not_found', 'The rollout or the user was deleted meanwhile.');
  const isReached = place.stage !== null && place.undone_at === null;
  const ended = rollout.state === 'completed';
  const nextStage = isReached ? null : findNextStage(rollout, place);
  return {
    rollout: id,
    stage: isReached ? place.stage : null,
    version: isReached || ended ? rollout.version : rollout.baseVersion,
    since: isReached ? place.at : null,
    sentence: isReached ? await describeReached(ground, rollout, place) : describeWaiting(rollout, place, nextStage),
    bucket: place.bucket,
    nextStage,
  };
}

/** The first stage that brings the user in. */
function findNextStage(rollout: Rollout, { pilot, bucket, concerned }: PlaceRow): number | null {
  if (!concerned) return null;
  const found = rollout.stages.find(({ kind, percent }) => {
    if (kind === 'pilot') return pilot.length > 0;
    return kind === 'everyone' || bucket < 100 * (percent ?? 0);
  });
  return found?.ordinal ?? null;
}

async function describeReached(
  { pool }: Pick<RolloutGround, 'pool'>,
  rollout: Rollout,
  place: PlaceRow,
): Promise<string> {
  const stage = rollout.stages[place.stage ?? 0];
  const name = stage ? describeStage(stage) : `stage ${place.stage}`;
  const because = place.because ?? '';
  const on = place.at?.toISOString();
  const sticky = 'who was reached stays so, whatever they leave since';
  if (because === 'everyone') return `Reached on ${on} with everyone`;
  if (because.startsWith('bucket')) {
    return `Reached on ${on} in ${name}: the user's share is ${place.bucket / 100} %, which is below ${stage?.percent} %`;
  }
  if (because.startsWith('taken over'))
    return `Reached on ${on}: rollout${because.slice(10)} had reached the user before`;
  const pilot = await loadPilot(pool, rollout.id);
  const named = (list: { id: number; name: string }[], id: string) => list.find((one) => String(one.id) === id)?.name;
  if (because === 'user') return `Reached on ${on} in ${name}, by name`;
  const [, kind = '', id = ''] = /^(profile|permission set) (\d+)$/.exec(because) ?? [];
  const what = named(kind === 'profile' ? pilot.profiles : pilot.permissionSets, id) ?? 'one that is gone';
  return `Reached on ${on} in ${name}, by the ${kind} ${what}; ${sticky}`;
}

function describeWaiting(rollout: Rollout, place: PlaceRow, nextStage: number | null): string {
  const serving =
    rollout.state === 'completed'
      ? `version ${rollout.version} serves everyone`
      : rollout.baseVersion === null
        ? 'no version serves the user yet'
        : `version ${rollout.baseVersion} serves the user`;
  if (!place.concerned) return 'The app does not concern the user: nothing grants it, and there is no account link';
  const undone = place.undone_at ? `Taken back on ${place.undone_at.toISOString()}: ` : 'Not reached: ';
  const stage = nextStage === null ? undefined : rollout.stages[nextStage];
  if (!stage || rollout.state === 'completed') return `${undone}${serving}`;
  const why =
    stage.kind === 'pilot'
      ? `in the pilot ${place.pilot.join(' and ')}`
      : `their share is ${place.bucket / 100} %, which ${describeStage(stage)} brings in`;
  return `${undone}${serving}; ${why}`;
}
