import type { Queryable } from '../../db/pool.ts';
import { statement } from '../../db/statement.ts';
import type { BehindAccount } from '../account-behind.ts';
import type { CredentialProblem, LifePolicy } from '../health.ts';

export interface ForecastApp {
  readonly appId: number;
  readonly app: string;
  readonly label: string;
  readonly appState: string;
  readonly kind: string | null;
  readonly grant: string | null;
  readonly state: 'live' | 'refused' | 'dead' | null;
  readonly authorizedAt: Date | null;
  readonly lastUsedAt: Date | null;
  readonly keepAliveAt: Date | null;
  readonly policy: LifePolicy | null;
  readonly learned: LifePolicy | null;
  readonly problem: CredentialProblem | null;
  readonly owner: BehindAccount | null;
}

const LIST = statement<ForecastApp>(
  'forecast-apps',
  `select a.id as "appId", a.name as app, a.label, a.state as "appState", h.kind, h.grant_type as grant, h.state,
     h.authorized_at as "authorizedAt", h.last_used_at as "lastUsedAt", h.keep_alive_at as "keepAliveAt", h.policy, h.learned,
     case when h.state = 'live' then null else h.problem end as problem, h.account as owner
   from connected_app a left join credential_health h on h.app_id = a.id order by lower(a.name)`,
);

/** Every app with the health of its credential. */
export function listForecastApps(db: Queryable): Promise<ForecastApp[]> {
  return LIST.rows(db);
}
