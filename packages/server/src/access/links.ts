import { type Actor, writeAudit } from '../audit/index.ts';
import { inTransaction, type PoolClient } from '../db/index.ts';
import type { Ground } from '../ground.ts';
import { Refusal, refuseField } from '../refusal.ts';
import type { AccessGround, Visit } from './access-ground.ts';
import { checkPassword, hashPassword } from './password.ts';
import type { Role } from './role.ts';
import { actorOf } from './session.ts';
import { admitAttempt, continueAfterPassword, type SignInStep } from './sign-in.ts';
import {
  type AccessLink,
  countOpenLinks,
  endLinksOfKind,
  endLinksOfPerson,
  findLinkByHash,
  insertLink,
  type LinkKind,
  useLink,
} from './sql/links.ts';
import {
  countOtherAdministrators,
  findPerson,
  findPersonByEmail,
  insertPerson,
  lockPeople,
  setPasswordHash,
} from './sql/people.ts';
import { deleteSessionsOf } from './sql/sessions.ts';
import { deleteAttemptsOf } from './sql/sign-in.ts';
import { hashToken, isTokenText, makeToken } from './token.ts';

const HOUR_MS = 3_600_000;
const LASTS_MS: Record<Exclude<LinkKind, 'status'>, number> = {
  administrator: 24 * HOUR_MS,
  invitation: 7 * 24 * HOUR_MS,
  reset: 4 * HOUR_MS,
};
/** Where the console takes each kind. The token stands in the fragment, which browsers send to nobody. */
const PATHS: Record<LinkKind, string> = {
  administrator: '/first-run',
  invitation: '/join',
  reset: '/reset',
  status: '/status',
};

export interface MadeLink {
  /** From the address of Usher on, such as `/join#…`. Shown once: only the hash of its token is kept. */
  readonly path: string;
  readonly expiresAt: Date;
}

export async function makeLink(
  ground: Ground,
  db: PoolClient,
  actor: Actor,
  link: { kind: LinkKind; personId?: string; userId?: string; lastsMs?: number },
): Promise<MadeLink> {
  const now = ground.clock.now();
  const { kind, personId = null, userId = null } = link;
  const lastsMs = link.lastsMs ?? (kind === 'status' ? HOUR_MS : LASTS_MS[kind]);
  const token = makeToken();
  const expiresAt = new Date(now.getTime() + lastsMs);
  const id = ground.clock.uuid();
  const row = { id, kind, personId, userId, createdAt: now, createdBy: actor.name, expiresAt };
  await insertLink(db, row, hashToken(token));
  await writeAudit(db, now, actor, [
    {
      action: 'link.created',
      entityKind: 'link',
      entityId: id,
      userId: userId ?? undefined,
      after: { kind, personId: personId ?? undefined, expiresAt },
    },
  ]);
  return { path: `${PATHS[kind]}#${token}`, expiresAt };
}

/**
 * At a start: while nobody administers this Usher, a link that makes the first who does, unless one is out already. Its
 * token is shown once. Replicas that start together make one.
 */
export async function ensureFirstAdministratorLink(
  ground: Ground,
): Promise<{ needed: boolean; made?: MadeLink | undefined }> {
  const actor: Actor = { kind: 'system', name: 'start' };
  return await inTransaction(ground.pool, async (db) => {
    await lockPeople(db);
    if ((await countOtherAdministrators(db, undefined)) > 0) return { needed: false };
    if ((await countOpenLinks(db, 'administrator', ground.clock.now())) > 0) return { needed: true };
    return { needed: true, made: await makeLink(ground, db, actor, { kind: 'administrator' }) };
  });
}

/**
 * A new link that makes an administrator; one that was out before ends. For whoever can reach the database, who has
 * everything anyway: at the first start, and when no administrator can sign in any more.
 */
export async function makeAdministratorLink(ground: Ground, actor: Actor): Promise<MadeLink> {
  return await inTransaction(ground.pool, async (db) => {
    await lockPeople(db);
    await endLinksOfKind(db, 'administrator');
    return await makeLink(ground, db, actor, { kind: 'administrator' });
  });
}

export async function needsFirstAdministrator(ground: Ground): Promise<boolean> {
  return (await countOtherAdministrators(ground.pool, undefined)) === 0;
}

export interface LinkSummary {
  readonly kind: Exclude<LinkKind, 'status'>;
  readonly email: string | null;
  readonly name: string | null;
  readonly role: Role;
  readonly expiresAt: Date;
}

