import { type Queryable, statement } from '../../db/index.ts';

const MADE = statement<{ made: boolean }>(
  'directory-any-profile-made',
  `select exists (select from audit_event where entity_kind = 'profile') as made`,
);

/** Whether the audit tells of a profile, were it deleted since. */
export async function wasAnyProfileMade(db: Queryable): Promise<boolean> {
  return (await MADE.find(db, []))?.made ?? false;
}
