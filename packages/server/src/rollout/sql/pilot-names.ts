import { type Queryable, statement } from '../../db/index.ts';
import type { FieldProblem } from '../../refusal.ts';

const USERS = statement<{ asked: string; id: string | null }>(
  'pilot-users',
  `select n.asked, (
     select u.id from directory_user u
     where (lower(u.username) = lower(n.asked) or u.id::text = lower(n.asked)) and u.deleted_at is null limit 1) as id
   from unnest($1::text[]) n (asked)`,
);
const PROFILES = statement<{ asked: string; id: number | null }>(
  'pilot-profiles',
  `select n.asked, p.id from unnest($1::text[]) n (asked) left join profile p on lower(p.name) = lower(n.asked)`,
);
const PERMISSION_SETS = statement<{ asked: string; id: number | null }>(
  'pilot-permission-sets',
  `select n.asked, s.id from unnest($1::text[]) n (asked) left join permission_set s on lower(s.name) = lower(n.asked)`,
);

export interface PilotNames {
  ids: { userIds: string[]; profileIds: number[]; permissionSetIds: number[] };
  unknown: FieldProblem[];
}

/** Who is meant by the names of a pilot, and which names mean nobody. */
export async function findPilotNames(
  db: Queryable,
  pilot: { users: string[]; profiles: string[]; permissionSets: string[] },
): Promise<PilotNames> {
  const users = await USERS.rows(db, [pilot.users]);
  const profiles = await PROFILES.rows(db, [pilot.profiles]);
  const sets = await PERMISSION_SETS.rows(db, [pilot.permissionSets]);
  const unknown = [
    ...listUnknown('pilot.users', 'user', users),
    ...listUnknown('pilot.profiles', 'profile', profiles),
    ...listUnknown('pilot.permissionSets', 'permission set', sets),
  ];
  return { ids: { userIds: idsOf(users), profileIds: idsOf(profiles), permissionSetIds: idsOf(sets) }, unknown };
}

function idsOf<Id extends string | number>(rows: readonly { id: Id | null }[]): Id[] {
  return [...new Set(rows.flatMap(({ id }) => (id === null ? [] : [id])))];
}

function listUnknown(field: string, kind: string, rows: readonly { asked: string; id: unknown }[]): FieldProblem[] {
  return rows
    .filter(({ id }) => id === null)
    .map(({ asked }) => ({
      field,
      problem: `${JSON.stringify(asked.slice(0, 80))} is no ${kind}`,
      fix: `Correct the name, or create the ${kind} first.`,
    }));
}
