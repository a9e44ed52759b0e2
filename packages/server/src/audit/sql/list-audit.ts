import { type Queryable, statement } from '../../db/index.ts';
import type { Actor } from '../audit-entry.ts';

export interface AuditRow {
  readonly id: number;
  readonly at: Date;
  readonly actorKind: Actor['kind'];
  readonly actor: string;
  readonly origin: string | null;
  readonly action: string;
  readonly entityKind: string;
  readonly entityId: string;
  /** The app's name; null also when the app is no longer here. */
  readonly app: string | null;
  readonly userId: string | null;
  readonly before: unknown;
  readonly after: unknown;
  readonly reason: string | null;
}

/** What the rows must have; all of it together. */
export interface AuditFilter {
  readonly action?: string | undefined;
  readonly actor?: string | undefined;
  readonly entityKind?: string | undefined;
  readonly entityId?: string | undefined;
  /** An app's name. */
  readonly app?: string | undefined;
  readonly userId?: string | undefined;
  readonly from?: Date | undefined;
  /** Exclusive. */
  readonly to?: Date | undefined;
}

const page = statement<AuditRow>(
  'list-audit',
  `select id, at, actor_kind as "actorKind", actor, origin, action, entity_kind as "entityKind", entity_id as "entityId",
     (select name from connected_app where id = app_id) as app, user_id as "userId", before, after, reason
   from audit_event
   where ($1::bigint is null or id < $1)
     and ($2::text is null or action = $2 or starts_with(action, $2 || '.'))
     and ($3::text is null or actor = $3)
     and ($4::text is null or entity_kind = $4)
     and ($5::text is null or entity_id = $5)
     and ($6::text is null or app_id = (select id from connected_app where lower(name) = lower($6)))
     and ($7::uuid is null or user_id = $7)
     and ($8::timestamptz is null or at >= $8)
     and ($9::timestamptz is null or at < $9)
   order by id desc
   limit $10`,
);

/** The newest first, older than the row `before`. */
export function listAudit(
  db: Queryable,
  filter: AuditFilter,
  before: number | undefined,
  limit: number,
): Promise<AuditRow[]> {
  const { action, actor, entityKind, entityId, app, userId, from, to } = filter;
  const wanted = [action, actor, entityKind, entityId, app, userId, from, to].map((value) => value ?? null);
  return page.rows(db, [before ?? null, ...wanted, limit]);
}
