import * as openid from 'openid-client';
import { writeAudit } from '../audit/index.ts';
import { inTransaction, type PoolClient } from '../db/index.ts';
import { Refusal } from '../refusal.ts';
import type { GuardedFetch } from '../transport/index.ts';
import type { AccessGround, Visit } from './access-ground.ts';
import { checkProvider, type SignOnCheck } from './check-single-sign-on.ts';
import { type ClaimedPerson, chooseRole, parseClaims, type SignOnRules } from './claimed-person.ts';
import { assertAnotherAdministrator } from './manage-people.ts';
import { canSignIn, type Person } from './person.ts';
import type { Role } from './role.ts';
import { actorOf } from './session.ts';
import { beginAttempt, findAttemptOf, finishSignIn, type SignInStep } from './sign-in.ts';
import { findPersonOfIdentity, insertIdentity, noteIdentityUsed } from './sql/identities.ts';
import { findPerson, findPersonByEmail, insertPerson, lockPeople, updatePersonRow } from './sql/people.ts';
import { deleteSessionsOf } from './sql/sessions.ts';
import { takeAttempt } from './sql/sign-in.ts';

export interface SignOnSettings extends SignOnRules {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret?: string | undefined;
  readonly label: string;
  readonly scopes: readonly string[];
}

/** Sign-in by an OpenID provider of the organisation's. */
export interface SingleSignOn {
  readonly label: string;
  /** Where the browser goes; what it must come back with is bound to this browser. */
  begin(
    visit: Visit,
    returnTo: string,
    linkTo: string | undefined,
  ): Promise<{ redirectTo: string; attemptToken: string }>;
  /** `query` is that of the callback. */
  finish(visit: Visit, query: string): Promise<{ step: SignInStep; returnTo: string }>;
  /** Looks at the provider now; nobody is signed in. */
  test(): Promise<SignOnCheck[]>;
}

export const CALLBACK_PATH = '/api/v1/session/single-sign-on/callback';
const BY_SINGLE_SIGN_ON = 'single sign-on';
const METADATA_LASTS_MS = 3_600_000;

export function createSingleSignOn(ground: AccessGround, settings: SignOnSettings, fetch: GuardedFetch): SingleSignOn {
  let known: { configuration: openid.Configuration; atMs: number } | undefined;

  async function configurationOf(): Promise<openid.Configuration> {
    const nowMs = ground.clock.monotonicMs();
    if (known && nowMs - known.atMs < METADATA_LASTS_MS) return known.configuration;
    const configuration = await discover();
    known = { configuration, atMs: nowMs };
    return configuration;
  }

  /** The issuer's own document, which must name the very issuer that is configured (OpenID Connect Discovery 4.3). */
  async function discover(): Promise<openid.Configuration> {
    const issuer = new URL(settings.issuer);
    const secret = settings.clientSecret;
    return await openid.discovery(
      issuer,
      settings.clientId,
      undefined,
      secret === undefined ? openid.None() : openid.ClientSecretPost(secret),
      {
        [openid.customFetch]: fetch as unknown as openid.CustomFetch,
        // Whether plain http may be spoken is the network policy's to say, which the fetch obeys.
        execute: issuer.protocol === 'http:' ? [openid.allowInsecureRequests] : [],
      },
    );
  }

  return {
    test: () => checkProvider(discover, settings, fetch),
    label: settings.label,
    begin: async (visit, returnTo, linkTo) => {
      const configuration = await reach(ground, configurationOf());
      const verifier = openid.randomPKCECodeVerifier();
      const state = openid.randomState();
      const nonce = openid.randomNonce();
      const redirectUri = `${visit.origin}${CALLBACK_PATH}`;
      const url = openid.buildAuthorizationUrl(configuration, {
        redirect_uri: redirectUri,
        scope: ['openid', ...settings.scopes].join(' '),
        code_challenge: await openid.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
        state,
        nonce,
      });
      const payload = { purpose: 'single sign-on', verifier, state, nonce, returnTo, redirectUri };
      const attemptToken = await beginAttempt(ground, { personId: linkTo ?? null, payload });
      return { redirectTo: url.href, attemptToken };
    },
    finish: async (visit, query) => {
      const attempt = await findAttemptOf(ground, visit);
      const isOurs = attempt?.payload?.['purpose'] === 'single sign-on';
      const taken = attempt && isOurs ? await takeAttempt(ground.pool, attempt.hash) : undefined;
      if (!taken?.payload)
        throw new Refusal('unauthenticated', 'This sign-in has ended, or was begun in another browser.');
      const { verifier, state, nonce, returnTo, redirectUri } = taken.payload as Record<string, string>;
      const configuration = await reach(ground, configurationOf());
      const callback = new URL(`${redirectUri}?${query}`);
      const tokens = await openid
        .authorizationCodeGrant(configuration, callback, {
          pkceCodeVerifier: verifier ?? '',
          expectedState: state ?? '',
          expectedNonce: nonce ?? '',
          idTokenExpected: true,
        })
        .catch((error: unknown) => refuseAnswer(ground, error));
      const claims = await completeClaims(ground, configuration, tokens, settings);
      const claimed = parseClaims(claims, configuration.serverMetadata().issuer);
      const person = await admit(ground, visit, settings, claimed, taken.personId ?? undefined);
      return {
        step: await finishSignIn(ground, visit, person, 'single sign-on', undefined),
        returnTo: returnTo ?? '/',
      };
    },
  };
}

