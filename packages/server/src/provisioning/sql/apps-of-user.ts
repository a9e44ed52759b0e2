import type { Queryable } from '../../db/pool.ts';
import { statement } from '../../db/statement.ts';

export interface AppOfUser {
  readonly id: number;
  readonly name: string;
  readonly label: string;
  /** Something is on record of this user there, or grants it. */
  readonly concerns: boolean;
  readonly contactName: string | null;
  readonly contactEmail: string | null;
  readonly contactPhone: string | null;
}

const APPS = statement<AppOfUser>(
  'apps-of-user',
  `select a.id, a.name, a.label,
     exists (select from account_link l where l.app_id = a.id and l.user_id = $1)
       or exists (select from link_schedule s where s.app_id = a.id and s.user_id = $1)
       or a.id in (select g.app_id from effective_grant g where g.user_id = $1 and (g.expires_at is null or g.expires_at > $2))
       as concerns,
     p.contact_name as "contactName", p.contact_email as "contactEmail", p.contact_phone as "contactPhone"
   from connected_app a left join app_presentation p on p.app_id = a.id order by lower(a.label), a.id`,
);

/** Every app, with whether it concerns the user. */
export function listAppsOfUser(db: Queryable, userId: string, now: Date): Promise<AppOfUser[]> {
  return APPS.rows(db, [userId, now]);
}
