import type { Queryable } from '../../db/pool.ts';
import { statement } from '../../db/statement.ts';

/** How an app is presented to people and to the target's administrator. */
export interface Presentation {
  readonly contactName: string | null;
  readonly contactEmail: string | null;
  readonly contactPhone: string | null;
  readonly infoUrl: string | null;
  readonly logoType: string | null;
  /** Of the last change, the logo's included: who shows a logo asks anew after it. */
  readonly updatedAt: Date;
}

/** What a person enters. */
export type PresentationInput = Omit<Presentation, 'logoType' | 'updatedAt'>;

const COLUMNS = `contact_name as "contactName", contact_email as "contactEmail", contact_phone as "contactPhone",
     info_url as "infoUrl", logo_type as "logoType", updated_at as "updatedAt"`;
const FIND = statement<Presentation>('presentation-find', `select ${COLUMNS} from app_presentation where app_id = $1`);
const OF_APPS = statement<Presentation & { appId: number }>(
  'presentations-of-apps',
  `select app_id as "appId", ${COLUMNS} from app_presentation where app_id = any ($1)`,
);
const SAVE = statement(
  'presentation-save',
  `insert into app_presentation (app_id, contact_name, contact_email, contact_phone, info_url, updated_at)
   values ($1, $2, $3, $4, $5, $6)
   on conflict (app_id) do update set contact_name = excluded.contact_name, contact_email = excluded.contact_email,
     contact_phone = excluded.contact_phone, info_url = excluded.info_url, updated_at = excluded.updated_at`,
);
const SAVE_LOGO = statement(
  'presentation-save-logo',
  `insert into app_presentation (app_id, logo, logo_type, updated_at) values ($1, $2, $3, $4)
   on conflict (app_id) do update set logo = excluded.logo, logo_type = excluded.logo_type, updated_at = excluded.updated_at`,
);
const FIND_LOGO = statement<{ logo: Buffer; logoType: string }>(
  'presentation-logo',
  'select logo, logo_type as "logoType" from app_presentation where app_id = $1 and logo is not null',
);

export function findPresentation(db: Queryable, appId: number): Promise<Presentation | undefined> {
  return FIND.find(db, [appId]);
}

export async function findPresentations(db: Queryable, appIds: readonly number[]): Promise<Map<number, Presentation>> {
  const rows = await OF_APPS.rows(db, [appIds]);
  return new Map(rows.map(({ appId, ...presentation }) => [appId, presentation]));
}

export async function savePresentation(
  db: Queryable,
  appId: number,
  given: PresentationInput,
  now: Date,
): Promise<void> {
  const { contactName, contactEmail, contactPhone, infoUrl } = given;
  await SAVE.run(db, [appId, contactName, contactEmail, contactPhone, infoUrl, now]);
}

export async function saveLogo(
  db: Queryable,
  appId: number,
  logo: { bytes: Buffer; type: string } | null,
  now: Date,
): Promise<void> {
  await SAVE_LOGO.run(db, [appId, logo?.bytes ?? null, logo?.type ?? null, now]);
}

export function findLogo(db: Queryable, appId: number): Promise<{ logo: Buffer; logoType: string } | undefined> {
  return FIND_LOGO.find(db, [appId]);
}
