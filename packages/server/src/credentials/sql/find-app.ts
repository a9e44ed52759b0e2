import type { Queryable } from '../../db/pool.ts';
import { statement } from '../../db/statement.ts';
import type { CredentialApp } from '../credential-ground.ts';

interface Row extends CredentialApp {
  readonly state: string;
  readonly privateCa: string | null;
}

const FIND = statement<Row>(
  'credential-app',
  `select a.id, a.name, a.label, a.base_url as "baseUrl", a.state, c.document ->> 'privateCa' as "privateCa"
   from connected_app a
   left join app_configuration c on c.app_id = a.id and c.version = a.active_version
   where a.id = $1`,
);

/** What credentials need of an app. The private authority that signed the target's certificate may have signed its authorization server's. */
export function findCredentialApp(db: Queryable, appId: number): Promise<Row | undefined> {
  return FIND.find(db, [appId]);
}