type Tokens = Awaited<ReturnType<typeof openid.authorizationCodeGrant>>;

/** What the ID token leaves out, such as a long list of groups, the user-info endpoint tells; of the same subject only. */
async function completeClaims(
  ground: AccessGround,
  configuration: openid.Configuration,
  tokens: Tokens,
  { roleClaim }: SignOnSettings,
): Promise<Record<string, unknown>> {
  const claims = tokens.claims();
  if (!claims) throw new Refusal('unauthenticated', 'The identity provider sent no ID token.');
  const wanted = ['email', 'email_verified', ...(roleClaim === undefined ? [] : [roleClaim])];
  if (wanted.every((name) => claims[name] !== undefined)) return claims;
  if (configuration.serverMetadata().userinfo_endpoint === undefined) return claims;
  const more = await openid
    .fetchUserInfo(configuration, tokens.access_token, claims.sub)
    .catch((error: unknown) => refuseAnswer(ground, error));
  return { ...more, ...claims };
}

/** Who it is here: the person with this very identity; else one that may be given it, or is made. */
async function admit(
  ground: AccessGround,
  visit: Visit,
  rules: SignOnRules,
  claimed: ClaimedPerson,
  linkTo: string | undefined,
): Promise<Person> {
  const now = ground.clock.now();
  return await inTransaction(ground.pool, async (db) => {
    await lockPeople(db);
    const knownId = await findPersonOfIdentity(db, claimed.issuer, claimed.subject);
    if (knownId !== undefined) {
      if (linkTo !== undefined && linkTo !== knownId) {
        throw new Refusal('conflict', 'This identity belongs to another person here already.');
      }
      await noteIdentityUsed(db, claimed.issuer, claimed.subject, now);
      return await updateRole(ground, db, visit, rules, claimed, await getEnabled(db, knownId));
    }
    const id = linkTo ?? (await findOrMake(ground, db, visit, rules, claimed));
    await insertIdentity(db, { issuer: claimed.issuer, subject: claimed.subject, personId: id }, now);
    const person = await getEnabled(db, id);
    const actor = { ...actorOf({ personId: id, email: person.email, role: person.role }, visit.address) };
    await writeAudit(db, now, { ...actor, userAgent: visit.userAgent, requestId: visit.requestId }, [
      {
        action: 'person.identity_linked',
        entityKind: 'person',
        entityId: id,
        after: { issuer: claimed.issuer, subject: claimed.subject },
      },
    ]);
    return person;
  });
}

