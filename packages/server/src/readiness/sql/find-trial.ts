import { type Queryable, statement } from '../../db/index.ts';

/** The rollout that brings a version to people, as far as readiness asks. */
export interface Trial {
  id: number;
  state: string;
  /** How many users, profiles and permission sets its pilot names. */
  named: number;
  withoutRollout: string | null;
}

const TRIAL = statement<Trial>(
  'readiness-trial',
  `select r.id, r.state, r.without_rollout as "withoutRollout",
     (select count(*)::int from rollout_pilot p where p.rollout_id = r.id) as named
   from rollout r where r.app_id = $1 and r.version = $2 and r.state not in ('superseded', 'rolled back')
   order by r.id desc limit 1`,
);
const VERSION = statement<{ version: number }>(
  'readiness-version',
  `select coalesce(
     (select r.version from rollout r where r.app_id = a.id and r.state in ('planned', 'running', 'paused', 'halted', 'stopped')
      order by r.id desc limit 1),
     a.active_version) as version
   from connected_app a where a.id = $1`,
);

export function findTrial(db: Queryable, appId: number, version: number): Promise<Trial | undefined> {
  return TRIAL.find(db, [appId, version]);
}

/** The version that is being brought to people, or else the one in force. */
export async function findVersionInQuestion(db: Queryable, appId: number): Promise<number | null> {
  return (await VERSION.find(db, [appId]))?.version ?? null;
}
