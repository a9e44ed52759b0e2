import {
  findPresentations,
  listAppsWithCertificate,
  listAppsWithOAuth,
  type Presentation,
} from '../credentials/index.ts';
import { originOf } from '../transport/index.ts';
import { getApp } from './app-change.ts';
import type { AppGround } from './app-ground.ts';
import type { ConnectedApp } from './connected-app.ts';
import { type AppCounts, countLinks } from './sql/count-links.ts';
import { listCredentials } from './sql/credentials.ts';
import { listApps } from './sql/load-apps.ts';

/** What may be shown of a credential. */
export interface ShownCredential {
  kind: string;
  origins: string[];
  enteredAt: Date;
  /** False: it was entered for another origin than the app's, and is not sent there. */
  isForBaseUrl: boolean;
}

export interface DescribedApp extends ConnectedApp {
  credential: ShownCredential | null;
  /** It has OAuth settings, whether or not anybody has authorized it. */
  hasOAuth: boolean;
  /** It has a certificate that it shows to its target (mutual TLS). */
  hasClientCertificate: boolean;
  presentation: Presentation | null;
  counts: AppCounts;
}

export async function describeApp(ground: AppGround, idOrName: string): Promise<DescribedApp> {
  const [described] = await describe(ground, [await getApp(ground, idOrName)]);
  if (!described) throw new Error('One app has one description');
  return described;
}

/** Every app, by name. */
export async function describeApps(ground: AppGround): Promise<DescribedApp[]> {
  return describe(ground, await listApps(ground.pool));
}

async function describe({ pool, clock }: AppGround, apps: ConnectedApp[]): Promise<DescribedApp[]> {
  const ids = apps.map(({ id }) => id);
  const counts = await countLinks(pool, ids, clock.now());
  const credentials = await listCredentials(pool, ids);
  const withOAuth = await listAppsWithOAuth(pool, ids);
  const presentations = await findPresentations(pool, ids);
  const withCertificate = await listAppsWithCertificate(pool, ids);
  return apps.map((app) => {
    const found = counts.get(app.id);
    if (!found) throw new Error(`App ${app.id} was not counted`);
    const credential = credentials.get(app.id);
    return {
      ...app,
      credential: credential
        ? { ...credential, isForBaseUrl: credential.origins.includes(originOf(app.baseUrl)) }
        : null,
      hasOAuth: withOAuth.has(app.id),
      hasClientCertificate: withCertificate.has(app.id),
      presentation: presentations.get(app.id) ?? null,
      counts: found,
    };
  });
}