async function getEnabled(db: PoolClient, id: string): Promise<Person> {
  const person = await findPerson(db, id);
  if (!person || person.disabledAt !== null)
    throw new Refusal('forbidden', 'You are disabled here. Ask an administrator.');
  return person;
}

/**
 * An address proves nothing by itself: it may be given to somebody else one day, and who sets it at the provider decides. It opens a
 * person's record only where an administrator invited that very address and nobody has come in by it yet.
 */
async function findOrMake(
  ground: AccessGround,
  db: PoolClient,
  visit: Visit,
  rules: SignOnRules,
  claimed: ClaimedPerson,
): Promise<string> {
  const { email, emailVerified, name } = claimed;
  if (email === undefined || !emailVerified) {
    throw new Refusal(
      'forbidden',
      'The identity provider does not vouch for an e-mail address of yours. Ask its administrators.',
    );
  }
  const same = await findPersonByEmail(db, email);
  if (same && !canSignIn(same) && same.disabledAt === null) return same.id;
  if (same) {
    throw new Refusal(
      'conflict',
      `There is a person with the address ${email} here already. Sign in as before, and add single sign-on there.`,
    );
  }
  const domain = email.slice(email.lastIndexOf('@') + 1).toLowerCase();
  if (rules.emailDomains.length > 0 && !rules.emailDomains.includes(domain)) {
    throw new Refusal('forbidden', `People of ${domain} are not let in here. Ask an administrator for an invitation.`);
  }
  const role = chooseRole(rules, claimed);
  if (role === undefined) {
    throw new Refusal(
      'forbidden',
      'Nothing that the identity provider says of you gives you a role here. Ask an administrator.',
    );
  }
  const now = ground.clock.now();
  const id = ground.clock.uuid();
  await insertPerson(db, { id, email, name: name ?? email, role, createdAt: now, createdBy: BY_SINGLE_SIGN_ON });
  const actor = { kind: 'system', name: 'single sign-on', origin: visit.address, requestId: visit.requestId } as const;
  await writeAudit(db, now, actor, [
    { action: 'person.created', entityKind: 'person', entityId: id, after: { email, name, role } },
  ]);
  return id;
}

/**
 * Whom the provider's claim brought in, each sign-in brings the present role; who has none any more is not let in. Whom an
 * administrator invited keeps the role that was given here.
 */
async function updateRole(
  ground: AccessGround,
  db: PoolClient,
  visit: Visit,
  rules: SignOnRules,
  claimed: ClaimedPerson,
  person: Person,
): Promise<Person> {
  if (rules.roleClaim === undefined || person.createdBy !== BY_SINGLE_SIGN_ON) return person;
  const role: Role | undefined = chooseRole(rules, claimed);
  if (role === person.role) return person;
  await assertAnotherAdministrator(db, person);
  if (role === undefined) {
    throw new Refusal('forbidden', 'Nothing that the identity provider says of you gives you a role here any more.');
  }
  const now = ground.clock.now();
  await updatePersonRow(db, { ...person, role }, now);
  await deleteSessionsOf(db, person.id);
  const actor = { kind: 'system', name: 'single sign-on', origin: visit.address, requestId: visit.requestId } as const;
  await writeAudit(db, now, actor, [
    {
      action: 'person.updated',
      entityKind: 'person',
      entityId: person.id,
      before: { role: person.role },
      after: { role },
    },
  ]);
  return { ...person, role };
}

async function reach<Result>(ground: AccessGround, work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (error) {
    ground.log.warn({ err: error }, 'The identity provider could not be used');
    throw new Refusal(
      'unavailable',
      'The identity provider cannot be reached, or is not the one that is configured. The log has the cause; sign in by password meanwhile.',
    );
  }
}

function refuseAnswer(ground: AccessGround, error: unknown): never {
  ground.log.warn({ err: error }, 'An answer of the identity provider was not accepted');
  const { error: code } = error as { error?: unknown };
  const why = typeof code === 'string' && /^[a-z_]{1,40}$/.test(code) ? ` (${code})` : '';
  throw new Refusal('unauthenticated', `The identity provider did not let you in, or its answer is not valid${why}.`);
}