/** What a link is for, before it is used. */
export async function describeLink(ground: AccessGround, visit: Visit, token: string): Promise<LinkSummary> {
  const { link, kind } = await getLink(ground, visit, token);
  const person = link.personId === null ? undefined : await findPerson(ground.pool, link.personId);
  return {
    kind,
    email: person?.email ?? null,
    name: person?.name ?? null,
    role: person?.role ?? 'administrator',
    expiresAt: link.expiresAt,
  };
}

export interface LinkAnswer {
  readonly token: string;
  readonly password: string;
  readonly email?: string | undefined;
  readonly name?: string | undefined;
}

/** Uses a link, once: its person is there with a password afterwards, and goes on to the second factor. */
export async function acceptLink(ground: AccessGround, visit: Visit, answer: LinkAnswer): Promise<SignInStep> {
  const { link, kind } = await getLink(ground, visit, answer.token);
  const invited = link.personId === null ? undefined : await findPerson(ground.pool, link.personId);
  const email = invited?.email ?? answer.email;
  const name = answer.name ?? invited?.name;
  if (email === undefined) throw refuseField('invalid_request', 'email', 'is missing', 'Give your e-mail address.');
  if (name === undefined) throw refuseField('invalid_request', 'name', 'is missing', 'Give your name.');
  assertPassword(answer.password, [email.split('@')[0] ?? '', name]);
  const hash = await hashPassword(answer.password);
  const person = await inTransaction(ground.pool, async (db) => {
    await lockPeople(db);
    if (!(await useLink(db, link.id, ground.clock.now()))) throw refuseLink();
    const personId = invited?.id ?? (await insertAdministrator(ground, db, visit, { email, name }));
    await setPasswordHash(db, personId, hash, ground.clock.now());
    // Whoever held a session before the reset must not keep it.
    await deleteSessionsOf(db, personId);
    await deleteAttemptsOf(db, personId);
    await endLinksOfPerson(db, personId);
    const now = await findPerson(db, personId);
    if (!now) throw new Error(`The person ${personId} vanished under its lock`);
    const actor = { ...actorOf({ personId, email, role: now.role }, visit.address), userAgent: visit.userAgent };
    const action = kind === 'reset' ? 'person.password_reset' : 'person.joined';
    await writeAudit(db, ground.clock.now(), { ...actor, requestId: visit.requestId }, [
      { action, entityKind: 'person', entityId: personId, after: { link: link.id, role: now.role } },
    ]);
    return now;
  });
  return await continueAfterPassword(ground, visit, person);
}

async function insertAdministrator(
  ground: AccessGround,
  db: PoolClient,
  visit: Visit,
  { email, name }: { email: string; name: string },
): Promise<string> {
  if (await findPersonByEmail(db, email)) {
    throw refuseField('already_exists', 'email', 'is that of a person here', 'Give another address.');
  }
  const id = ground.clock.uuid();
  const now = ground.clock.now();
  await insertPerson(db, { id, email, name, role: 'administrator', createdAt: now, createdBy: 'one-time link' });
  const actor: Actor = { kind: 'system', name: 'one-time link', origin: visit.address, requestId: visit.requestId };
  await writeAudit(db, now, actor, [
    { action: 'person.created', entityKind: 'person', entityId: id, after: { email, name, role: 'administrator' } },
  ]);
  return id;
}

export function assertPassword(password: string, own: readonly string[], field = 'password'): void {
  const wrong = checkPassword(password, own);
  if (wrong) throw refuseField('invalid_value', field, wrong.problem, wrong.fix);
}

/** Guesses of tokens are counted as wrong passwords are. */
async function getLink(
  ground: AccessGround,
  visit: Visit,
  token: string,
): Promise<{ link: AccessLink; kind: Exclude<LinkKind, 'status'> }> {
  const link = isTokenText(token) ? await findLinkByHash(ground.pool, hashToken(token)) : undefined;
  if (!link || link.kind === 'status' || link.usedAt !== null || link.expiresAt <= ground.clock.now()) {
    await admitAttempt(ground, visit, 'link');
    throw refuseLink();
  }
  return { link, kind: link.kind };
}

function refuseLink(): Refusal {
  return new Refusal(
    'unauthenticated',
    'This link was used already, has expired, or was replaced by a newer one. Ask for another; the first administrator gets one by "usher admin-link".',
  );
}
