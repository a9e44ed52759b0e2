import { type Queryable, statement } from '../../db/index.ts';
import type { Role } from '../role.ts';

export interface SessionRow {
  readonly id: string;
  readonly personId: string;
  readonly stage: 'enrolling' | 'full';
  readonly method: string;
  readonly createdAt: Date;
  readonly provedAt: Date;
  readonly lastSeenAt: Date;
  readonly expiresAt: Date;
  readonly address: string;
  readonly userAgent: string;
}

export interface SessionOfPerson extends SessionRow {
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  readonly disabledAt: Date | null;
}

const COLUMNS = `s.id, s.person_id as "personId", s.stage, s.method, s.created_at as "createdAt",
  s.proved_at as "provedAt", s.last_seen_at as "lastSeenAt", s.expires_at as "expiresAt", s.address,
  s.user_agent as "userAgent"`;
const PERSON = 'p.email, p.name, p.role, p.disabled_at as "disabledAt"';

const BY_HASH = statement<SessionOfPerson>(
  'find-session',
  `select ${COLUMNS}, ${PERSON} from session s join person p on p.id = s.person_id where s.token_hash = $1`,
);
const BY_ID = statement<SessionOfPerson>(
  'find-session-by-id',
  `select ${COLUMNS}, ${PERSON} from session s join person p on p.id = s.person_id where s.id = $1`,
);
const OF_PERSON = statement<SessionRow>(
  'sessions-of-person',
  `select ${COLUMNS} from session s where s.person_id = $1 and s.expires_at > $2 and s.last_seen_at > $3
   order by s.last_seen_at desc, s.id limit 200`,
);
const INSERT = statement(
  'insert-session',
  `insert into session (id, token_hash, person_id, stage, method, created_at, proved_at, last_seen_at, expires_at, address,
     user_agent)
   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
);
const SEEN = statement('session-seen', 'update session set last_seen_at = $2 where id = $1');
const DELETE = statement('delete-session', 'delete from session where id = $1 and person_id = $2');
const DELETE_OTHERS = statement(
  'delete-sessions-of-person',
  'delete from session where person_id = $1 and id is distinct from $2',
);
const DELETE_OLD = statement('delete-old-sessions', 'delete from session where expires_at <= $1 or last_seen_at <= $2');

export function findSessionByHash(db: Queryable, hash: Buffer): Promise<SessionOfPerson | undefined> {
  return BY_HASH.find(db, [hash]);
}

export function findSessionById(db: Queryable, id: string): Promise<SessionOfPerson | undefined> {
  return BY_ID.find(db, [id]);
}

export function listSessionsOf(db: Queryable, personId: string, now: Date, seenAfter: Date): Promise<SessionRow[]> {
  return OF_PERSON.rows(db, [personId, now, seenAfter]);
}

export async function insertSession(db: Queryable, session: SessionRow, tokenHash: Buffer): Promise<void> {
  const { id, personId, stage, method, createdAt, provedAt, lastSeenAt, expiresAt, address, userAgent } = session;
  await INSERT.run(db, [
    id,
    tokenHash,
    personId,
    stage,
    method,
    createdAt,
    provedAt,
    lastSeenAt,
    expiresAt,
    address,
    userAgent,
  ]);
}

export async function noteSessionSeen(db: Queryable, id: string, now: Date): Promise<void> {
  await SEEN.run(db, [id, now]);
}

/** Whether there was such a session of this person. */
export async function deleteSession(db: Queryable, id: string, personId: string): Promise<boolean> {
  return (await DELETE.run(db, [id, personId])) > 0;
}

/** All sessions of a person, but for one that is kept; gives how many there were. */
export async function deleteSessionsOf(db: Queryable, personId: string, kept?: string): Promise<number> {
  return await DELETE_OTHERS.run(db, [personId, kept ?? null]);
}

export async function deleteOldSessions(db: Queryable, now: Date, seenBefore: Date): Promise<void> {
  await DELETE_OLD.run(db, [now, seenBefore]);
}
