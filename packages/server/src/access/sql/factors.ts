import { type Queryable, statement } from '../../db/index.ts';

export interface PasskeyRow {
  readonly id: string;
  readonly personId: string;
  readonly credentialId: string;
  readonly publicKey: Buffer;
  readonly counter: number;
  readonly transports: string[];
  readonly name: string;
  readonly backedUp: boolean;
  readonly createdAt: Date;
  readonly lastUsedAt: Date | null;
}

const PASSKEY = `id, person_id as "personId", credential_id as "credentialId", public_key as "publicKey", counter,
  transports, name, backed_up as "backedUp", created_at as "createdAt", last_used_at as "lastUsedAt"`;
const OF_PERSON = statement<PasskeyRow>(
  'passkeys-of-person',
  `select ${PASSKEY} from passkey where person_id = $1 order by id`,
);
const BY_CREDENTIAL = statement<PasskeyRow>(
  'passkey-by-credential',
  `select ${PASSKEY} from passkey where credential_id = $1`,
);
const INSERT = statement(
  'insert-passkey',
  `insert into passkey (id, person_id, credential_id, public_key, counter, transports, name, backed_up, created_at)
   values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
);
/* A counter that does not rise belongs to a copy of the passkey; those without a counter stay at 0. */
const USED = statement(
  'passkey-used',
  `update passkey set counter = $2, backed_up = $3, last_used_at = $4
   where id = $1 and (counter < $2 or (counter = 0 and $2 = 0))`,
);
const DELETE = statement('delete-passkey', 'delete from passkey where id = $1 and person_id = $2');
const TOTP = statement<{ sealed: string | null; confirmedAt: Date | null; lastStep: number }>(
  'totp-of-person',
  `select totp_sealed as sealed, totp_confirmed_at as "confirmedAt", totp_last_step as "lastStep" from person where id = $1`,
);
const SET_TOTP = statement(
  'set-totp',
  `update person set totp_sealed = $2, totp_confirmed_at = $3, totp_last_step = $4 where id = $1`,
);
const USE_STEP = statement(
  'use-totp-step',
  'update person set totp_last_step = $2 where id = $1 and totp_last_step < $2',
);
const REPLACE_CODES = statement(
  'replace-recovery-codes',
  `with old as (delete from recovery_code where person_id = $1)
   insert into recovery_code (person_id, hash) select $1, unnest($2::bytea[])`,
);
const USE_CODE = statement(
  'use-recovery-code',
  'update recovery_code set used_at = $3 where person_id = $1 and hash = $2 and used_at is null',
);
const DELETE_CODES = statement('delete-recovery-codes', 'delete from recovery_code where person_id = $1');
const DELETE_PASSKEYS = statement('delete-passkeys-of-person', 'delete from passkey where person_id = $1');

export function listPasskeys(db: Queryable, personId: string): Promise<PasskeyRow[]> {
  return OF_PERSON.rows(db, [personId]);
}

export function findPasskey(db: Queryable, credentialId: string): Promise<PasskeyRow | undefined> {
  return BY_CREDENTIAL.find(db, [credentialId]);
}

export async function insertPasskey(db: Queryable, passkey: Omit<PasskeyRow, 'lastUsedAt'>): Promise<void> {
  const { id, personId, credentialId, publicKey, counter, transports, name, backedUp, createdAt } = passkey;
  await INSERT.run(db, [id, personId, credentialId, publicKey, counter, transports, name, backedUp, createdAt]);
}

/** False when the counter says that a copy was used. */
export async function notePasskeyUsed(
  db: Queryable,
  id: string,
  use: { counter: number; backedUp: boolean; now: Date },
): Promise<boolean> {
  return (await USED.run(db, [id, use.counter, use.backedUp, use.now])) === 1;
}

export async function deletePasskey(db: Queryable, id: string, personId: string): Promise<boolean> {
  return (await DELETE.run(db, [id, personId])) === 1;
}

export async function findTotp(
  db: Queryable,
  personId: string,
): Promise<{ sealed: string | null; confirmedAt: Date | null; lastStep: number } | undefined> {
  return await TOTP.find(db, [personId]);
}

export async function setTotp(
  db: Queryable,
  personId: string,
  totp: { sealed: string | null; confirmedAt: Date | null; lastStep: number },
): Promise<void> {
  await SET_TOTP.run(db, [personId, totp.sealed, totp.confirmedAt, totp.lastStep]);
}

/** False when a code of this step, or of a later one, was used before. */
export async function useTotpStep(db: Queryable, personId: string, step: number): Promise<boolean> {
  return (await USE_STEP.run(db, [personId, step])) === 1;
}

export async function replaceRecoveryCodes(db: Queryable, personId: string, hashes: readonly Buffer[]): Promise<void> {
  await REPLACE_CODES.run(db, [personId, hashes]);
}

export async function useRecoveryCode(db: Queryable, personId: string, hash: Buffer, now: Date): Promise<boolean> {
  return (await USE_CODE.run(db, [personId, hash, now])) === 1;
}

/** TOTP, passkeys and recovery codes, for somebody who lost all of them. */
export async function deleteSecondFactors(db: Queryable, personId: string): Promise<void> {
  await SET_TOTP.run(db, [personId, null, null, 0]);
  await DELETE_PASSKEYS.run(db, [personId]);
  await DELETE_CODES.run(db, [personId]);
}
