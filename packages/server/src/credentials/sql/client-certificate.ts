import type { Queryable } from '../../db/pool.ts';
import { statement } from '../../db/statement.ts';

/** The certificate that an app shows; its key is a sealed secret. */
export interface StoredCertificate {
  readonly certificate: string;
  readonly subject: string;
  readonly fingerprint: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
}

const FIND = statement<StoredCertificate>(
  'client-certificate-find',
  `select certificate, subject, fingerprint, not_before as "notBefore", not_after as "notAfter"
   from client_certificate where app_id = $1`,
);
const SAVE = statement(
  'client-certificate-save',
  `insert into client_certificate (app_id, certificate, subject, fingerprint, not_before, not_after, updated_at)
   values ($1, $2, $3, $4, $5, $6, $7)
   on conflict (app_id) do update set certificate = excluded.certificate, subject = excluded.subject,
     fingerprint = excluded.fingerprint, not_before = excluded.not_before, not_after = excluded.not_after,
     updated_at = excluded.updated_at`,
);
const OF_APPS = statement<{ appId: number }>(
  'client-certificates-of-apps',
  'select app_id as "appId" from client_certificate where app_id = any ($1)',
);
const DELETE = statement('client-certificate-delete', 'delete from client_certificate where app_id = $1');

export function findCertificate(db: Queryable, appId: number): Promise<StoredCertificate | undefined> {
  return FIND.find(db, [appId]);
}

/** Those of these apps that have one. */
export async function listAppsWithCertificate(db: Queryable, appIds: readonly number[]): Promise<Set<number>> {
  return new Set((await OF_APPS.rows(db, [appIds])).map(({ appId }) => appId));
}

export async function saveCertificate(db: Queryable, appId: number, row: StoredCertificate, now: Date): Promise<void> {
  const { certificate, subject, fingerprint, notBefore, notAfter } = row;
  await SAVE.run(db, [appId, certificate, subject, fingerprint, notBefore, notAfter, now]);
}

export async function deleteCertificate(db: Queryable, appId: number): Promise<boolean> {
  return (await DELETE.run(db, [appId])) === 1;
}
