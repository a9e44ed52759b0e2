import type pg from 'pg';
import type { Actor, AuditEntry } from '../audit-entry.ts';

/** Writes audit rows in the transaction of the change itself: no change without its row, no row without its change. */
export async function writeAudit(db: pg.ClientBase, now: Date, actor: Actor, entries: AuditEntry[]): Promise<void> {
  if (entries.length === 0) return;
  await db.query({
    name: 'write-audit',
    text: `insert into audit_event
        (at, actor_kind, actor, origin, action, entity_kind, entity_id, app_id, user_id, before, after, reason)
      select $1, $2, $3, $4, e.action, e."entityKind", e."entityId", e."appId", e."userId", e.before, e.after, e.reason
      from json_to_recordset($5) as e (action text, "entityKind" text, "entityId" text, "appId" int, "userId" uuid,
        before json, after json, reason text)`,
    values: [now, actor.kind, actor.name, actor.origin ?? null, JSON.stringify(entries)],
  });
}
