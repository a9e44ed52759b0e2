import type { Queryable } from '../db/pool.ts';
import type { LifePolicy } from './health.ts';
import { type ExpiringThing, listExpiries } from './sql/expiries.ts';
import { listForecastApps } from './sql/forecast-apps.ts';

/** What is to be expected of the credential of one app. */
export interface AppForecast {
  readonly app: string;
  readonly label: string;
  readonly appState: string;
  readonly kind: string | null;
  readonly grant: string | null;
  /** `missing`: there is none. */
  readonly state: 'live' | 'refused' | 'dead' | 'missing';
  readonly outlook: 'dead' | 'critical' | 'soon' | 'later' | 'kept alive' | 'no end known' | 'missing';
  readonly authorizedAt: Date | null;
  readonly ageSeconds: number | null;
  readonly lastUsedAt: Date | null;
  readonly keepAliveAt: Date | null;
  readonly policy: LifePolicy | null;
  readonly problem: string | null;
  readonly nextStep: string | null;
  readonly ownerWarning: string | null;
  /** Everything of it that ends by itself, the soonest first. */
  readonly ends: readonly {
    readonly what: ExpiringThing;
    readonly at: Date;
    readonly daysLeft: number;
    readonly why: string;
  }[];
}

const DAY_MS = 86_400_000;
const ORDER: AppForecast['outlook'][] = ['dead', 'critical', 'soon', 'missing', 'later', 'no end known', 'kept alive'];

/** The forecast over all apps, what needs a person first. */
export async function forecastCredentials(db: Queryable, now: Date): Promise<AppForecast[]> {
  const expiries = await listExpiries(db);
  const forecasts = (await listForecastApps(db)).map((row): AppForecast => {
    const mine = expiries.filter(({ appId }) => appId === row.appId);
    const ends = mine.map(({ what, expiresAt: at, why }) => ({
      what,
      at,
      why,
      daysLeft: Math.floor((at.getTime() - now.getTime()) / DAY_MS),
    }));
    const { appId: _, problem, policy, learned, owner, ...facts } = row;
    const state = row.state ?? 'missing';
    return {
      ...facts,
      state,
      ends,
      policy: policy ?? learned,
      ageSeconds: row.authorizedAt && Math.round((now.getTime() - row.authorizedAt.getTime()) / 1000),
      outlook: judge(state, mine.find(({ isPutOff }) => !isPutOff)?.expiresAt ?? null, row.keepAliveAt, now),
      problem: problem?.message ?? null,
      nextStep: problem?.nextStep ?? null,
      ownerWarning: owner?.personal ?? null,
    };
  });
  return forecasts.toSorted((a, b) => {
    const byOutlook = ORDER.indexOf(a.outlook) - ORDER.indexOf(b.outlook);
    const endOf = ({ ends }: AppForecast) => ends[0]?.at.getTime() ?? Number.POSITIVE_INFINITY;
    return byOutlook || Math.sign(endOf(a) - endOf(b)) || a.app.localeCompare(b.app);
  });
}

function judge(
  state: AppForecast['state'],
  endsAt: Date | null,
  keepAliveAt: Date | null,
  now: Date,
): AppForecast['outlook'] {
  if (state === 'missing') return 'missing';
  if (state !== 'live') return 'dead';
  if (!endsAt) return keepAliveAt ? 'kept alive' : 'no end known';
  const days = (endsAt.getTime() - now.getTime()) / DAY_MS;
  if (days <= 0) return 'dead';
  return days <= 3 ? 'critical' : days <= 30 ? 'soon' : 'later';
}
