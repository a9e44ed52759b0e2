import type { Queryable } from '../../db/index.ts';
import type { Actor, Through } from '../audit-entry.ts';

export interface AuditRow {
  readonly id: number;
  readonly at: Date;
  readonly actorKind: Actor['kind'];
  readonly actor: string;
  readonly personId: string | null;
  readonly role: string | null;
  readonly through: Through | null;
  readonly origin: string | null;
  readonly userAgent: string | null;
  readonly requestId: string | null;
  readonly action: string;
  readonly entityKind: string;
  readonly entityId: string;
  /** The app's name; null also when the app is no longer here. */
  readonly app: string | null;
  readonly userId: string | null;
  /** As the user is called now. */
  readonly username: string | null;
  readonly before: unknown;
  readonly after: unknown;
  readonly reason: string | null;
}

/** What the rows must have; all of it together. */
export interface AuditFilter {
  /** Itself, or what it begins with up to a dot. */
  readonly action?: string | undefined;
  readonly actor?: string | undefined;
  readonly actorKind?: Actor['kind'] | undefined;
  readonly personId?: string | undefined;
  readonly role?: string | undefined;
  readonly through?: Through | undefined;
  readonly origin?: string | undefined;
  readonly entityKind?: string | undefined;
  readonly entityId?: string | undefined;
  /** An app's name. */
  readonly app?: string | undefined;
  readonly userId?: string | undefined;
  readonly requestId?: string | undefined;
  readonly from?: Date | undefined;
  /** Exclusive. */
  readonly to?: Date | undefined;
}

const COLUMNS = `id, at, actor_kind as "actorKind", actor, person_id as "personId", role, through, origin,
  user_agent as "userAgent", request_id as "requestId", action, entity_kind as "entityKind", entity_id as "entityId",
  (select name from connected_app where id = app_id) as app, user_id as "userId",
  (select username from directory_user where id = user_id) as username, before, after, reason`;

/** By filter, with ? for its value: only what is asked for is in the statement, so that an index can answer it. */
const CONDITIONS: Readonly<Record<keyof AuditFilter, string>> = {
  // In byte order, which the index is in, whatever the database's language: everything from "app." to before "app/".
  action: `(action = ? or (action ~>=~ (? || '.') and action ~<~ (? || '/')))`,
  actor: 'actor = ?',
  actorKind: 'actor_kind = ?',
  personId: 'person_id = ?::uuid',
  role: 'role = ?',
  through: 'through = ?',
  origin: 'origin = ?',
  entityKind: 'entity_kind = ?',
  entityId: 'entity_id = ?',
  app: 'app_id = (select id from connected_app where lower(name) = lower(?))',
  userId: 'user_id = ?::uuid',
  requestId: 'request_id = ?::uuid',
  from: 'at >= ?',
  to: 'at < ?',
};

/** The newest first, older than the row `before`. */
export async function listAudit(
  db: Queryable,
  filter: AuditFilter,
  before: number | undefined,
  limit: number,
): Promise<AuditRow[]> {
  const values: unknown[] = [limit];
  const add = (condition: string, value: unknown) => condition.replaceAll('?', `$${values.push(value)}`);
  const conditions = Object.entries(filter)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => add(CONDITIONS[name as keyof AuditFilter], value));
  if (before !== undefined) conditions.push(add('id < ?', before));
  const where = conditions.length === 0 ? '' : `where ${conditions.join(' and ')}`;
  const { rows } = await db.query<AuditRow>(
    `select ${COLUMNS} from audit_event ${where} order by id desc limit $1`,
    values,
  );
  return rows;
}
