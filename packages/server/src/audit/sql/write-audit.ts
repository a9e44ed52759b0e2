import type pg from 'pg';
import { copyRows, MANY_ROWS } from '../../db/copy.ts';
import { type Actor, type AuditEntry, findThrough } from '../audit-entry.ts';

const COLUMNS = `at, actor_kind, actor, origin, action, entity_kind, entity_id, app_id, user_id, before, after, reason,
  person_id, role, through, user_agent, request_id`;

/** Writes audit rows in the transaction of the change itself: no change without its row, no row without its change. */
export async function writeAudit(db: pg.ClientBase, now: Date, actor: Actor, entries: AuditEntry[]): Promise<void> {
  if (entries.length === 0) return;
  const { kind, name, origin, personId, role, userAgent, requestId, reason } = actor;
  const through = findThrough(actor);
  if (entries.length >= MANY_ROWS) {
    await copyRows(db, `audit_event (${COLUMNS})`, entries, (entry) => [
      ...[now, kind, name, origin, entry.action, entry.entityKind, entry.entityId, entry.appId, entry.userId],
      ...[
        toJson(entry.before),
        toJson(entry.after),
        entry.reason ?? reason,
        personId,
        role,
        through,
        userAgent,
        requestId,
      ],
    ]);
    return;
  }
  await db.query({
    name: 'write-audit',
    text: `insert into audit_event (${COLUMNS})
      select $1, $2, $3, $4, e.action, e."entityKind", e."entityId", e."appId", e."userId", e.before, e.after,
        coalesce(e.reason, $11), $6, $7, $8, $9, $10
      from json_to_recordset($5) as e (action text, "entityKind" text, "entityId" text, "appId" int, "userId" uuid,
        before json, after json, reason text)`,
    values: [
      now,
      kind,
      name,
      origin ?? null,
      JSON.stringify(entries),
      personId ?? null,
      role ?? null,
      through,
      userAgent ?? null,
      requestId ?? null,
      reason ?? null,
    ],
  });
}

function toJson(document: unknown): string | undefined {
  return document === undefined || document === null ? undefined : JSON.stringify(document);
}
